"""REL001."""

import re
from functools import cache, lru_cache

from kpi.rules import suggest
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.names import about
from kpi.rules.relevance.wordings import any_of, words
from kpi.schema import Certainty, Indicator, Project

_RESULTS = ("产出指标", "效益指标")
_SECONDS = ("数量指标", "质量指标", "时效指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")
_MOST_CHARS = 200  # longer texts tell of more than one thing
_LONGER_THAN_A_FIGURE = 6


@cache
def _money() -> re.Pattern[str]:
    """Any word without which a name says nothing of money."""
    lists = ("nouns", "certain", "whole", "proper")
    return re.compile("|".join(any_of(f"money.{name}").pattern for name in lists))


@cache
def _rate() -> re.Pattern[str]:
    """A rate of what is done with money: 资金到位率, 服务经费足额拨付率, 资金支付及时率."""
    nouns, acts = any_of("money.nouns").pattern, any_of("money.acts").pattern
    return re.compile(
        f"(?:(?:{nouns})[^，。；、]{{0,8}}(?:{acts})的?(?:进度|计划|任务)?(?:完成|达标|执行|足额|及时|按时|按期|准时|到位|完成及时)?"
        f"|(?:{acts})(?:{nouns})(?:及时|按时|完成)?)(?:率|性|程度|比例|比率)$"
    )


@cache
def _spent() -> re.Pattern[str]:
    """A description that speaks of spending: 经费使用的完成率, 经费支出的比例, 全年支出计划."""
    return re.compile(
        f"(?:{any_of('money.nouns').pattern})[^，。；]{{0,6}}(?:使用|支出|支付|拨付|执行)的?(?:完成|比例|比率|进度)"
        "|支出进度|支付进度|支出计划|用款计划|(?:拨付|支付)(?:项目)?资金|资金(?:拨付|支付)"
    )


@cache
def _came() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of('money.nouns').pattern})[^，。；]{{0,6}}(?:到位|拨付|支付|下达)")


@lru_cache(maxsize=50_000)
def _managed(name: str) -> Certainty | None:
    """How certain it is that a name speaks of the management of money."""
    if len(name) > _MOST_CHARS or not _money().search(name):
        return None
    if name in words("money.whole") or any_of("money.certain").search(name):
        return "certain"
    if any_of("money.others").search(name):
        return None
    if any_of("money.proper").search(name):
        return "judge"
    if not (money := any_of("money.nouns").search(name)):
        return None
    if any(word in name[money.end() :] for word in words("money.proper_of_money")):
        return "judge" if name.endswith(("率", "性", "程度", "规范", "合规", "合法")) else None
    if not _rate().search(name):
        return None
    return "judge" if any_of("money.timely").search(name) else "certain"


def _told(row: Indicator) -> Certainty | None:
    """What a description or a wording of the value tells, where the name does not."""
    name, description = about(row.name).plain, row.description or ""
    if name in words("money.general") and len(description) <= _MOST_CHARS and _spent().search(description):
        return None if any_of("money.others").search(description) else "judge"
    raw = row.value.raw
    if not _LONGER_THAN_A_FIGURE < len(raw) <= _MOST_CHARS or row.value.kind not in ("quantity", "compound"):
        return None
    if _came().search(raw) and any_of("money.nouns").search(name) and not any_of("money.others").search(raw):
        return "likely"
    return None


@indicator_rule("REL001", "money-management-as-result", severity="warning", opinion="与项目相关性不够")
def money_management_as_result(indicator: Indicator, project: Project) -> Fault | None:
    """把资金到位率、支出率一类的资金管理情况当作产出或效益。

    ## 检查什么
    产出、效益指标的名称说的是预算资金的到位、下达、拨付、支出、执行、结余，而不是资金办成的事。
    支付及时率、专款专用率、合规性、政府采购率，以及名称只写“完成率”而描述说的是支出进度的，请人工判断。
    补助、工资、养老金等发放到人的指标是产出，不在此列；以管理资金为本职的项目也不报。

    ## 为什么重要
    钱花出去不等于事办成。预算执行率在评价时单独占 10 分，再列为产出，等于重复计分，也看不出项目做了什么。

    ## 反例
    - 数量指标 | 预算执行率 | ≥95%
    - 质量指标 | 资金到位率 | 100%
    - 质量指标 | 经费足额拨付率 | ≥95%
    - 时效指标 | 资金支付及时率 | ≥90%
    - 质量指标 | 专款专用率 | 100%

    ## 正例
    - 时效指标 | 补助发放及时率 | 100%
    - 数量指标 | 人员到位率 | ≥95%
    - 质量指标 | 设备验收合格率 | 100%

    ## 依据
    财预〔2021〕101号：产出和效益指标反映预期的产出和效果。资金的到位和支出另由预算执行率考核，是通行做法。
    """
    if indicator.tier1 not in _RESULTS and (indicator.tier1 or indicator.tier2 not in _SECONDS):
        return None
    plain = about(indicator.name).plain
    certainty = _managed(plain) or _told(indicator)
    if certainty is None or any_of("money.own_work").search(project.name or ""):
        return None
    what = f"“{indicator.name}”" if _managed(plain) else f"“{indicator.name}”实际说的是资金拨付、支出情况，"
    return Fault(
        f"{what}反映资金管理，不是项目的产出或效益。",
        f"改写资金办成的事，{suggest.measurable(indicator, project)}；支出情况由预算执行率另行考核。",
        evidence(
            指标=indicator.name,
            二级指标=indicator.tier2_text,
            指标描述=indicator.description,
            指标值=indicator.raw_value.strip() or None,
        ),
        certainty,
    )
