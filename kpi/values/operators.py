"""Comparison signs and words (``operators.toml``), before and after a number."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple, cast

import regex

from kpi.schema import Operator
from kpi.values import vocabulary as files
from kpi.values.fold import after_spaces, fold


class Vocabulary(NamedTuple):
    """Spellings → operator, and one pattern for each place in which they can stand.

    ``changes`` and ``baselines`` are the words of a change (较上年提高) → what they mean.
    """

    signs: dict[str, Operator]
    before: dict[str, Operator]
    weak: dict[str, Operator]
    after: dict[str, Operator]
    changes: dict[str, Literal["increase", "decrease"]]
    baselines: dict[str, str]
    same: dict[str, str]
    than: list[str]
    before_date: dict[str, Operator | None]
    sign_pattern: regex.Pattern[str]
    before_pattern: regex.Pattern[str]
    after_pattern: regex.Pattern[str]
    date_pattern: regex.Pattern[str]
    change_pattern: regex.Pattern[str]


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


_DIRECTIONS: tuple[Literal["increase", "decrease"], ...] = ("increase", "decrease")
_COMPARES = regex.compile("[<>=≤≥]+")


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of ``operators.toml``, read once."""
    tables = files.load("operators.toml")
    change = tables["change"]
    changes = {fold(word): direction for direction in _DIRECTIONS for word in change[direction]}
    baselines = {fold(written): name for name, spellings in tables["baseline"].items() for written in spellings}
    before_date = {
        fold(w): None if o == "in" else cast(Operator, o) for o, ws in tables["before_date"].items() for w in ws
    }
    signs, before = _spellings(tables["sign"]), _spellings(tables["before"])
    weak, after = _spellings(tables["weak_before"]), _spellings(tables["after"])
    return Vocabulary(
        signs,
        before,
        weak,
        after,
        changes,
        baselines,
        change["same"],
        change["than"],
        before_date,
        regex.compile(r"(?:" + _longest_first(signs) + r")"),
        regex.compile(r"(?P<word>" + _longest_first(before, weak) + r")(?:为|是|在|有|了)?"),
        regex.compile(
            rf" *(?:\(含[^()]{{0,8}}\)|含)?(?P<word>{_longest_first(after)})(?![述简])(?:\(包?含[^()]{{0,8}}\))?"
            # A sign at the very end: columns joined the other way round. A closing 》 is none, a ~ leads on.
            rf"| *(?P<sign>{_longest_first({s: o for s, o in signs.items() if _COMPARES.fullmatch(s)})})(?=[ 。;,]*$)"
        ),
        regex.compile(rf"(?P<word>{files.any_of(before_date)}) *"),
        regex.compile(
            rf"(?:(?:{files.any_of(change['than'])})(?P<base>{files.any_of(baselines)}|\d{{4}}年(?:度|底|末)?)"
            rf"(?:相比|比较|水平)?|在(?P<base>{files.any_of(baselines)}|\d{{4}}年(?:度|底|末)?)的?基础上|(?P<same>{files.any_of(change['same'])}))?"
            r"(?: *,)? *(?:平均|实际|均|再)?(?P<early>至少|不低于|不少于|最少|最多|不超过|约)?"
            rf"(?P<word>{files.any_of(changes)})(?:了|幅度|幅|比例)?(?![到至为率数]) *"
        ),
    )


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
        at = after_spaces(text, step.end)
        keep = result is not None and step.weak and not result.weak
        result = result._replace(end=at) if keep and result else step._replace(end=at)


def begins_with_operator(text: str) -> bool:
    """Whether ``text`` begins with a sign or a word of comparison."""
    return read_before(fold(text.strip()), 0) is not None


def is_operator(text: str) -> bool:
    """Whether ``text``, a cell of its own, is an operator and nothing else: ``≥``, ``大于等于``, ``=``."""
    folded = fold(text.strip())
    found = read_before(folded, 0)
    return found is not None and found.end == len(folded)


def read_after(text: str, at: int) -> tuple[Operator, int] | None:
    """The operator word that stands at ``at`` after a number and its unit: ``以上``, ``(含)以下``, ``左右``."""
    known = vocabulary()
    found = known.after_pattern.match(text, at)
    if found is None:
        return None
    word = found["word"]
    operator = known.after[word.replace(" ", "")] if word else known.signs[found["sign"].replace(" ", "")]
    return operator, found.end()
