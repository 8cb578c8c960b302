"""What the rules on qualitative senses share: the value of one sense, and the facts they show."""

from __future__ import annotations

from kpi.rules.base import Fault, evidence
from kpi.schema import Certainty, Indicator, Qualitative, Sense

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
