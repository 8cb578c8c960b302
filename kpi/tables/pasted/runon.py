"""Tables run together without any separator: only what is certain is read, and the rest is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import regex

from kpi.documents import Cell, Row
from kpi.documents.cleaning import clean
from kpi.schema import DateValue, Quantity, Range, Value
from kpi.tables import vocabulary
from kpi.tables.fit import starts_tier
from kpi.tables.pasted.stream import Token
from kpi.values import find_values

# Columns beside name and value whose texts cannot be told from them once nothing stands between.
_BLURRING = ("description", "nature", "operator", "unit", "place")
_LEAST_LABEL = 4
_LEAST_TIERS = 2
_LEAST_CHARS = 20
_MOST_CHARS = 50_000
_LEAST_NAME = 2
_WIDTH = 5
_HEADING = regex.compile(r"[二三]级\s?指标")
_IN_SENTENCES = tuple("：:，,。、；;和与及等的为是共”》】-")
_NUMBER_FIELDS = ("weight", "actual", "score")
_TEXT_FIELDS = ("description", "basis", "explanation", "score_rule", "reason", "direction")  # what may follow a value
_POINTS = regex.compile(r"(?P<weight>[1-5]?\d(?:\.\d{1,2})?)(?![\d.])|[\d.]++")
_NO_NAME = regex.compile(r"[\d，。；！？;]")
_HAN = regex.compile(r"\p{Han}")


class RunOn(NamedTuple):
    """The rows of a piece of text, a heading first, and whether some of the text could not be told apart."""

    rows: list[Row]
    unread: bool


@cache
def _pattern() -> regex.Pattern[str]:
    """Tier names that can be told in running text, with a weight in brackets; the longest first."""
    words = "|".join(map(regex.escape, vocabulary.tier_names()))
    return regex.compile(rf"(?:{words})(?:[(（]\d{{1,3}}(?:\.\d{{1,2}})?分?[)）])?+")


def read(token: Token) -> RunOn | None:
    """The rows that stand in ``token``; ``None`` where it holds no table run together."""
    text = token.text
    if not _LEAST_CHARS <= len(text) <= _MOST_CHARS:
        return None
    tiers = list(_pattern().finditer(text))
    if not _is_table(text, tiers):
        return None
    rows: list[Row] = []
    unread = False
    if _blurs(text[: tiers[0].start()]):
        return RunOn([], unread=True)
    numbers = _named(text[: tiers[0].start()], _NUMBER_FIELDS)
    with_texts = bool(_named(text[: tiers[0].start()], _TEXT_FIELDS))
    first = second = Cell("")
    ends = [found.start() for found in tiers[1:]] + [len(text)]
    for found, end in zip(tiers, ends, strict=True):
        name = _cell(token, found.start(), found.end())
        opens = vocabulary.tier1(name.text) and (end == found.end() or starts_tier(name.text))
        if vocabulary.tier2(name.text) and not opens:
            second = name
        else:
            first, second = name, Cell("")
        read = list(_rows(token, found.end(), end, numbers))
        if len(read) > 1 and with_texts:
            read = [()]  # which of the figures are values, nothing says
        for row in read:
            if not row:
                unread = True
                continue
            rows.append((first, second, *row, Cell(""))[:_WIDTH])
            first = second = Cell("")
    if not rows:
        return RunOn([], unread) if unread else None
    at = _cell(token, tiers[0].start(), tiers[0].start())
    heading = tuple(at._replace(text=wording) for wording in ("一级指标", "二级指标", "三级指标", "指标值", "分值"))
    return RunOn([heading, *rows], unread)


def _is_table(text: str, tiers: Sequence[regex.Match[str]]) -> bool:
    """Whether tier names stand in a table, not in sentences about one: a heading before them or several second tiers,
    and none of them the subject of a sentence or in a list.
    """
    seconds = {found[0] for found in tiers if vocabulary.tier2(found[0])}
    if not tiers or len(seconds) < (1 if _HEADING.search(text[: tiers[0].start()]) else _LEAST_TIERS):
        return False
    return not any(text.startswith(_IN_SENTENCES, found.end()) for found in tiers)


def _cell(token: Token, start: int, end: int) -> Cell:
    base = token.start
    text = clean(token.text[start:end])
    return Cell(text, token.line, *((None, None) if base is None else (base + start, base + end)))


def _blurs(before: str) -> bool:
    """Whether the heading, the end of what stands before the first tier, names columns that blur name and value."""
    found = list(_HEADING.finditer(before))
    return bool(found and _named(before[found[-1].end() :], _BLURRING))


def _named(heading: str, fields: Sequence[str]) -> frozenset[str]:
    """Those of ``fields`` whose columns the heading names."""
    text, names = clean(heading), vocabulary.wordings("name")
    return frozenset(
        field for field in fields if any(word in text for word in vocabulary.wordings(field) if word not in names)
    )


def _rows(token: Token, start: int, end: int, numbers: frozenset[str]) -> Iterator[Sequence[Cell]]:
    """Name, value and weight of each row in ``[start, end)``; an empty one for text that is not certain."""
    body = token.text[start:end]
    at = 0
    for value in find_values(body):
        left, right = value.span
        if left < at:
            continue
        name = body[at:left]
        if not _is_certain(value) or not _is_name(name):
            continue
        row: tuple[Cell, ...] = (_cell(token, start + at, start + left), _cell(token, start + left, start + right))
        at = right
        if numbers and (points := _POINTS.match(body, right)):
            at = points.end()
            if numbers == {"weight"} and points["weight"]:
                row = (*row, _cell(token, start + right, start + at))
            else:
                yield ()  # numbers of several columns in one: nothing says where one ends
        yield row
    if body[at:].strip("。；;，, "):
        yield ()


def _is_name(text: str) -> bool:
    """Whether a text between two values is surely one name: no figures, no sentence and no head that goes before it."""
    if _NO_NAME.search(text) or len(_HAN.findall(text)) < _LEAST_NAME:
        return False
    return not any(label in text for label in vocabulary.head_labels() if len(label) >= _LEAST_LABEL)


def _is_certain(value: Value) -> bool:
    """Whether the end of a value is seen: a unit or a sign closes it."""
    if not any(map(str.isdecimal, value.raw)):
        return False
    if isinstance(value, Quantity):
        return value.unit is not None
    if isinstance(value, DateValue):
        return value.precision != "year"
    return isinstance(value, Range)
