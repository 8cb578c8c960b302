"""FIN009."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import costs
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import amounts
from kpi.rules.money.prices import Price, counts, prices
from kpi.schema import Extraction, Project
from kpi.schema.base import plain


@project_rule(
    "FIN009",
    "unit-cost-times-quantity",
    severity="info",
    opinion="指标与指标值不匹配",
    certainty="judge",
    thresholds={"times": "2"},
)
def unit_cost_times_quantity(project: Project, _extraction: Extraction, *, times: Decimal) -> Iterator[Fault]:
    """单价乘以数量，与预算相差悬殊。

    ## 检查什么
    指标值、依据或说明里有每人、每户、每件的标准（按月的乘12个月，按天的不算），数量指标里有同一单位的数量。
    两者相乘（有几个标准、几个数量的，按最小和最大两种算法）超过预算一倍以上（标准只是上限的不算）；
    或者项目就是发放补助补贴的，而预算比乘积多一倍以上。

    ## 为什么重要
    数量和标准是测算预算的依据，乘起来应当与预算大致相当。相差悬殊，要么数量或标准写错，要么只是其中一部分，应当说明。

    ## 反例
    - 补贴30人，每人每月315元，一年约11.3万元，预算却是50.7万元。
    - 补助43230人，每人589元，约2546万元，预算却是203万元。

    ## 正例
    - 补助63人，每人1000元，预算6.3万元。
    - 培训300人，每人1000元，另有教材等费用，预算38万元。

    ## 依据
    财预〔2021〕101号：绩效指标值应当与预算测算依据相匹配。
    """
    if project.budget is None or project.budget.base_magnitude <= 0 or not (found := prices(project)):
        return
    numbers = counts(project, {price.of for price in found})
    if (bounds := _bounds(found, numbers)) is None:
        return
    lowest, highest = bounds
    largest = max(money.base_magnitude for money in amounts.budgets(project))
    above = lowest > largest * times
    below = (
        highest * times < project.budget.base_magnitude
        and numbers.keys() == {price.of for price in found}
        and _pays_people(project)
    )
    if not (above or below):
        return
    assert project.budget is not None
    said = "、".join(
        f"每{price.of}每年{amounts.in_words(price.yuan)}" for price in sorted(found) if price.of in numbers
    )
    many = "、".join(f"{plain(number)}{unit}" for unit in sorted(numbers) for number in numbers[unit])
    product = amounts.in_words(lowest if above else highest)
    yield Fault(
        f"按{said}、{many}测算约{product}，与预算{amounts.shown(project.budget)}相差悬殊。",
        "核对数量、标准和预算；只负担其中一部分的，在依据中说明负担比例。",
        evidence(单价=said, 数量=many, 测算=product, 预算=amounts.shown(project.budget)),
    )


def _bounds(found: set[Price], numbers: dict[str, list[Decimal]]) -> tuple[Decimal, Decimal] | None:
    """The least and the most that prices and numbers of one unit can give; ``None`` where no unit has both."""
    by_unit = {unit: [price.yuan for price in found if price.of == unit] for unit in numbers}
    if not by_unit:
        return None
    zero = Decimal(0)
    sure = {price.of for price in found if price.of in numbers} - {price.of for price in found if price.most}
    lowest = max((min(by_unit[unit]) * min(numbers[unit]) for unit in sure), default=zero)
    return lowest, sum((sum(prices, zero) * sum(numbers[unit], zero) for unit, prices in by_unit.items()), zero)


def _pays_people(project: Project) -> bool:
    """Whether the project is about money for people, so that there is little else that it pays."""
    return costs.about(project.name).paid
