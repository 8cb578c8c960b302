"""VAG004."""

from kpi.rules import suggest
from kpi.rules.vague.wordings import sense_rule
from kpi.schema import Indicator, Project


@sense_rule("VAG004", "procedural-value", "procedural")
def procedural_value(indicator: Indicator, project: Project, printed: str) -> tuple[str, str]:
    """指标值只说按要求、按规定办，没有写出要求的数量或标准。

    ## 检查什么
    指标值是“按要求购置”“符合相关规定”“严格执行制度”“达到合格标准”一类的话，却没有写出是哪一条要求、多少数量、哪一个标准。

    ## 为什么重要
    照章办事是前提，不是绩效。不写明标准，就无法判断做到没有。

    ## 反例
    - 按要求购置
    - 达到合格标准
    - 符合相关规定

    ## 正例
    - 购置20台
    - 验收合格率100%
    - 达到GB 50300规定的合格等级

    ## 依据
    财预〔2015〕88号：绩效目标应当细化量化；财预〔2021〕101号：指标值应当尽量量化，难以量化的应当可分级、可评判。
    """
    return (
        f"指标值“{printed}”只说照要求办，没有写明是什么数量或标准。",
        f"写出所指的要求：{suggest.measurable(indicator, project)}。",
    )
