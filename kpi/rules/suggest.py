"""What to write instead. A suggestion never invents a number: what only the author knows is left as a blank ``__``."""

from __future__ import annotations

from kpi.rules import facts
from kpi.schema import Indicator, Project

BLANK = "__"


def deadline(project: Project) -> str:
    """A date in the budget year, the last possible one."""
    year = project.fiscal_year
    return f"{year}年12月31日前" if year else f"{BLANK}年{BLANK}月{BLANK}日前"


def ceiling(project: Project) -> str:
    """A cost ceiling: the project's budget where it is known."""
    budget = project.budget
    return f"≤{budget.magnitude:f}{budget.unit}" if budget else f"≤{BLANK}万元"


def rise(indicator: Indicator) -> str:
    """A change against last year, in points for a rate and in percent otherwise; downwards where the wording falls."""
    falls = any(word in indicator.raw_value for word in ("下降", "降低", "减少", "缩短", "缓解", "减轻"))
    verb = "下降" if falls else "提高"
    name = indicator.name or ""
    return f"较上年{verb}≥{BLANK}{'个百分点' if name.endswith(('率', '满意度')) else '%'}"


def measurable(indicator: Indicator, project: Project) -> str:
    """A clause that asks for a measurable value of the kind that suits the second tier."""
    match indicator.tier2:
        case "时效指标":
            return f"写明日期或期限，如“{deadline(project)}”"
        case "成本指标" | "经济成本指标":
            return f"写明金额上限，如“{ceiling(project)}”"
        case "数量指标":
            return f"写明数量和计量单位，如“≥{BLANK}{facts.unit_wanted(indicator) or '个'}”"
        case "质量指标":
            return f"写成合格率一类的比率，如“≥{BLANK}%”，或写明所依据的标准"
        case "服务对象满意度指标":
            return f"写成满意度，如“≥{BLANK}%”"
        case _:
            return f"写明可衡量的结果，如“{rise(indicator)}”；确难量化的，分出等级并写明评判标准"
