"""The word lists that stand beside the rules of a family."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any


@cache
def load(family: str) -> dict[str, Any]:
    """The tables of ``kpi/rules/<family>/words.toml``, read once."""
    text = resources.files(f"kpi.rules.{family}").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def any_pattern(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for any of ``patterns``."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
