"""Comparison signs and words (``operators.toml``), before and after a number."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, cast

import regex

from kpi.schema import Operator
from kpi.values.fold import fold


class Vocabulary(NamedTuple):
    """Spellings → operator, and one pattern for each place in which they can stand."""

    signs: dict[str, Operator]
    before: dict[str, Operator]
    weak: dict[str, Operator]
    after: dict[str, Operator]
    sign_pattern: regex.Pattern[str]
    before_pattern: regex.Pattern[str]
    after_pattern: regex.Pattern[str]


class Before(NamedTuple):
    """What stands before the number: ``weak`` words yield to anything after it."""

    operator: Operator
    end: int
    weak: bool = False
    sign: bool = False


def _spellings(table: dict[str, list[str]]) -> dict[str, Operator]:
    return {fold(word): cast(Operator, operator) for operator, words in table.items() for word in words}


def _longest_first(*tables: dict[str, Any]) -> str:
    """The words as alternatives, longest first; a stray space inside a word does not matter (不 低于)."""
    words = sorted({word for table in tables for word in table}, key=len, reverse=True)
    return "|".join(" ?".join(map(regex.escape, word)) for word in words)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of ``operators.toml``, read once."""
    tables = tomllib.loads(resources.files("kpi.values").joinpath("operators.toml").read_text(encoding="utf-8"))
    signs, before = _spellings(tables["sign"]), _spellings(tables["before"])
    weak, after = _spellings(tables["weak_before"]), _spellings(tables["after"])
    return Vocabulary(
        signs,
        before,
        weak,
        after,
        regex.compile(r"(?:" + _longest_first(signs) + r")"),
        regex.compile(r"(?P<word>" + _longest_first(before, weak) + r")(?:为|是|在|有|了)?"),
        regex.compile(
            rf" *(?:\(含[^()]{{0,8}}\)|含)?(?P<word>{_longest_first(after)})(?![述简])(?:\(包?含[^()]{{0,8}}\))?"
        ),
    )


_SPACE = regex.compile(r" *")


def read_before(text: str, at: int) -> Before | None:
    """The operator that stands at ``at`` before a number. Of several (控制在不超过) the last strong one decides."""
    known = vocabulary()
    result: Before | None = None
    while True:
        if found := known.sign_pattern.match(text, at):
            step = Before(known.signs[found[0].replace(" ", "")], found.end(), sign=True)
        elif found := known.before_pattern.match(text, at):
            word = found["word"].replace(" ", "")
            operator = known.before.get(word)
            step = Before(operator or known.weak[word], found.end(), weak=operator is None)
        else:
            return result
        at = _SPACE.match(text, step.end).end()  # type: ignore[union-attr]
        keep = result is not None and step.weak and not result.weak
        result = result._replace(end=at) if keep and result else step._replace(end=at)


def read_after(text: str, at: int) -> tuple[Operator, int] | None:
    """The operator word that stands at ``at`` after a number and its unit: ``以上``, ``(含)以下``, ``左右``."""
    known = vocabulary()
    found = known.after_pattern.match(text, at)
    return (known.after[found["word"].replace(" ", "")], found.end()) if found else None
