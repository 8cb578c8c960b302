"""What the rules on qualitative senses share: the value of one sense, and the facts they show."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from kpi.rules import words
from kpi.rules.base import Fault, Rule, evidence, indicator_rule
from kpi.schema import Certainty, Indicator, Project, Qualitative, Sense
from kpi.values import senses, wording
from kpi.values.fold import fold

# Below this confidence the reading of the wording is a guess that a reviewer should confirm.
SURE = 70


def of_sense(indicator: Indicator, sense: Sense) -> Qualitative | None:
    """The indicator's value where it is a wording of that sense."""
    value = indicator.value
    if not isinstance(value, Qualitative):
        return None
    if value.sense == "restatement" and sense != "restatement" and indicator.name:
        plain = plainer(value.raw, indicator.name)
        return value.model_copy(update=plain._asdict()) if plain and plain.sense == sense else None
    return value if _sense_here(indicator, value) == sense else None


def _sense_here(indicator: Indicator, value: Qualitative) -> Sense:
    """Where a time is asked for, words about how something goes on stand for it: 动态更新, 快速修复."""
    if indicator.tier2 != "时效指标":
        return value.sense
    known = words.load("vague")["timely"]
    text = value.raw.strip()
    is_done = (
        any(done in text for done in known["done"]) or text in known["whole"] or text.startswith(tuple(known["leads"]))
    )
    if value.sense == "other" and not is_done:
        return "punctual"
    return (
        "punctual" if value.sense == "intensity_only" and any(w in value.raw for w in known["speeds"]) else value.sense
    )


# The roles that words of a direction must play, to say more than the name does. A part of the name that praises
# (机关正常运转 | 保障机关正常运转) says no more than the name.
_TELLING = frozenset({"degree", "direction"})
_SAME = {"becoming": "degree"}
_MOST_CHARS = 200


@lru_cache(maxsize=10_000)
def plainer(value: str, name: str) -> wording.Judgement | None:
    """What a value that repeats part of a name says by its own words: 信息按时公开 | 按时公开 is punctual.

    Null where it says the whole name, or only a part that tells nothing by itself (持续保障社会发展 | 持续保障).
    """
    said, named = value.strip()[:_MOST_CHARS], name[:_MOST_CHARS]
    if wording.core(named) in wording.core(said):
        return None
    judged = wording.judge(said, fold(said))
    known = words.load("vague")["plainer"]
    if judged.sense == "punctual" or (judged.sense == "procedural" and any(level in said for level in known["levels"])):
        return judged
    if wording.core(said) not in wording.core(named):
        return None  # alike but for a word: 控制在预算成本内 | 控制在预算内
    roles = {_SAME.get(w.role, w.role) for w in senses.words_of(fold(said)) if w.text not in known["nouns"]}
    if judged.sense in ("procedural", "coverage") or (judged.sense == "direction_only" and roles >= _TELLING):
        return judged
    return None


def is_season(text: str) -> bool:
    """Whether a value is a part of the year and nothing else: 伏季休渔期内."""
    return _seasons().fullmatch(text.strip()[:_MOST_CHARS]) is not None


@cache
def _seasons() -> re.Pattern[str]:
    known = words.load("vague")["seasons"]
    lead, name, end = (words.any_of(known[part]) for part in ("leads", "names", "ends"))
    return re.compile(f"(?:{lead})?(?:{name})(?:[、和及](?:{name}))*(?:{end})?")


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
            if value is None or is_season(value.raw):
                return None
            return vague(indicator, value, *saying(indicator, project, value.raw.strip()))

        check.__doc__ = saying.__doc__
        ask = indicator_rule(code, name, severity="warning", opinion="不够细化量化", kinds=("qualitative",))
        return ask(check)

    return make
