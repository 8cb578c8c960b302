"""The plain lists that a classifier has to beat."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from kpi.values import parse_value, wording
from kpi.values.fold import fold

_HEAD_NOUNS = Path(__file__).with_name("head_nouns.toml")


def is_asked(text: str) -> bool:
    """Whether the vocabulary knows no word of ``text``, so that an opinion about it is asked."""
    asked: list[str] = []

    def note(text: str) -> None:
        asked.append(text)

    if parse_value(text).kind == "qualitative":
        wording.judge(text, fold(text), opinion=note)
    return bool(asked)


def sense(text: str) -> str:
    """What is said of an unknown wording without a model: the kinds of its words, else ``other``."""
    found = wording.by_kinds_of_words(text)
    return found.sense if found else "other"


@cache
def _head_nouns(how: str) -> dict[str, str]:
    data = tomllib.loads(_HEAD_NOUNS.read_text(encoding="utf-8"))[how]
    return {noun: tier for tier, nouns in data.items() for noun in nouns}


def second_tier(name: str) -> str | None:
    """The second tier by ``head_nouns.toml``, or ``None``."""
    ends = [noun for noun in _head_nouns("ends") if name.endswith(noun)]
    held = [noun for noun in _head_nouns("holds") if noun in name]
    if ends:
        return _head_nouns("ends")[max(ends, key=len)]
    return _head_nouns("holds")[max(held, key=len)] if held else None
