"""Heading rows in a run of tokens, and the columns to try where the heading was cut off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kpi.documents import Cell, Row
from kpi.documents.cleaning import clean
from kpi.tables import vocabulary
from kpi.tables.headed import columns_of, tree_of
from kpi.tables.pasted import beside
from kpi.tables.pasted.stream import MOST_WORD, Gap, Token, cell
from kpi.tables.second_row import PARTS_OF_VALUE

_STARTS = frozenset({"tier1", "tier2", "name", "number"})
_MOST_UNKNOWN = 10  # characters of a heading that no list knows


class Heading(NamedTuple):
    """A heading: its tokens ``[begin, end)``, its cells in the order of ``fields``.

    ``above`` and ``below`` are rows around the cells: the periods over blocks side by side, the places under a value.
    """

    begin: int
    end: int
    cells: tuple[Cell, ...]
    fields: tuple[str, ...]
    above: tuple[Row, ...] = ()
    below: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the heading, from top to bottom."""
        return (*self.above, self.cells, *self.below)


# Field → a heading that stands for it, for tables whose own was cut off.
_NAMES = {
    "tier1": "一级指标", "tier2": "二级指标", "name": "三级指标", "value": "指标值", "weight": "分值", "score": "得分",
    "actual": "实际完成值", "reason": "偏差原因分析", "basis": "指标值设定依据", "operator": "计算符号",
    "unit": "计量单位", "direction": "指标方向性", "description": "绩效指标描述",
}  # fmt: skip
_TIERS = ("tier1", "tier2", "name")
_VALUES = (("value",), ("operator", "value", "unit"), ("direction", "operator", "value", "unit"))
_TAILS = (
    (),
    ("weight",),
    ("basis",),
    ("weight", "basis"),
    ("actual",),
    ("actual", "reason"),
    ("actual", "weight", "score", "reason"),
    ("weight", "actual", "score", "reason"),
)
_USUAL = (
    *(_TIERS + value + tail for value in _VALUES for tail in _TAILS),
    (*_TIERS, "operator", "value", "unit", "weight", "direction"),
    (*_TIERS, "operator", "value", "unit", "actual", "weight", "score", "direction"),
    (*_TIERS, "operator", "value", "unit", "weight", "actual", "score", "direction"),
    (*_TIERS, "description", "value", "basis"),
)


def headings(found: Sequence[Token]) -> list[Heading]:
    """The headings in ``found``, in order."""
    result: list[Heading] = []
    at = 0
    claims = [_fields(token) for token in found]
    while at < len(found):
        heading = _heading_at(found, claims, at) if claims[at] and claims[at][0] in _STARTS else None
        if heading:
            result.append(heading)
        at = heading.end if heading else at + 1
    return result


def _fields(token: Token) -> tuple[str, ...]:
    return _fields_of(token.text) if len(token.text) <= vocabulary.MAX_HEADING_CHARS else ()


@lru_cache(maxsize=50_000)
def _fields_of(text: str) -> tuple[str, ...]:
    return tuple(claim.field for claim in vocabulary.column_claims(clean(text)))


def _heading_at(found: Sequence[Token], claims: list[tuple[str, ...]], at: int) -> Heading | None:
    """The heading that begins at ``at``, with what stands over its blocks or under its value."""
    behind = beside.band_at(found, at + 1)
    if claims[at][0] == "tier1" and behind > at + 1 and behind < len(found) and claims[behind]:
        below = _row_at(found, claims, behind)
        if below and "tier1" not in below.fields and below.fields.count("value") == behind - at - 1:
            cells = (cell(found[at : at + 1]), *below.cells)
            fields = ("tier1", *below.fields)
            band = beside.band_row(found[at + 1 : behind], _starts(fields), len(fields))
            return Heading(at, below.end, cells, fields, (band,))
    heading = _row_at(found, claims, at)
    if heading is None:
        return None
    if (end := beside.places_at(found, heading.end)) > heading.end and heading.fields.count("value") == 1:
        return _over_places(heading, found[heading.end : end])
    starts = _starts(heading.fields)
    if len(starts) > 1 and (over := beside.band_above(found, heading.begin, len(starts))):
        return heading._replace(above=(beside.band_row(over, starts, len(heading.fields)),))
    return heading


_TREE_TOKENS = 20


def _tree_at(found: Sequence[Token], cells: Row, begin: int, end: int) -> Heading | None:
    """The heading of a tree whose tiers stand on lines of their own, in no cell: one column for all levels."""
    below = [(cell([token]),) for token in found[end : end + _TREE_TOKENS] if not token.gap & Gap.CELL]
    columns = tree_of(cells, below)
    if columns is None or columns.fields["name"] != 0 or not found[end : end + 1] or found[end].gap & Gap.CELL:
        return None
    kept = beside.fields_of(columns)
    place = cells[0]
    tiers = tuple(Cell(_NAMES[field], place.line, place.start, place.start) for field in ("tier1", "tier2"))
    return Heading(begin, end, (*tiers, *(cells[at] for at in kept)), ("tier1", "tier2", *kept.values()))


