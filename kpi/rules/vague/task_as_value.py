"""VAG008."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG008", "task-as-value", "task")
def task_as_value(indicator: Indicator, project: Project, printed: str) -> tuple[str, str]:
    """指标值写的是一项工作，不是这项工作的结果。

    ## 检查什么
    指标值是一个动宾短语（解决困难、打造氛围、推进服务），说的是要做什么，没有说做成什么样。

    ## 为什么重要
    工作任务应写在绩效目标里；指标值要回答“做成了怎么算”，否则做了就算完成，看不出效果。

    ## 反例
    - 解决群众实际困难
    - 打造宜居环境，推进便民服务

    ## 正例
    - 困难群众救助≥120人次
    - 便民事项办结率≥98%

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”写的是要做的事，不是做成的结果。",
        f"改写为这项工作的结果：{suggest.measurable(indicator, project)}。",
    )
