"""REL002."""

from functools import lru_cache

from kpi.rules import suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import about
from kpi.rules.relevance.wordings import any_of, words
from kpi.schema import Indicator, Project, Quantity

_COSTS = ("成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标")
_RESULTS = ("产出指标", "效益指标")
_MOST_CHARS = 40


@lru_cache(maxsize=50_000)
def _is_put_in(name: str, *, is_cost: bool, is_resource: bool) -> bool:
    if not name or len(name) > _MOST_CHARS:
        return False
    named = (
        any_of("input.put_in").search(name)
        or (name.startswith("投入") and (is_resource or name.endswith(words("input.things"))))
        or (not is_cost and name.endswith(words("input.amounts")))
    )
    return bool(named) and not any_of("input.not_input").search(name)


@indicator_rule("REL002", "input-as-output", severity="warning", opinion="与项目相关性不够", certainty="likely")
def input_as_output(indicator: Indicator, project: Project) -> Fault | None:
    """把投入的资金、人力、物力当作产出。

    ## 检查什么
    产出、效益指标的名称是财政投入、资金总额、投入人力、投入设备一类的投入。
    写明上限（≤）的成本指标是成本控制，不报；投入使用、投入产出比、带动社会投入等不是投入。

    ## 为什么重要
    投入是项目花掉的东西，产出是项目做成的东西。把投入列为产出，花得越多“完成”得越好。

    ## 反例
    - 数量指标 | 投入资金 | 50万元
    - 成本指标 | 财政投入水平 | 11万元
    - 数量指标 | 投入人力 | ≥20人

    ## 正例
    - 数量指标 | 新建充电桩投入使用数量 | ≥20个
    - 成本指标 | 财政投入金额 | ≤50万元
    - 经济效益指标 | 带动社会资金投入 | ≥500万元

    ## 依据
    财预〔2021〕101号：产出指标反映预期提供的公共产品和服务。投入的资金、人力、物力不是产出，是通行做法。
    """
    if indicator.tier1 not in _RESULTS and (indicator.tier1 or indicator.tier2 not in ("数量指标", "质量指标")):
        return None
    is_cost = indicator.tier2 in _COSTS
    value = indicator.value
    is_resource = isinstance(value, Quantity) and (value.dimension == "money" or value.base_unit == "人")
    if not _is_put_in(about(indicator.name).plain, is_cost=is_cost, is_resource=is_resource):
        return None
    if isinstance(value, Quantity) and (
        (is_cost and value.operator in ("<=", "<")) or (not is_cost and value.dimension == "ratio")
    ):
        return None
    instead = (
        f"改为成本控制目标，如“项目总成本{suggest.ceiling(project)}”"
        if is_cost
        else f"改为项目做成的事，{suggest.measurable(indicator, project)}"
    )
    return Fault(
        f"“{indicator.name}”是项目的投入，不是产出。",
        f"{instead}；投入的资金在预算中反映。",
        evidence(指标=indicator.name, 二级指标=indicator.tier2_text, 指标值=indicator.raw_value.strip() or None),
    )
