"""First tiers that stand in the middle of their rows, as merged cells that are centred vertically are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.tables import vocabulary

_CHILDREN = {
    "产出指标": frozenset({"数量指标", "质量指标", "时效指标", "成本指标"}),
    "成本指标": frozenset({"成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标"}),
    "效益指标": frozenset({"经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"}),
    "满意度指标": frozenset({"服务对象满意度指标"}),
}


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
    upper, lower = _CHILDREN.get(above, frozenset()), _CHILDREN.get(here, frozenset())
    top = None
    for at in range(len(seconds) - 1, -1, -1):
        if not seconds[at]:
            continue
        if seconds[at] in upper or seconds[at] not in lower:
            break
        top = at
    return top
