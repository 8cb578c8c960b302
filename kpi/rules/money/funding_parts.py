"""FIN006."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import amounts
from kpi.rules.once import once
from kpi.schema import Certainty, Extraction, Money, Project

_BOTH = 2  # sources without which nothing is added up
_MOST_FURTHER = 6  # sources beside 财政资金 and 其他资金 whose sums are tried


@project_rule("FIN006", "funding-parts-do-not-add-up", severity="error", opinion="其他")
def funding_parts_do_not_add_up(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """财政资金、其他资金等各项之和不等于预算总额。

    ## 检查什么
    表头印出的财政资金、其他资金，连同上年结转、单位资金等（哪些是“其中”的再细分，看不出来的，各种相加都试），加起来与预算总额不等；
    或者其中一项就超过了总额。只印了一项的，差额在四舍五入之内的，不提示。

    ## 为什么重要
    总额与来源对不上，说明其中至少一个数字是错的，绩效目标也就不知道对应多少钱。

    ## 反例
    - 预算12.40万元，其中财政资金11.40万元，其他资金0.50万元。
    - 预算12.40万元，其中财政资金14.20万元。

    ## 正例
    - 预算12.40万元，其中财政资金11.40万元，其他资金1.00万元。
    - 预算100万元，其中财政资金80万元，上年结转15万元，其他资金5万元。

    ## 依据
    财预〔2015〕88号：绩效目标应当与预算确定的资金量相匹配；预算法：收支应当平衡。
    """
    rest = unaccounted(project)
    if not rest or project.budget is None:
        return
    certainty: Certainty = "certain" if project.funding.other is not None or rest < 0 else "likely"
    total = project.budget
    said = "、".join(f"{label}{amounts.shown(money)}" for label, money in _printed(project))
    yield Fault(
        f"{said}，合计与预算{amounts.shown(total)}不等。",
        "核对预算总额和各项资金来源，使各项之和等于总额。",
        evidence(预算=amounts.shown(total), 资金来源=said),
        certainty,
    )


@once
def unaccounted(project: Project) -> Decimal | None:
    """What the printed sources leave of the budget and nothing further explains, in 元; negative where they are more.

    0 where all adds up, ``None`` where nothing can be added up.
    """
    funding, total = project.funding, project.budget
    known = [money for money in (funding.fiscal, funding.other) if money is not None]
    further = [part.money for part in funding.further]
    if total is None or not known or len(further) > _MOST_FURTHER or _is_of_another_basis(project):
        return None
    slack = _slack([total, *known, *further])
    rest = total.base_magnitude - sum((money.base_magnitude for money in known), Decimal(0))
    if any(abs(rest - extra) <= slack for extra in _sums(further)):
        return Decimal(0)
    if rest > 0 and (funding.fiscal is None or len(known) + len(further) < _BOTH):
        return None  # what the rest is was not printed, or not read
    return rest


def _printed(project: Project) -> list[tuple[str, Money]]:
    funding = project.funding
    own = [("财政资金", funding.fiscal), ("其他资金", funding.other)]
    known = [(label, money) for label, money in own if money is not None]
    return [*known, *((part.label, part.money) for part in funding.further)]


def _is_of_another_basis(project: Project) -> bool:
    """Whether the budget is that of the whole period, as no other was printed: the sources may be the year's."""
    return project.whole_budget is not None and project.whole_budget == project.budget


def _sums(further: list[Money]) -> Iterator[Decimal]:
    for size in range(len(further) + 1):
        for some in combinations(further, size):
            yield sum((money.base_magnitude for money in some), Decimal(0))


def _slack(printed: list[Money]) -> Decimal:
    """What rounding may account for: the last digit of each figure, where figures have decimals."""
    steps = [step for money in printed if (step := amounts.last_digit(money))]
    return min(steps, default=Decimal(0)) * (len(printed) - 1)
