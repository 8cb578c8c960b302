"""FIN010."""

from collections.abc import Iterator
from decimal import Decimal

from kpi.rules import names
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.money import amounts
from kpi.schema import Extraction, Money, Project, Quantity, Value

_RATE = "执行率"
_WHOLE = Decimal(1)
_HUNDRED = Decimal(100)


@project_rule("FIN010", "execution-above-budget", severity="warning", opinion="其他")
def execution_above_budget(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """预算执行率超过100%。

    ## 检查什么
    名称以“执行率”结尾的指标，目标值或实际完成值超过100%；或者自评表表头的执行率超过100%、全年执行数大于印出的各个预算数。
    预算数、执行数都印出时，印到小数的金额四舍五入之内的差额（12.35万元与123456元）不提示。

    ## 为什么重要
    支出不能超过预算。执行率超过100%，要么分母用的是年初数而预算已经调整，要么数字有误，要么超预算支出。

    ## 反例
    - 自评表的全年预算数100万元，全年执行数120万元，执行率120%。
    - 数量指标 | 预算执行率 | ≥105%

    ## 正例
    - 数量指标 | 预算执行率 | 100%
    - 自评表的全年预算数100万元，全年执行数98万元，执行率98%。

    ## 依据
    预算法第十三条：经批准的预算，非经法定程序，不得调整；各部门的支出必须以经批准的预算为依据。
    """
    told, most = False, _WHOLE + _rounding(project)
    for number, row in enumerate(project.indicators):
        if not names.about(row.name).plain.endswith(_RATE):
            continue
        actual = row.actual
        for label, value in (("实际完成值", actual.value if actual else None), ("指标值", row.value)):
            if (share := _share(value)) is not None and share > most:
                printed = value.raw.strip() if value else ""
                yield Fault(
                    f"“{row.name}”的{label}是“{printed}”，超过了100%。",
                    "核对预算数（是否调整过）和支出数，执行率不应超过100%。",
                    evidence(指标=row.name, **{label: printed}),
                    indicator=number,
                )
                told = True
                break
    if not told:
        yield from _in_head(project)


def _share(value: Value | None) -> Decimal | None:
    """A rate as a share; a number of more than two without its sign is in per cent."""
    if not isinstance(value, Quantity) or value.change is not None or value.operator in ("<=", "<"):
        return None
    if value.dimension == "ratio":
        return value.base_magnitude
    return value.magnitude / _HUNDRED if value.dimension == "number" and value.magnitude > 2 else None


def _largest(project: Project) -> Money | None:
    return max(amounts.budgets(project), key=lambda money: money.base_magnitude, default=None)


def _rounding(project: Project) -> Decimal:
    """The share of the budget that rounding may account for: half of the last decimal of both figures."""
    run = project.execution
    if run is None or run.executed is None or (largest := _largest(project)) is None:
        return Decimal(0)
    return (amounts.last_digit(run.executed) + amounts.last_digit(largest)) / 2 / largest.base_magnitude


def is_told(project: Project) -> bool:
    """Whether anything says how much of the budget was or will be spent."""
    if (run := project.execution) is not None and (run.rate is not None or run.executed is not None):
        return True
    return any(names.about(row.name).plain.endswith(_RATE) for row in project.indicators)


def _in_head(project: Project) -> Iterator[Fault]:
    run = project.execution
    if run is None:
        return
    largest, most = _largest(project), _WHOLE + _rounding(project)
    over = run.executed and largest and run.executed.base_magnitude > largest.base_magnitude * most
    if not over and (run.rate is None or run.rate <= most):
        return
    rate = f"{amounts.short(run.rate * _HUNDRED, 2)}%" if run.rate is not None else None
    executed = amounts.shown(run.executed) if run.executed else None
    budget = amounts.shown(largest) if largest else None
    message = f"全年执行数{executed}，超过预算{budget}" if over else f"表头的执行率是{rate}，超过了100%"
    yield Fault(
        f"{message}。",
        "核对预算数（是否调整过）和支出数，执行率不应超过100%。",
        evidence(预算=budget, 全年执行数=executed, 执行率=rate),
    )
