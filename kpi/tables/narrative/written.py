"""Indicators in running text: a list of them into single ones, and each into its name and its value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from kpi.schema import Compound, DateValue, Empty, Qualitative, Value, YesNo
from kpi.tables.narrative import words
from kpi.values import find_values, parse_value


class Span(NamedTuple):
    """A slice of a text."""

    start: int
    end: int


class Item(NamedTuple):
    """One indicator: its ``topic`` (words before a colon that stand over several), ``name`` and ``value``, as slices.

    An empty ``value`` begins and ends where it would stand.
    """

    topic: str | None
    name: Span
    value: Span


_MAX_NAME = 60
_MAX_ITEM = 400  # a longer piece is no indicator with a value
# A number may be glued to the words before it (…完成率2、加强…); then it must continue the row.
_NUMBER = regex.compile(
    r"指标\s*+(?P<n>\d{1,2})\s*+[:：.、]?|(?<!\d)(?P<n>\d{1,2})\s*+(?:[、．]|\.(?!\d))|[(（](?P<n>\d{1,2})[)）]"
    r"|(?P<r>[①-⑳])|(?<=^|[；;。\s])(?P<n>\d{1,2})[)）]"
)
_SEPARATOR = regex.compile(r"[；;。\n]|(?<=\p{Han}|[)）%％])\s+(?=指标\s*\d)")
_BRACKETS = regex.compile(r"[（(【\[][^（）()【】\[\]]*+[)）】\]]")
_EDGES = " \t\n\u3000；;。，,、:："
_BULLETS = "-—–*·●■◆▪•○◇□"
# Words and a sign behind them: a name with its value, though the words begin with a figure (一次验收合格率≥95%).
_NAMED = regex.compile(r"\p{Han}{2,}\s*[≥≤＞＜><＝=]")


def stripped(text: str, span: Span) -> Span:
    """``span`` without blanks and marks of punctuation around it."""
    start, end = span
    while start < end and (text[start] in _EDGES or _is_bullet(text, start, end)):
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return Span(start, end)


def _is_bullet(text: str, at: int, end: int) -> bool:
    """Whether a dash or a dot stands before words, and not before a number."""
    return text[at] in _BULLETS and end - at > 2 and not text[at + 1].isdigit()


def items(text: str, start: int = 0, end: int | None = None) -> Iterator[Item]:
    """The indicators of ``text[start:end]``, a list with numbers, semicolons, or commas between figures."""
    topic = None
    for piece in _pieces(text, Span(start, len(text) if end is None else end)):
        numbered, span = piece
        if numbered:
            topic = None
        parts = _at_commas(text, span)
        for part in parts or [span]:
            found = _item(text, part)
            topic = found.topic or topic
            yield found._replace(topic=topic)


def _pieces(text: str, whole: Span) -> Iterator[tuple[bool, Span]]:
    """Slices between numbers and semicolons, and whether a number stood before each."""
    part = text[whole.start : whole.end]
    hidden = [found.span() for found in _BRACKETS.finditer(part)]
    cuts: list[tuple[int, int, bool]] = []
    for found in _SEPARATOR.finditer(part):
        cuts.append((found.start(), found.end(), False))
    expected = 1
    for found in _NUMBER.finditer(part):
        ordinal = int(found["n"]) if found["n"] else ord(found["r"]) - ord("①") + 1
        before = part[: found.start()].rstrip(" \t\u3000")[-1:] if found.start() else ""
        at_edge = not before or before in "；;。：:\n】]"
        if ordinal == expected or (at_edge and ordinal != 0):
            cuts.append((found.start(), found.end(), True))
            expected = ordinal + 1
    begin, numbered = 0, False
    inside = iter(hidden)
    bracket = next(inside, None)
    for first, last, number in sorted(cuts):
        while bracket and bracket[1] <= first:
            bracket = next(inside, None)
        if bracket and bracket[0] < first < bracket[1]:
            continue
        span = stripped(text, Span(whole.start + begin, whole.start + first))
        if span.start < span.end:
            yield numbered, span
            numbered = False
        begin, numbered = last, number or numbered
    span = stripped(text, Span(whole.start + begin, whole.end))
    if span.start < span.end:
        yield numbered, span


def _at_commas(text: str, span: Span) -> list[Span]:
    """The parts of a list with commas, where every part is an indicator of its own; else nothing."""
    part = text[span.start : span.end]
    hidden = _BRACKETS.sub(lambda found: "\0" * len(found[0]), part)
    for mark in ("，,、", "，,"):
        cuts = [found.start() for found in regex.finditer(f"[{mark}]", hidden)]
        if not cuts:
            continue
        bounds = [-1, *cuts, len(part)]
        spans = [stripped(text, Span(span.start + a + 1, span.start + b)) for a, b in pairwise(bounds)]
        if any(s.start == s.end for s in spans):
            continue
        found = [_item(text, s) for s in spans]
        if all(i.value.start < i.value.end and i.name.end - i.name.start >= 2 and not i.topic for i in found):
            return spans
        endings = words.listed("prose", "measures")
        if mark == "，," and all(text[s.start : s.end].endswith(endings) and s.end - s.start <= 20 for s in spans):
            return spans
    return []


_COLON = regex.compile(r"[:：]")
# What is counted for each stands in the name (人均培训成本); the value takes it along.
_PER = regex.compile(r"(?:人均|户均|年均|月均|次均|亩均|每[^\d]{1,3}?)(?=\p{Han}{2})")
_IN_BRACKETS = regex.compile(r"[（(]([^（）()]++)[)）]")
_BRACKETED = regex.compile(r"[（(](?P<inner>[^（）()]++)[)）]$")


def _item(text: str, span: Span) -> Item:
    topic, name, value = _item_of(text[span.start : span.end])
    at = span.start
    return Item(topic, Span(at + name.start, at + name.end), Span(at + value.start, at + value.end))


@lru_cache(maxsize=512)
def _item_of(text: str) -> Item:
    """The one indicator that ``text`` is. A part of a list is looked at before the list is told to be one."""
    part, span = text, Span(0, len(text))
    if is_figure(part) and not (_date_in_front(part) or _PER.match(part) or _NAMED.search(part)):
        return Item(None, Span(span.start, span.start), span)
    if (colon := _COLON.search(part)) and 2 <= colon.start() <= _MAX_NAME:
        rest = stripped(text, Span(span.start + colon.end(), span.end))
        behind = text[rest.start : rest.end]
        name = stripped(text, Span(span.start, span.start + colon.start()))
        if behind and not _is_name(behind):
            return Item(None, name, _value_alone(text, rest))
        if behind:
            return Item(text[name.start : name.end], rest, Span(rest.end, rest.end))
        return Item(None, name, Span(rest.end, rest.end))
    if (bracket := _BRACKETED.search(part)) and bracket.start() >= 2 and _is_value(bracket["inner"]):
        before = part[: bracket.start()]
        if not any(value.span[1] == len(before) for value in _values(before)):
            start = span.start + bracket.start("inner")
            name = stripped(text, Span(span.start, span.start + bracket.start()))
            return Item(None, name, Span(start, start + len(bracket["inner"])))
    if found := _value_at_the_end(part):
        name = _without_joins(text, Span(span.start, span.start + found.start))
        return Item(None, name, Span(span.start + found.start, span.start + found.end))
    if found := _date_in_front(part):
        name = stripped(text, Span(span.start + found.end, span.end))
        return Item(None, name, Span(span.start, span.start + found.end))
    return Item(None, span, Span(span.end, span.end))


def _value_alone(text: str, span: Span) -> Span:
    """A value behind a colon, without the bracket around it."""
    if found := _IN_BRACKETS.fullmatch(text, *span):
        return Span(*found.span(1))
    return span


def _is_name(text: str) -> bool:
    """Whether words behind a colon are the name of a measure rather than a value: 初审工作完成率."""
    endings = words.listed("prose", "measures")
    return text.endswith(endings) and not any(c.isdigit() for c in text) and len(text) >= 4


def is_figure(text: str) -> bool:
    """Whether ``text`` is a value with a figure or a date, or several, and no words stand before it."""
    if len(text) > _MAX_ITEM:
        return False
    value = parse_value(text)
    if isinstance(value, Compound):
        return not isinstance(value.parts[0], Qualitative) and value.parts[0].span[0] == 0
    return not isinstance(value, Qualitative | Empty) and value.span[0] == 0


def _is_value(text: str) -> bool:
    """Whether words in a bracket behind a name are its value, in figures or in words (有力保障), and no part of it."""
    value = parse_value(text)
    if isinstance(value, Qualitative):
        return value.sense not in ("other", "task", "restatement")
    return isinstance(value, YesNo) or is_figure(text)


def _values(text: str) -> list[Value]:
    if len(text) > _MAX_ITEM:
        return []
    return find_values(text) if any(c.isdigit() or c in "一二三四五六七八九十百千万两半零" for c in text) else []


def _value_at_the_end(part: str) -> Span | None:
    """The value that ends the text, with all of a compound's parts: 开展培训≥12场 → ≥12场."""
    per = _PER.match(part)
    shift = per.end() if per else 0
    end = len(part)
    start = end
    for value in reversed(_values(part[shift:])):
        first, last = (at + shift for at in value.span)
        if part[last:start].strip(" 且和或及、，,（）()") or first < 2:
            break
        start = first
    if start == end:
        return None
    tail = part[start:end]
    return Span(start, end) if is_figure(tail) else None


def _date_in_front(part: str) -> Span | None:
    for value in _values(part)[:1]:
        if isinstance(value, DateValue) and value.span[0] == 0 and value.span[1] < len(part) - 1:
            return Span(0, value.span[1])
    return None


def _without_joins(text: str, span: Span) -> Span:
    start, end = stripped(text, span)
    joins = sorted(words.listed("prose", "joins"), key=len, reverse=True)
    while end - start > 2 and (join := next((j for j in joins if text[start:end].endswith(j)), None)):
        if end - start - len(join) < 2:
            break
        start, end = stripped(text, Span(start, end - len(join)))
    return Span(start, end)
