"""STR010."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.structure import filing
from kpi.schema import Extraction, Project


@project_rule("STR010", "weights-do-not-add-up", severity="warning", opinion="其他")
def weights_do_not_add_up(project: Project, extraction: Extraction) -> Iterator[Fault]:
    """各指标的权重（分值）合计不是80、90或100。

    ## 检查什么
    表格完整可见、每一行都有权重时，把权重相加。合计为80、90、100（四舍五入的误差不计；写成0.8、0.9、1的比例同样看待）的不提；各一级指标内部分别合计为100的不提。有的行没有读到、没有权重时不判。

    ## 为什么重要
    权重加不到规定的总分，自评得分就没有统一的口径。

    ## 反例
    - 五行指标各20分，又加一行满意度10分，合计110分。

    ## 正例
    - 产出50分、效益30分、满意度10分，合计90分，另10分为预算执行率。
    - 各行合计100分。

    ## 依据
    财预〔2021〕101号、财预〔2020〕10号：指标分值合计100分，其中预算执行率10分；有的地方按80分、90分设置，视为默认口径，可以调整。
    """
    total = weighed(project, extraction)
    if total is None or _is_usual(total, project):
        return
    by_tier: dict[str | None, Decimal] = {}
    for row in project.indicators:
        tier = facts.first_tier(row)
        by_tier[tier] = by_tier.get(tier, Decimal(0)) + (row.weight or 0)
    if len(by_tier) > 1 and all(_is_usual(part, project) for part in by_tier.values()):
        return
    yield Fault(
        f"{filing.called(project)}的权重合计为{_said(total)}，不是80、90或100。",
        "核对各行权重，使合计为100；预算执行率另占10分的，合计为90。",
        evidence(
            项目=project.name,
            权重合计=_said(total),
            各一级指标="、".join(f"{t or '其他'}{_said(w)}" for t, w in by_tier.items()),
        ),
    )


def _is_usual(total: Decimal, project: Project) -> bool:
    """Whether weights add up but for rounding, of points or of shares: six rows of 16.7 are 100."""
    decimals = max((-weight.as_tuple().exponent for weight in _weights(project)), default=0)  # type: ignore[operator]
    slack = len(project.indicators) * _HALF.scaleb(-decimals) if decimals > 0 else Decimal(0)
    if total < _MOST_SHARES:
        total, slack = total * _HUNDRED, min(slack * _HUNDRED, _HALF)
    return facts.is_usual_total(total) or any(abs(total - usual) <= slack for usual in facts.WEIGHT_TOTALS)


_HALF, _HUNDRED, _MOST_SHARES = Decimal("0.5"), Decimal(100), Decimal(2)


def _weights(project: Project) -> Iterator[Decimal]:
    return (row.weight for row in project.indicators if row.weight is not None and row.weight.is_finite())


def weighed(project: Project, extraction: Extraction) -> Decimal | None:
    """The sum of the weights of a whole table whose rows all carry one; ``None`` where a part of it may be missing."""
    coverage = extraction.coverage
    if coverage.rows_seen != coverage.rows_read or any(row.weight is None for row in project.indicators):
        return None
    return facts.weights_total(project) if facts.is_whole(project, extraction) else None


def _said(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