def _starts(fields: Sequence[str]) -> list[int]:
    """Where the blocks of a heading begin that repeats 二级指标 or 三级指标."""
    key = "tier2" if "tier2" in fields else "name"
    return [at for at, field in enumerate(fields) if field == key]


def _over_places(heading: Heading, places: Sequence[Token]) -> Heading:
    """A heading whose value is split into one column a place."""
    value, more = heading.fields.index("value"), len(places) - 1
    cells = (*heading.cells[: value + 1], *[Cell("")] * more, *heading.cells[value + 1 :])
    fields = (*heading.fields[:value], *["value"] * len(places), *heading.fields[value + 1 :])
    names = (*[Cell("")] * value, *(cell([token]) for token in places), *[Cell("")] * (len(fields) - value - more - 1))
    return Heading(heading.begin, heading.end + len(places), cells, fields, (), (names,))


def _row_at(found: Sequence[Token], claims: list[tuple[str, ...]], at: int) -> Heading | None:
    end = at
    last = at
    valued = False
    while end < len(found) and end - at < 20:
        valued = valued or "value" in claims[end]
        if claims[end] or (not valued and end > at and vocabulary.is_period(clean(found[end].text))):
            last = end
        elif end > last + 1 or not _may_be_unknown(found[end]):
            break
        end += 1
    parts = _spliced(claims, at, last + 1)
    cells = tuple(cell(found[n : n + 1]) for n in parts)
    columns = columns_of(cells)
    if columns is None and (end := beside.places_at(found, last + 1)) > last + 1:
        cells = (*cells, *(cell(found[n : n + 1]) for n in range(last + 1, end)))
        columns, last, parts = columns_of(cells), end - 1, list(range(at, end))
    if columns is None:
        return _tree_at(found, cells, at, last + 1)
    kept = beside.fields_of(columns)
    if (
        "name" not in columns.fields
        and (unknown := _unknown_name(columns.fields, [claims[n] for n in parts])) is not None
    ):
        kept[unknown] = "name"
        cells = (*cells[:unknown], cells[unknown]._replace(text=_NAMES["name"]), *cells[unknown + 1 :])
        kept = dict(sorted(kept.items()))
    order = list(kept)
    # A label that was merged over all rows (绩效指标) is no column, unknown headings between others are.
    inner = [n for n in range(order[0], len(parts)) if n not in kept and not claims[parts[n]]]
    order = sorted({*order, *inner})
    return Heading(at, last + 1, tuple(cells[n] for n in order), tuple(kept.get(n, "other") for n in order))


def _unknown_name(fields: dict[str, int], claims: Sequence[tuple[str, ...]]) -> int | None:
    """The one heading without a known wording between the tiers and the value: nothing else can hold the names."""
    begin = max(fields.get("tier1", -1), fields.get("tier2", -1)) + 1
    unknown = [n for n in range(begin, fields["value"]) if not claims[n]]
    return unknown[0] if len(unknown) == 1 else None


def _spliced(claims: Sequence[tuple[str, ...]], begin: int, end: int) -> list[int]:
    """The headings ``[begin, end)`` in their order. The second row of a merged heading (符号 值 单位), printed behind
    the first, stands where the value does.
    """
    second = end
    while second > begin and claims[second - 1] and claims[second - 1][0] in PARTS_OF_VALUE:
        second -= 1
    over = next((n for n in range(begin, second) if "value" in claims[n]), None)
    tail = [claims[n][0] for n in range(second, end)]
    if over is None or "value" not in tail or not {"operator", "nature", "unit"} & set(tail):
        return list(range(begin, end))
    return [*range(begin, over), *range(second, end), *range(over + 1, second)]


def _may_be_unknown(token: Token) -> bool:
    text = clean(token.text)
    return len(text) <= _MOST_UNKNOWN and not vocabulary.tier1(text) and not vocabulary.tier2(text)


_WITHIN = 6  # tokens between the heading of the names and the first tier that may be headings


def is_unknown(found: Sequence[Token]) -> bool:
    """Whether a heading of tiers and names goes on, up to the first tier, with words that no list knows.

    Which of its columns holds what is then not to be guessed.
    """
    claims = [_fields(token) for token in found]
    for at in range(1, len(found)):
        if claims[at][:1] != ("name",) or claims[at - 1][:1] not in (("tier1",), ("tier2",)):
            continue
        behind = range(at + 1, min(at + 1 + _WITHIN, len(found)))
        tier = next((n for n in behind if vocabulary.is_tier(clean(found[n].text[:MOST_WORD]))), at + 1)
        between = range(at + 1, tier)
        if any(not claims[n] for n in between) and not any("value" in claims[n] for n in between):
            return True
    return False


def usual(place: Token, known: Sequence[Heading]) -> list[Heading]:
    """The headings to try where none is printed; their cells stand, empty, at the beginning of ``place``.

    A heading that stands elsewhere in the text, on a later page, is tried alone.
    """
    orders = [heading.fields for heading in known] or _USUAL
    result = []
    for order in orders:
        cells = tuple(Cell(_NAMES.get(field, ""), place.line, place.start, place.start) for field in order)
        result.append(Heading(0, 0, cells, order))
    return result
