"""The vocabulary files beside this module, which a domain expert can edit; the head of each teaches its syntax."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import regex


@cache
def load(file: str) -> dict[str, Any]:
    """The tables of ``file`` (``units.toml``, ``operators.toml``, ``phrases.toml``), read once."""
    return tomllib.loads(resources.files("kpi.values").joinpath(file).read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


def longest_of(words: Iterable[str]) -> str:
    """The same for many words, branching on the first character so that a mismatch is cheap."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{regex.escape(first)}(?:{any_of(rests)})" for first, rests in by_first.items())
