"""STR009."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from kpi.rules import facts, names
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import DateValue, Extraction, Indicator, Project, Quantity, Value

_MARKS = re.compile(r"[\s，,。；;：:、（）()]+")
_SHORTEST = 2


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
    rows: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for i, row in enumerate(project.indicators):
        name = _plain(names.about(row.name).plain)
        if len(name) >= _SHORTEST and name not in filing.words("standard", "second") and not facts.is_empty(row.value):
            rows[row.horizon, row.place, name, _plain(row.description or "").replace(name, "")].append(i)
    for same in rows.values():
        for j, i in pairwise(same):
            if fault := _compared(project.indicators[j], project.indicators[i], alone=len(same) == 2):
                yield fault._replace(indicator=i)


def _compared(first: Indicator, second: Indicator, *, alone: bool) -> Fault | None:
    """What is wrong with two rows of one name; where they are not ``alone``, another column may tell them apart."""
    said = (first.raw_value.strip(), second.raw_value.strip())
    compared = evidence(
        指标=second.name,
        前一行=f"{first.tier2_text or first.tier1_text or ''} {said[0]}".strip(),
        本行=f"{second.tier2_text or second.tier1_text or ''} {said[1]}".strip(),
    )
    if _plain(said[0]) == _plain(said[1]):
        return Fault(
            f"指标“{second.name}”重复填列，值都是“{said[1]}”。", "只保留一行，放在最合适的二级指标下。", compared
        )
    alike = alone and (first.tier1, first.tier2) == (second.tier1, second.tier2)
    if alike and _contradict(first.value, second.value):
        return Fault(
            f"指标“{second.name}”填了两次，值“{said[0]}”与“{said[1]}”不一致。",
            "核实后只保留一个值；指的不是同一件事的，在名称中写明区别。",
            compared,
            "likely",
        )
    return None


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
