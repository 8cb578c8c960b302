"""What the rules on value against indicator share."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from kpi.rules import words

_MOST_CHARS = 300


@cache
def table(name: str) -> dict[str, Any]:
    """One table of ``words.toml``."""
    found: dict[str, Any] = words.load("unit")[name]
    return found


@cache
def _ratio() -> tuple[re.Pattern[str], re.Pattern[str]]:
    ratio = table("ratio")
    # 有效率 ends like 效率, and is a share all the same.
    return re.compile(rf"(?<!有)(?:{words.any_of(ratio['mask'])})"), re.compile(
        words.any_of(ratio["says"] + ratio["qualities"])
    )


@lru_cache(maxsize=50_000)
def says_ratio(text: str) -> bool:
    """Whether a name or a description speaks of a share: 率, 占比, 满意度, 合格; 制度 and 效率 do not."""
    mask, says = _ratio()
    return bool(says.search(mask.sub("　", text[:_MOST_CHARS])))


@cache
def any_word(name: str, field: str) -> re.Pattern[str]:
    """A pattern for any word of a list of ``words.toml``."""
    return re.compile(words.any_of(table(name)[field]))


@cache
def _lead() -> re.Pattern[str]:
    """Adverbs and means that stand before a verb of effect: 进一步, 通过……可以."""
    effect = table("effect")
    return re.compile(rf"(?:{effect['by']})?(?:{words.any_of(effect['adverbs'])})*")


@cache
def _verbs(wide: bool) -> re.Pattern[str]:
    return re.compile(words.any_of(table("effect")["verbs"] + (table("two")["verbs"] if wide else [])))


def begins_effect(text: str, *, wide: bool = False) -> bool:
    """Whether a clause is a verb of effect with what it works on: 维护社会稳定. ``wide``: with verbs of plain acts."""
    clause = _lead().sub("", text, count=1)
    verb = _verbs(wide).match(clause)
    return verb is not None and verb.end() < len(clause)
