"""What the rules on qualitative senses share: the value of one sense, and the facts they show."""

from __future__ import annotations

from collections.abc import Callable

from kpi.rules.base import Fault, Rule, evidence, indicator_rule
from kpi.schema import Certainty, Indicator, Project, Qualitative, Sense

# Below this confidence the reading of the wording is a guess that a reviewer should confirm.
SURE = 70


def of_sense(indicator: Indicator, sense: Sense) -> Qualitative | None:
    """The indicator's value where it is a wording of that sense."""
    value = indicator.value
    return value if isinstance(value, Qualitative) and value.sense == sense else None


def vague(indicator: Indicator, value: Qualitative, message: str, suggestion: str) -> Fault:
    """The fault of a vague wording, with the deciding words as evidence."""
    deciding = "、".join(dict.fromkeys(term.text for term in value.terms)) or None
    certainty: Certainty = "certain" if value.confidence * 100 >= SURE else "likely"
    facts = evidence(指标=indicator.name, 指标值=value.raw.strip(), 判断依据的词=deciding)
    return Fault(message, suggestion, facts, certainty)


# What a rule on one sense says of a value, printed as it stands: the message and the suggestion.
Saying = Callable[[Indicator, Project, str], tuple[str, str]]


def sense_rule(code: str, name: str, sense: Sense) -> Callable[[Saying], Rule]:
    """Make a rule that speaks of every wording of one sense."""

    def make(saying: Saying) -> Rule:
        def check(indicator: Indicator, project: Project) -> Fault | None:
            value = of_sense(indicator, sense)
            return vague(indicator, value, *saying(indicator, project, value.raw.strip())) if value else None

        check.__doc__ = saying.__doc__
        return indicator_rule(code, name, severity="warning", opinion="不够细化量化")(check)

    return make
