"""The columns of an indicator table, from its heading row (a second one is read by ``second_row``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from kpi.documents import Row
from kpi.tables import vocabulary
from kpi.tables.columns import Columns, Horizon, is_tier_line, side_by_side
from kpi.tables.offered import Offer
from kpi.tables.vocabulary import Claim

# Fields of which a row holds one for all blocks side by side, where it has no more than one such column.
_SHARED = frozenset({"project_name", "project_code", "project_budget", "project_goals", "tier1", "number"})
# Fields whose second column begins another block: 二级 三级 指标值 for the whole period, 二级 三级 指标值 for the year.
_REPEATED = frozenset({"tier1", "tier2", "name"})
# Two of these are in every heading but that of a tree.
_NEEDED = frozenset({"tier1", "tier2", "name"})
# A cell of the row above that stands over a blank of the heading is a merged heading of these fields.
_ABOVE = frozenset({"tier1", "tier2", "name", "description", "operator", "value", "unit", "weight", "actual", "score",
                    "reason", "basis", "explanation", "score_rule", "number"})  # fmt: skip


def columns_of(row: Row, above: Row = ()) -> Columns | None:
    """The columns of a heading row, or ``None`` where ``row`` is none: a value, and two of tier, tier and name.

    ``above`` is the row over it, whose cells may be merged downwards into this one.
    """
    texts = tuple([cell.text for cell in row])
    claiming = [text for text in texts if text and vocabulary.column_claims(text)]
    if len(claiming) < 2:
        return None
    merged = _merged_from(row, above)
    short = len(texts) <= _MOST_COLUMNS and sum(map(len, texts)) <= _MOST_HEADING
    return _short_heading(texts, merged) if short else _columns(texts, merged)


# A heading that is remembered: a document's tables have the same few, and other documents have them too.
_MOST_COLUMNS = 60
_MOST_HEADING = 400  # characters

_Claims = tuple[tuple[int, tuple[Claim, ...]], ...]  # of columns


@lru_cache(maxsize=1024)
def _short_heading(texts: tuple[str, ...], merged: _Claims) -> Columns | None:
    return _columns(texts, merged)


def _columns(texts: tuple[str, ...], merged: _Claims) -> Columns | None:
    """The columns of a row of ``texts``, with what is ``merged`` into it from the row above."""
    known = {at: list(told) for at, text in enumerate(texts) if text and (told := vocabulary.column_claims(text))}
    claimed = {claim.field for told in (*known.values(), *dict(merged).values()) for claim in told}
    if len(_NEEDED & claimed) < 2:
        return None
    read = [_block(part, texts) for part in _parts(known)]
    if merged and not any(block and "tier1" in block.fields for block in read):
        read = [_block(part, texts) for part in _parts({at: list(told) for at, told in merged} | known)]
    found = [block for block in read if block is not None]
    if not found or not _is_heading(found[0]):
        return _by_places(texts, known) or _by_periods(texts, known)
    first = found[0]
    shared = {name: at for name, at in first.fields.items() if name in _SHARED}
    rest = [replace(block, fields={**shared, **block.fields}) for block in found[1:]]
    blocks = [first, *rest] if rest else _by_horizon(first, texts)
    if len(blocks) == 1 and first.horizon == "annual":  # 年度指标值 on its own says nothing that the year does not
        return replace(first, horizon=None)
    return side_by_side(blocks)


def _is_heading(columns: Columns) -> bool:
    return "value" in columns.fields and len(_NEEDED & columns.fields.keys()) >= 2


def tree_of(row: Row, below: Iterable[Row]) -> Columns | None:
    """The columns of a tree: a name and a value, and ``below`` two rows or more with a tier alone among the names."""
    claims = {at: list(found) for at, cell in enumerate(row) if (found := vocabulary.column_claims(cell.text))}
    fields = _assigned(claims)
    if "name" not in fields and "tier1" in fields:
        fields["name"] = fields.pop("tier1")  # 指标类别 | 指标值, or 一级指标 over a column that holds every level
    if not {"name", "value"} <= fields.keys() or {"tier1", "tier2"} & fields.keys():
        return None
    columns = Columns(fields, len(row), tree=True, headed=_filled([cell.text for cell in row]))
    tiers = sum(1 for row in below if is_tier_line(row, columns))
    return columns if tiers >= 2 else None


def _merged_from(row: Row, above: Row) -> _Claims:
    """What the headings above the blanks of ``row`` claim; of rows of unlike length, only left of the first word."""
    found = []
    for at, (cell, over) in enumerate(zip(row, above, strict=False)):
        if cell.text and len(row) != len(above):
            break
        if not cell.text and over.text and (claims := vocabulary.column_claims(over.text)):
            kept = tuple(claim for claim in claims if claim.field in _ABOVE)
            if kept:
                found.append((at, kept))
    return tuple(found)


def _parts(claims: dict[int, list[Claim]]) -> list[dict[int, list[Claim]]]:
    """The columns of each block: another begins where a tier or a name comes a second time after a value."""
    parts: list[dict[int, list[Claim]]] = [{}]
    seen: set[str] = set()
    for at in sorted(claims):
        field = claims[at][0].field
        if field in _REPEATED and field in seen and "value" in seen:
            parts.append({})
            seen = set()
        parts[-1][at] = claims[at]
        seen.add(field)
    return parts


def _block(claims: dict[int, list[Claim]], texts: Sequence[str]) -> Columns | None:
    fields = _assigned({at: list(found) for at, found in claims.items()})
    if "value" not in fields:
        return None
    taken = set(fields.values())
    others = [
        Offer("value", at, texts[at], found[0].rank)
        for at, found in claims.items()
        if (at not in taken or at == fields["value"]) and found[0].field == "value" and texts[at]
    ]
    offers, unread = _equals(others, fields["value"])
    headed = _filled(texts).union(claims)
    horizon = vocabulary.horizon(texts[fields["value"]])
    return Columns(fields, len(texts), unread, horizon, headed=headed, offers=offers)


def _filled(texts: Sequence[str]) -> frozenset[int]:
    return frozenset(at for at, text in enumerate(texts) if text)


def _equals(found: Sequence[Offer], value: int) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """Those of ``found`` that have as good a claim as the column of the ``value``, and the texts of the others."""
    first = next((offer for offer in found if offer.at == value), None)
    if first is None:
        return (), tuple(offer.text for offer in found)
    horizon, dated = vocabulary.horizon(first.text), vocabulary.year_of_heading(first.text)
    equal = tuple(
        offer
        for offer in found
        if vocabulary.horizon(offer.text) == horizon
        and (offer.rank == first.rank or (dated and vocabulary.year_of_heading(offer.text)))
    )
    return equal, tuple(offer.text for offer in found if offer not in equal)


def _by_horizon(columns: Columns, texts: Sequence[str]) -> list[Columns]:
    """One block for each value column that names another horizon: 实施期指标值 | 年度指标值 of the same indicator.

    Several columns of one horizon (2024年度指标值 | 2025年度指标值) are offers to one block.
    """
    others: dict[Horizon, list[Offer]] = {}
    for at, text in enumerate(texts):
        if text in columns.unread and (horizon := vocabulary.horizon(text)):
            others.setdefault(horizon, []).append(Offer("value", at, text))
    first = columns.horizon or ("annual" if "whole_period" in others else "whole_period")
    if not others or first in others:
        return [columns]
    unread = tuple(text for text in columns.unread if not vocabulary.horizon(text))
    blocks = [replace(columns, horizon=first, unread=unread)]
    blocks += [
        replace(
            columns, horizon=h, unread=unread, fields={**columns.fields, "value": offers[0].at}, offers=tuple(offers)
        )
        for h, offers in others.items()
    ]
    return sorted(blocks, key=lambda block: block.fields["value"])


def _by_periods(texts: Sequence[str], claims: dict[int, list[Claim]]) -> Columns | None:
    """A heading without a value's column, whose other columns are periods: 三级指标 | 2024年 | 2025年."""
    fields = _assigned(claims)
    if "value" in fields or "name" not in fields or not {"tier1", "tier2"} & fields.keys():
        return None
    offers = tuple(
        Offer("value", at, text)
        for at, text in enumerate(texts)
        if at not in claims and at > fields["name"] and vocabulary.is_period(text)
    )
    if not offers:
        return None
    return Columns({**fields, "value": offers[0].at}, len(texts), headed=_filled(texts), offers=offers)


