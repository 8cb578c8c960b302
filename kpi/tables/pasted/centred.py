"""First tiers that stand in the middle of their rows, as merged cells that are centred vertically are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.tables import vocabulary


def lifts(tiers: Sequence[tuple[str, str]]) -> Mapping[int, int]:
    """The rows at which a first tier is printed → the rows at which it begins, where that is another one.

    ``tiers`` are the texts of first and second tier of all rows. A row above the printed first tier is its own where
    its second tier cannot belong to the one before.
    """
    found: dict[int, int] = {}
    above, begin = "", 0  # the first tier before, and the row behind the one at which it is printed
    for at, (first, _) in enumerate(tiers):
        if not first:
            continue
        here = vocabulary.tier1(first) or ""
        top = _top([vocabulary.tier2(second) or "" for _, second in tiers[begin:at]], above, here)
        if top is not None:
            found[at] = begin + top
        above, begin = here, at + 1
    return found


def _top(seconds: Sequence[str], above: str, here: str) -> int | None:
    """The first row between two first tiers from which on all second tiers belong to the lower one alone."""
    upper, lower = vocabulary.children(above), vocabulary.children(here)
    top = None
    for at in range(len(seconds) - 1, -1, -1):
        if not seconds[at]:
            continue
        if seconds[at] in upper or seconds[at] not in lower:
            break
        top = at
    return top
