"""STR009."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kpi.rules import facts, names
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Certainty, DateValue, Evidence, Extraction, Indicator, Project, Quantity, Value
from kpi.values import units

_MARKS = re.compile(r"[\s，,。；;：:、（）()]+")
_SHORTEST = 2
_ANY_BRACKET = re.compile(r"[（(]")
_IN_BRACKETS = re.compile(r"[（(]([^（()）]{1,40})[)）]")
_MOST_CHARS = 400


@project_rule("STR009", "duplicate-indicator", severity="warning", opinion="其他")
def duplicate_indicator(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """同一个项目里，同一个指标填了两次。

    ## 检查什么
    名称和描述都相同的两行：值也相同的是重复；在同一个二级指标下、值却不同的（≥100人与≥200人）是互相矛盾。提在后一行。
    总目标与年度目标并列、分地区并列的表，只在同一列内比较；一个下限、一个上限的两行不算矛盾。

    ## 为什么重要
    重复的指标多占权重，矛盾的指标不知该按哪个考核。

    ## 反例
    - 数量指标和社会效益指标下都列“满足患者用药需求 100%”。
    - 数量指标下列了两行“培训人次”，一行≥100人次，一行≥200人次。

    ## 正例
    - 两行“培训人次”的描述分别写明“乡级”和“村级”。
    - 数量指标下“新建泵站 2座”，成本指标下“新建泵站 ≤80万元”。

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确；财预〔2021〕101号：指标应当精简、不重复。
    """
    named: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(project.indicators):
        named[_name(row.name)].append(i)
    common = filing.words("standard", "second")
    for name, same in named.items():
        if len(same) > 1 and len(name) >= _SHORTEST and name not in common:
            for alike in _told_apart(project.indicators, name, same):
                yield from _compared(project.indicators, alike)


@lru_cache(maxsize=20_000)
def _name(name: str | None) -> str:
    return _plain(names.about(name).plain)


def _told_apart(rows: tuple[Indicator, ...], name: str, same: list[int]) -> Iterable[list[int]]:
    """Of rows of one name those that speak of the same things; empty ones are left out."""
    found: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for i in same:
        row = rows[i]
        if not facts.is_empty(row.value):
            said = _plain(row.description or "").replace(name, "")
            found[row.horizon, row.place, *_of_which(row.name or ""), said].append(i)
    return found.values()


def _of_which(name: str) -> tuple[str, ...]:
    """What brackets in a name say of which things it speaks (培训人次（乡级））; a unit says nothing of it."""
    if not _ANY_BRACKET.search(name):
        return ()
    return tuple(text for text in map(_plain, _IN_BRACKETS.findall(name[:_MOST_CHARS])) if not units.whole(text))


def _compared(rows: tuple[Indicator, ...], same: list[int]) -> Iterator[Fault]:
    """What is wrong with rows of one name. Where they are more than two with several values, another column may tell
    them apart: they contradict nothing, and a value that comes back is likely to be a repeat only.
    """
    first_with: dict[str, int] = {}
    repeats: list[tuple[int, int]] = []
    for i in same:
        before = first_with.setdefault(_plain(rows[i].raw_value), i)
        if before != i:
            repeats.append((before, i))
    certainty: Certainty | None = "likely" if len(first_with) > 1 else None
    for before, i in repeats:
        yield _repeated(rows[before], rows[i])._replace(indicator=i, certainty=certainty)
    if len(first_with) > 1 and len(same) == 2 and (fault := _contradicting(rows[same[0]], rows[same[1]])):
        yield fault._replace(indicator=same[1])


def _repeated(first: Indicator, second: Indicator) -> Fault:
    return Fault(
        f"指标“{second.name}”重复填列，值都是“{second.raw_value.strip()}”。",
        "只保留一行，放在最合适的二级指标下。",
        _both(first, second),
    )


def _both(first: Indicator, second: Indicator) -> tuple[Evidence, ...]:
    said = (first.raw_value.strip(), second.raw_value.strip())
    return evidence(
        指标=second.name,
        前一行=f"{first.tier2_text or first.tier1_text or ''} {said[0]}".strip(),
        本行=f"{second.tier2_text or second.tier1_text or ''} {said[1]}".strip(),
    )


def _contradicting(first: Indicator, second: Indicator) -> Fault | None:
    if (first.tier1, first.tier2) != (second.tier1, second.tier2) or not _contradict(first.value, second.value):
        return None
    return Fault(
        f"指标“{second.name}”填了两次，值“{first.raw_value.strip()}”与“{second.raw_value.strip()}”不一致。",
        "核实后只保留一个值；指的不是同一件事的，在名称中写明区别。",
        _both(first, second),
        "likely",
    )


def _contradict(first: Value, second: Value) -> bool:
    """Whether two values bind the same thing from the same side, differently."""
    match first, second:
        case Quantity(), Quantity():
            same = (first.dimension, first.base_unit, first.per, first.operator) == (
                second.dimension, second.base_unit, second.per, second.operator,
            )  # fmt: skip
            return same and first.base_magnitude != second.base_magnitude
        case DateValue(), DateValue():
            return first.operator == second.operator == "<=" and first.end != second.end
    return False


def _plain(text: str) -> str:
    return _MARKS.sub("", text)
