"""STR008."""

from kpi.rules import facts, names
from kpi.rules.base import Fault, evidence, indicator_rule
from kpi.rules.structure import filing
from kpi.schema import Indicator, Project, Quantity, Range


@indicator_rule("STR008", "wrong-first-tier", severity="warning", certainty="likely", opinion="一级指标类型错误")
def wrong_first_tier(indicator: Indicator, _project: Project) -> Fault | None:
    """产出、成本填成了效益，或效益填成了产出。

    ## 检查什么
    效益指标下列着做了多少事（发放补贴人数、举办活动次数、验收合格率、拨付及时率）或花了多少钱（项目成本≤某万元）；产出指标下列着带来的变化（促进经济发展、增强群众幸福感）。
    名称中有受益、带动、就业、增收、服务等字样的，可以是效益，不提。

    ## 为什么重要
    产出是做成的事，效益是事情做成以后的变化。用产出充当效益，项目有没有用就无从判断。

    ## 反例
    - 效益指标下列“发放补贴人数 ≥300人”。
    - 效益指标下列“举办宣传活动次数 ≥10次”。
    - 质量指标 | 促进地方经济发展 | 效果明显

    ## 正例
    - 效益指标下列“带动就业人数 ≥200人”。
    - 效益指标下列“受益群众人数 ≥5000人”。
    - 数量指标 | 发放补贴人数 | ≥300人

    ## 依据
    财预〔2015〕88号、财预〔2021〕101号：产出指标反映提供的公共产品和服务，效益指标反映由此带来的影响。
    """
    tier, name = facts.first_tier(indicator), indicator.name
    if not name or facts.is_satisfaction(indicator):
        return None
    if tier == filing.BENEFIT:
        right, why = _instead_of_benefit(indicator, name)
    elif tier == filing.OUTPUT and indicator.tier2 != "成本指标":
        right, why = (filing.BENEFIT, "是项目带来的变化") if _is_effect(name) else (None, "")
    else:
        return None
    if right is None:
        return None
    filed = indicator.tier1_text or tier
    return Fault(
        f"指标“{name}”{why}，不应列为{filed}。",
        f"移到{right}下；{tier}另设能说明{'项目带来的变化' if tier == filing.BENEFIT else '完成了什么'}的指标。",
        evidence(指标=name, 指标值=indicator.raw_value.strip() or None, 所列一级指标=filed, 应列一级指标=right),
    )


def _instead_of_benefit(indicator: Indicator, name: str) -> tuple[str | None, str]:
    """Where a row filed under the benefits belongs, null where it may stay; and what it says."""
    about, value = names.about(name), indicator.value
    rounds = about.head in filing.words("output_act", "rounds")
    if filing.holds(name, "output_act", "changes" if rounds else "effects"):
        return None, ""
    if about.head in filing.words("output_act", "costs"):
        limit = isinstance(value, Quantity) and value.dimension == "money" and value.operator in ("<=", "<")
        return ("成本指标", "是要花的钱") if limit else (None, "")
    people = not about.units.isdisjoint(("人", "户"))
    made = not people and filing.holds(name, "output_act", "made")
    if not rounds and not made and not filing.holds(name, "output_act", "acts"):
        return None, ""
    if about.second_tier == "数量指标" or (about.head is None and _is_made(indicator, name)):
        counted = isinstance(value, Quantity | Range) and not getattr(value, "change", None)
        return (filing.OUTPUT, "是项目做了多少事") if counted else (None, "")
    if about.plain.endswith(filing.words("output_act", "rates")):
        return filing.OUTPUT, "是事情做得怎样"
    return None, ""


def _is_made(indicator: Indicator, name: str) -> bool:
    """Whether pieces are counted of what a name says is made or held: 编印教材 ≥1200册."""
    value = indicator.value
    if not isinstance(value, Quantity):
        return False
    if not {value.unit, value.base_unit} & set(filing.words("output_act", "pieces")):
        return False
    acts = {*filing.words("output_act", "acts"), *filing.words("output_act", "made")}
    acts -= set(filing.words("output_act", "standing"))
    return name.startswith(tuple(acts)) and value.operator not in ("<=", "<")


def _is_effect(name: str) -> bool:
    """Whether a name says what changes: 促进经济发展; a rate, a count or a date of doing it is an output still."""
    if not name.startswith(filing.words("benefit_effect", "verbs")):
        return False
    about = names.about(name)
    done = about.second_tier is not None or about.dimension in ("ratio", "count", "date")
    return not done and filing.holds(name, "benefit_effect", "objects")
