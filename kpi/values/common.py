"""The commonest form, one number between strings that repeat: ``≥90%``, ``不超过26万元``, ``=18万元/个``.

Four fields of five hold nothing else. The productions of the grammar read what stands before and after the number
once, and the answer is kept by that string; only the number itself is new each time. Whatever the two strings leave
unexplained (dates, ranges, labels, changes) is left to the full grammar, so both ways give the same value.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import regex
from pydantic import TypeAdapter

from kpi.schema import Operator, Quantity
from kpi.values import operators, quantities
from kpi.values.exact import EXACT, trimmed
from kpi.values.quantities import Amount, Measure
from kpi.values.readings import NOWHERE, Surroundings

# A lone number needs its neighbours, 年 月 日 号 季 after a number or eight digits may make a date: not for here.
_FORM = regex.compile(
    r" *(?P<before>[^\d\s]{0,8})"
    r"(?P<number>(?!20[0-4]\d[01]\d[0-3]\d\D)\d{1,20}(?:\.\d{1,20})?)"
    r"(?P<after>(?! *[年月日号季.:])[^\d]{1,12})"
)
_NO_BEFORE = operators.Before("=", 0)
_ONE = Decimal(1)


_validated = TypeAdapter(Quantity).validate_python  # half the cost of the constructor


class _After(NamedTuple):
    """What stands behind the number: its amount at magnitude one, how to count it, and the operator word."""

    amount: Amount
    measure: Measure
    operator: Operator | None


@lru_cache(maxsize=4096)
def _before(text: str) -> operators.Before | None:
    """The operator that ``text`` spells and nothing besides; ``_NO_BEFORE`` for the empty string."""
    if not text:
        return _NO_BEFORE
    found = operators.read_before(text, 0)
    return found if found and found.end == len(text) else None


@lru_cache(maxsize=4096)
def _after(text: str) -> _After | None:
    """Unit, rate and operator word that ``text`` spells and nothing besides."""
    found = quantities.read_amount("1" + text, 0)
    if found is None or found.unit is None or found.magnitude != _ONE:
        return None
    word = operators.read_after(text, found.end - 1)
    end = word[1] if word else found.end - 1
    if end != len(text):
        return None
    return _After(found, quantities.measure(found, NOWHERE), word[0] if word else None)


def read(text: str, raw: str, around: Surroundings) -> Quantity | None:
    """The value of ``raw`` (``text``: the same, folded) where it is of the common form, else ``None``."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    before, tail = _before(found["before"]), _after(found["after"])
    if before is None or tail is None:
        return None
    amount, counted = tail.amount, tail.measure
    magnitude = Decimal(found["number"])
    if around.unit:
        counted = quantities.measure(amount._replace(magnitude=magnitude), around)
    operator, written, notes = quantities.decide(None if before is _NO_BEFORE else before, tail.operator, amount.more)
    base = magnitude if counted.factor == _ONE else EXACT.multiply(magnitude, counted.factor)
    return _validated(
        {
            "raw": raw,
            "span": (found.start("before"), found.end("after")),
            "notes": (*amount.notes, *counted.notes, *notes),
            "operator": operator,
            "operator_written": written,
            "magnitude": magnitude,
            "unit": counted.unit,
            "per": counted.per,
            "dimension": counted.dimension,
            "base_magnitude": trimmed(base),
            "base_unit": counted.base_unit,
        }
    )
