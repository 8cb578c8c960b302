"""A second heading row, below the one that names the columns: what it splits the value's heading into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi.documents import Row
from kpi.tables import vocabulary
from kpi.tables.columns import Columns, side_by_side
from kpi.tables.fit import sort_of
from kpi.tables.offered import Offer

PARTS_OF_VALUE = frozenset({"operator", "nature", "value", "unit", "direction"})
_MOST_LABEL = 10  # characters

Labels = Sequence[tuple[int, str]]  # column, text


def split(columns: Columns, row: Row) -> Columns | None:
    """``columns``, where ``row`` is a second heading row that splits one of them; else ``None``."""
    filled = [(at, cell.text) for at, cell in enumerate(row) if cell.text]
    if len(filled) < 2:
        return None
    return _places(columns, row, filled) or _periods(columns, row, filled) or _parts(columns, row, filled)


def _parts(columns: Columns, row: Row, filled: Labels) -> Columns | None:
    """符号 | 值 | 单位 under the value, 二级指标 | 三级指标 under what was merged."""
    if not all(vocabulary.column_claims(text) for _, text in filled):
        return None
    claims = [(at, vocabulary.column_claims(text)[0].field) for at, text in filled]
    if any(field in ("tier1", "tier2") for _, field in claims):
        return None
    if _collapsed(columns, [at for at, _ in claims]):
        if not all(field in PARTS_OF_VALUE for _, field in claims):
            return None
        value = columns.fields["value"]
        parts = {value + n: field for n, (_, field) in enumerate(claims)}
        columns = columns.moved(len(parts) - 1)
    else:
        parts = dict(claims)
    fields = dict(columns.fields)
    fields.update({field: at for at, field in parts.items() if field == "value" or field not in columns.fields})
    if fields == columns.fields:
        return None
    headed, width = columns.headed | parts.keys(), max(columns.width, len(row))
    return replace(columns, fields=fields, width=width, headed=headed, offers=(), unit_above=columns.unit)


def _collapsed(columns: Columns, parts: Sequence[int]) -> bool:
    """Whether the heading above lost the blanks behind its merged cells, so that ``parts`` stand under others."""
    value = columns.fields["value"]
    return parts[0] < value or any(at in columns.headed for at in parts if at != value)


def _places(columns: Columns, row: Row, filled: Labels) -> Columns | None:
    """One block a place, where ``row`` names places (villages, schools) under the value's heading and nothing else."""
    if not all(vocabulary.is_place(text) for _, text in filled):
        return None
    found = _under_value(columns, filled)
    if found is None:
        return None
    columns, labels = found
    width, headed = max(columns.width, labels[-1][0] + 1), columns.headed | {at for at, _ in labels}
    return side_by_side(
        [
            replace(
                columns,
                fields={**columns.fields, "value": at},
                width=width,
                place=text,
                headed=headed,
                offers=(),
                unit_above=columns.unit,
                beside=(),
            )
            for at, text in labels
        ]
    )


def _under_value(columns: Columns, filled: Labels) -> tuple[Columns, Labels] | None:
    """The labels under the value, with the columns as they stand below them.

    The copy may have lost the blank cells before the labels; then they count from the value's column.
    """
    value = columns.fields["value"]
    if filled[0][0] > value:
        return None
    shift = value - filled[0][0]
    labels = [(at + shift, text) for at, text in filled]
    places = {at for at, _ in labels}
    if shift or any(at in places for at in columns.fields.values() if at > value):
        columns = columns.moved(max(places) - value)
    return columns, labels


def _periods(columns: Columns, row: Row, filled: Labels) -> Columns | None:
    """Several columns that offer a value, where ``row`` names periods or versions under its heading: 上半年 | 全年.

    Other short labels under a heading over several columns say nothing of what is read, but they are no indicator.
    """
    spans = columns.spans
    if all(at in spans for at, _ in filled):
        return _under_spans(columns, spans, filled)
    if not all(vocabulary.is_period(text) for _, text in filled) or (found := _under_value(columns, filled)) is None:
        return None
    columns, labels = found
    offers = tuple(Offer("value", at, text) for at, text in labels)
    headed, width = columns.headed | {offer.at for offer in offers}, max(columns.width, offers[-1].at + 1)
    return replace(columns, headed=headed, width=width, offers=offers, unit_above=columns.unit)


def _under_spans(columns: Columns, spans: dict[int, str], filled: Labels) -> Columns | None:
    parts: dict[str, int] = {}
    offers: list[Offer] = []
    told = False
    for at, text in filled:
        field = next((claim.field for claim in vocabulary.column_claims(text)), None)
        if field in PARTS_OF_VALUE - {"value"} and spans[at] == "value":
            parts[str(field)] = at
        elif field in (None, spans[at]) and _may_be_label(text):
            offers.append(Offer(spans[at], at, text))
            told = told or vocabulary.is_period(text)
        else:
            return None
    values = [offer for offer in offers if offer.field == "value"]
    if len(values) < 2:
        return None
    if not told and not all(vocabulary.column_claims(offer.text) for offer in values):
        return columns
    fields = {**columns.fields, **{field: at for field, at in parts.items() if field not in columns.fields}}
    fields["value"] = values[0].at
    headed = columns.headed | {at for at, _ in filled}
    return replace(columns, fields=fields, headed=headed, offers=tuple(offers), unit_above=columns.unit)


def _may_be_label(text: str) -> bool:
    return len(text) <= _MOST_LABEL and (vocabulary.is_period(text) or sort_of(text).kind in ("words", "heading"))
