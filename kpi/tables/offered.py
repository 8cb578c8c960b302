"""Several columns, or several cells, that offer a value for one indicator: which is read, and which is left over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from kpi.schema import DateValue
from kpi.tables import vocabulary
from kpi.tables.fit import sort_of
from kpi.values import parse_value, units


class Offer(NamedTuple):
    """A column that may hold ``field`` (the value, or what was reached), by its heading; ``rank`` as in ``Claim``."""

    field: str
    at: int
    text: str
    rank: int = 0

    @property
    def unit(self) -> str | None:
        """The unit in the heading's brackets that the registry knows: 指标值（%）."""
        found = _IN_BRACKETS.search(vocabulary.plain(self.text))
        return found[1] if found and units.whole(found[1]) else None


_IN_BRACKETS = regex.compile(r"\(([^()]{1,8})\)$")


def chosen(offers: Sequence[Offer], year: int | None) -> Offer:
    """The offer to read: that of the fiscal ``year``, else one that speaks of no other year, else the last year's.

    Of several the one for the whole year or after a change counts (全年, 调整后), else the first.
    """
    years = [vocabulary.year_of_heading(offer.text) for offer in offers]
    of = next((wanted for wanted in (year, None) if wanted in years), years[-1])
    among = [offer for offer, written in zip(offers, years, strict=True) if written == of]
    for word in vocabulary.preferred_periods():
        if found := next((offer for offer in among if word in offer.text), None):
            return found
    return among[0]


_COMPLETE = frozenset({"figure", "number", "told"})  # words may go on: 较上年 | 提高 | 5%
_BEFORE = frozenset({"operator", "nature"})
_GOES_ON = regex.compile(r"[-–—~～至到.,，]")  # of a range, or of a number that was torn apart


def joined(parts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """One value of the cells under its heading, and the values that are left over.

    The parts of one value are joined (≥ | 90 | %); where two are complete by themselves the first one counts.
    """
    if len(parts) < 2:
        return "".join(parts), ()
    kinds = [sort_of(part).kind for part in parts]
    complete = [n for n, kind in enumerate(kinds) if kind in _COMPLETE]
    whole = "".join(parts)
    if len(complete) < 2 or any(map(_GOES_ON.match, parts[1:])) or isinstance(parse_value(whole), DateValue):
        return whole, ()
    second = complete[1]
    while second > complete[0] + 1 and kinds[second - 1] in _BEFORE:
        second -= 1
    read, rest = "".join(parts[:second]), "".join(parts[second:])
    return read, () if read == rest else (rest,)
