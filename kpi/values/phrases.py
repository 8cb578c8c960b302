"""``phrases.toml``, compiled: the words and patterns by which a value without a number is understood."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple, cast

import regex

from kpi.schema import Sense
from kpi.values import vocabulary
from kpi.values.fold import fold
from kpi.values.vocabulary import any_of, longest_of

Pattern = regex.Pattern[str]


class Phrases(NamedTuple):
    """The vocabulary; ``whole`` are the patterns that explain a whole value, in the order in which they are tried."""

    empty: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    both: frozenset[str]
    zero: Pattern
    zero_alone: frozenset[str]
    harm: Pattern
    mask: Pattern
    roles: dict[str, str]
    words: re.Pattern[str]
    predicates: frozenset[str]
    effects: frozenset[str]
    coverage: Pattern
    whole: tuple[tuple[Sense, Pattern], ...]
    level: Pattern
    reached: Pattern
    alone_not: frozenset[str]
    standard: Pattern
    affixes: Pattern
    grade_before: Pattern
    grade_after: Pattern


@cache
def phrases() -> Phrases:
    """The vocabulary, read once."""
    data = vocabulary.load("phrases.toml")
    roles = {fold(word): role for role, entry in data["role"].items() for word in entry["words"]}
    grades = data["grades"]
    levels, ladder = any_of([fold(w) for w in grades["levels"]]), regex.escape(grades["ladder"])
    labels = any_of([fold(w) for w in grades["labels"]])
    folded = {key: frozenset(map(fold, data["yes_no"][key])) for key in ("yes", "no", "both")}
    return Phrases(
        frozenset(map(fold, data["empty"]["values"])),
        folded["yes"],
        folded["no"],
        folded["both"],
        _zero(data["zero"]),
        frozenset(map(fold, data["zero"]["alone"])),
        regex.compile(any_of(data["zero"]["nouns"] + data["zero"]["harms"])),
        regex.compile("|".join(f"(?:{p})" for p in data["mask"]["codes"] + data["mask"]["idioms"])),
        roles,
        re.compile(longest_of(roles)),
        frozenset(data["states"]["predicates"]),
        frozenset(data["states"]["effects"]),
        regex.compile("|".join(data["role"]["coverage"]["patterns"])),
        tuple((cast("Sense", sense), _whole(entry)) for sense, entry in data["whole"].items()),
        regex.compile(
            rf"(?:达到|达|为|评为)?(?:(?:{levels})(?:级|等次|等级)?(?: *[/、,;|或]+ *(?:{levels}))*|[{ladder}]{{2,5}})"
            r"(?:以上|及以上|级|等次)?"
        ),
        regex.compile(
            rf"(?:(?:获得?|取得|达到|达|评为|评定为|定为|为)(?:{any_of([fold(w) for w in grades['reached']])})"
            rf"|(?:{any_of(grades['judged'])})(?:结果|等次|等级)?[为达]?(?:{levels}))"
            r"(?:(?:等次|等级|档次|级)(?:及?以上)?|及?以上(?:等次|等级|档次)?)?$"
        ),
        frozenset(w for w in grades["alone_not"] if w not in grades["alone_but"]),
        regex.compile("|".join(data["standard"]["patterns"])),
        regex.compile(rf"(?:{any_of(data['restatement']['affixes'])})+$"),
        regex.compile(rf"(?P<grade>{labels}) *(?=[(:])"),
        regex.compile(rf"(?:^|[\s,;、。])(?:{labels})[:：]?$"),
    )  # fmt: skip


def _zero(data: dict[str, Any]) -> Pattern:
    """Nothing of a harm: 零投诉, 无安全事故发生, 事故率为零, 不返贫, 无新增欠薪."""
    before, nouns, undone = (any_of(data[key]) for key in ("before", "nouns", "undone"))
    return regex.compile(
        rf"(?:{before})\p{{Han}}{{0,8}}?(?:{nouns})(?:发生|率|行为|现象)?"
        rf"|(?:{nouns})(?:发生)?[率数]?[为是]零|(?:坚决|确保|保证|做到)?不再?(?:{undone})(?!准)"
        rf"|(?:{any_of(data['new'])})\p{{Han}}{{2,12}}"
    )


def _whole(entry: dict[str, Any]) -> Pattern:
    """The patterns of one sense; ``{word}`` stands for any of the words listed under that name beside them."""
    lists = {key: f"(?:{any_of(words)})" for key, words in entry.items() if key != "patterns"}
    patterns: list[str] = entry["patterns"]
    for key, words in lists.items():
        patterns = [pattern.replace("{" + key + "}", words) for pattern in patterns]
    return regex.compile("|".join(f"(?:{pattern})" for pattern in patterns))