def _by_places(texts: Sequence[str], claims: dict[int, list[Claim]]) -> Columns | None:
    """A heading without a value's column, whose other columns are places: 三级指标 | 甲村 | 乙村."""
    fields = _assigned(claims)
    places = {at: text for at, text in enumerate(texts) if text and at not in claims and at > max(claims)}
    if "value" in fields or len(_NEEDED & fields.keys()) < 2 or len(places) < 2:
        return None
    if not all(map(vocabulary.is_place, places.values())):
        return None
    width, headed = len(texts), _filled(texts)
    blocks = [Columns({**fields, "value": at}, width, place=text, headed=headed) for at, text in places.items()]
    return side_by_side(blocks)


def _assigned(claims: dict[int, list[Claim]]) -> dict[str, int]:
    """Each column to the first field that it claims and no surer column does; the losers try their next field.

    Of two that are as sure the left one wins, but for names: 绩效指标 left of the tiers is the label of the table.
    """
    fields: dict[str, int] = {}
    while claims:
        best: dict[str, tuple[int, int]] = {}
        for at, wanted in claims.items():
            claim = wanted[0]
            if claim.field not in fields:
                order = (claim.rank, -at if claim.field == "name" else at)
                best[claim.field] = min(best.get(claim.field, order), order)
        fields.update({field: abs(at) for field, (_, at) in best.items()})
        claims = {at: wanted[1:] for at, wanted in claims.items() if at not in fields.values() and len(wanted) > 1}
    return fields
