"""Which column of an indicator table holds which field, from its heading row (or two)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kpi.documents import Row
from kpi.tables import vocabulary
from kpi.tables.vocabulary import Claim

Horizon = Literal["annual", "whole_period"]
# Fields of which a row holds one for all blocks side by side, where it has no more than one such column.
_SHARED = frozenset({"project_name", "project_code", "project_budget", "project_goals", "tier1", "number"})
# Fields whose second column begins another block: 二级 三级 指标值 for the whole period, 二级 三级 指标值 for the year.
_REPEATED = frozenset({"tier1", "tier2", "name"})
# What the heading of a value is split into by a second heading row.
_PARTS_OF_VALUE = frozenset({"operator", "nature", "value", "unit", "direction"})
# A cell of the row above that stands over a blank of the heading is a merged heading of these fields.
_ABOVE = frozenset({"tier1", "tier2", "name", "description", "operator", "value", "unit", "weight", "actual", "score",
                    "reason", "basis", "explanation", "score_rule", "number"})  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Which column holds which field. ``width`` is the number of cells, ``unread`` the value columns left over.

    ``beside`` are further blocks of the same rows: the year beside the whole period, one place beside another.
    A ``tree`` has its tiers in the column of the names, on rows of their own. ``headed`` are the columns over which
    a heading stands: a heading without neighbours to its right reaches over all columns up to the next.
    """

    fields: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()
    horizon: Horizon | None = None
    place: str | None = None
    tree: bool = False
    headed: frozenset[int] = frozenset()
    beside: tuple[Columns, ...] = ()

    @property
    def blocks(self) -> tuple[Columns, ...]:
        """All blocks of a row, from left to right."""
        return (self, *self.beside)

    def over(self, horizons: Sequence[Horizon]) -> Columns:
        """These columns, their blocks under ``horizons``."""
        blocks = [replace(block, horizon=h, beside=()) for block, h in zip(self.blocks, horizons, strict=True)]
        return _side_by_side(blocks)

    def with_tiers_of(self, rows: Sequence[Row]) -> Columns:
        """These columns, with a first tier in the column left of the others where its heading is unreadable."""
        left = min(self.fields.values()) - 1
        if "tier1" in self.fields or self.tree or left < 0 or "tier2" not in self.fields:
            return self
        told = [row[left].text for row in rows if left < len(row) and row[left].text]
        return replace(self, fields={"tier1": left, **self.fields}) if any(map(vocabulary.tier1, told)) else self

    def widened_for(self, below: Row) -> Columns:
        """These columns, moved on by one where a cut copy lost the first tier's heading but not its cells ``below``.

        So it is as well where the first tier's heading stands in the row above, over blocks side by side.
        """
        lost = all("tier1" not in block.fields for block in self.blocks) and len(below) == self.width + 1
        if not lost or vocabulary.tier1(below[0].text) is None or self.fields.get("tier2") != 0:
            return self
        return _side_by_side(
            [
                replace(
                    block,
                    fields={"tier1": 0} | {name: at + 1 for name, at in block.fields.items()},
                    width=self.width + 1,
                    headed=frozenset({0, *(at + 1 for at in block.headed)}),
                )
                for block in self.blocks
            ]
        )

    def text(self, row: Row, field_name: str) -> str:
        """The text of the field's cell in ``row``, empty where it has none.

        Under a heading over several columns the parts of a value (≥ | 90 | %) are joined; of other cells the first
        that is no serial number counts.
        """
        reach = self._reach.get(field_name)
        if reach is None or reach.start >= len(row):
            return ""
        if len(reach) == 1:
            return row[reach.start].text
        found = [cell.text for cell in row[reach.start : reach.stop] if cell.text]
        if field_name == "value":
            return "".join(found)
        return next((text for text in found if not text.isdigit()), found[0] if found else "")

    def at(self, row: Row, field_name: str) -> int:
        """The column of the field's first filled cell in ``row``, else the one of its heading."""
        reach = self._reach[field_name]
        return next((n for n in reach if n < len(row) and row[n].text), reach.start)

    @cached_property
    def _reach(self) -> dict[str, range]:
        ends = {
            at: min((other for other in self.headed if other > at), default=max(self.width, at + 1))
            for at in self.fields.values()
        }
        return {name: range(at, ends[at]) for name, at in self.fields.items()}

    def split_by(self, row: Row) -> Columns | None:
        """These columns, where ``row`` is a second heading row that splits one of them; else ``None``."""
        filled = [(at, cell.text) for at, cell in enumerate(row) if cell.text]
        if len(filled) < 2:
            return None
        if (places := self._places(row)) is not None:
            return places
        claims = [(at, told[0].field) for at, text in filled if (told := vocabulary.column_claims(text))]
        if len(claims) < len(filled) or any(field in ("tier1", "tier2") for _, field in claims):
            return None
        if self._collapsed([at for at, _ in claims]):
            if not all(field in _PARTS_OF_VALUE for _, field in claims):
                return None
            value = self.fields["value"]
            parts = {value + n: field for n, (_, field) in enumerate(claims)}
            columns = self._moved(len(parts) - 1)
            headed = columns.headed | parts.keys()
        else:
            parts, columns = dict(claims), self
            headed = self.headed | parts.keys()
        fields = dict(columns.fields)
        fields.update({field: at for at, field in parts.items() if field == "value" or field not in self.fields})
        if fields == self.fields:
            return None
        return replace(columns, fields=fields, width=max(columns.width, len(row)), headed=headed)

    def _collapsed(self, parts: Sequence[int]) -> bool:
        """Whether the heading above lost the blanks behind its merged cells, so that ``parts`` stand under others."""
        value = self.fields["value"]
        return parts[0] < value or any(at in self.headed for at in parts if at != value)

    def _moved(self, by: int) -> Columns:
        """These columns, all that is right of the value moved on by ``by``."""
        value = self.fields["value"]

        def place_of(at: int) -> int:
            return at + by if at > value else at

        fields = {name: place_of(at) for name, at in self.fields.items()}
        return replace(self, fields=fields, width=self.width + by, headed=frozenset(map(place_of, self.headed)))

    def _places(self, row: Row) -> Columns | None:
        """One block a place, where ``row`` names places (villages, schools) under the value's heading and nothing else.

        The copy may have lost the blank cells before the names; then they count from the value's column.
        """
        value = self.fields["value"]
        filled = [(at, cell.text) for at, cell in enumerate(row) if cell.text]
        if filled[0][0] > value or not all(vocabulary.is_place(text) for _, text in filled):
            return None
        shift = value - filled[0][0]
        at_places = {at + shift: text for at, text in filled}
        columns = self
        if shift or any(at in at_places for at in self.fields.values() if at > value):
            columns = self._moved(max(at_places) - value)
        width, headed = max(columns.width, max(at_places) + 1), columns.headed | at_places.keys()
        return _side_by_side(
            [
                Columns({**columns.fields, "value": at}, width, self.unread, self.horizon, text, headed=headed)
                for at, text in at_places.items()
            ]
        )


def columns_of(row: Row, above: Row = ()) -> Columns | None:
    """The columns of a heading row, or ``None`` where ``row`` is none: a value, and two of tier, tier and name.

    ``above`` is the row over it, whose cells may be merged downwards into this one.
    """
    claims = {at: vocabulary.column_claims(cell.text) for at, cell in enumerate(row) if cell.text}
    known = {at: list(found) for at, found in claims.items() if found}
    if len(known) < 2:
        return None
    merged = _merged_from(row, above)
    read = [_block(part, row, len(row)) for part in _parts(known)]
    if merged and not any(block and "tier1" in block.fields for block in read):
        read = [_block(part, row, len(row)) for part in _parts({**merged, **known})]
    found = [block for block in read if block is not None]
    if not found or not _is_heading(found[0]):
        return _by_places(row, known)
    first = found[0]
    shared = {name: at for name, at in first.fields.items() if name in _SHARED}
    rest = [replace(block, fields={**shared, **block.fields}) for block in found[1:]]
    blocks = [first, *rest] if rest else _by_horizon(first, row)
    if len(blocks) == 1 and first.horizon == "annual":  # 年度指标值 on its own says nothing that the year does not
        return replace(first, horizon=None)
    return _side_by_side(blocks)


def _is_heading(columns: Columns) -> bool:
    return "value" in columns.fields and len({"tier1", "tier2", "name"} & columns.fields.keys()) >= 2


def tree_of(row: Row, below: Iterable[Row]) -> Columns | None:
    """The columns of a tree: a name and a value, and ``below`` two rows or more with a tier alone among the names."""
    claims = {at: list(found) for at, cell in enumerate(row) if (found := vocabulary.column_claims(cell.text))}
    fields = _assigned(claims)
    if "name" not in fields and "tier1" in fields:
        fields["name"] = fields.pop("tier1")  # 指标类别 | 指标值, or 一级指标 over a column that holds every level
    if not {"name", "value"} <= fields.keys() or {"tier1", "tier2"} & fields.keys():
        return None
    headed = frozenset(at for at, cell in enumerate(row) if cell.text)
    columns = Columns(fields, len(row), tree=True, headed=headed)
    tiers = sum(1 for row in below if is_tier_line(row, columns))
    return columns if tiers >= 2 else None


def is_tier_line(row: Row, columns: Columns) -> bool:
    """Whether a row of a tree names a tier and nothing else."""
    return not columns.text(row, "value") and vocabulary.is_tier(columns.text(row, "name"))


def _merged_from(row: Row, above: Row) -> dict[int, list[Claim]]:
    """What the headings above the blanks of ``row`` claim; of rows of unlike length, only left of the first word."""
    found = {}
    for at, (cell, over) in enumerate(zip(row, above, strict=False)):
        if cell.text and len(row) != len(above):
            break
        if not cell.text and over.text and (claims := vocabulary.column_claims(over.text)):
            kept = [claim for claim in claims if claim.field in _ABOVE]
            if kept:
                found[at] = kept
    return found


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


def _block(claims: dict[int, list[Claim]], row: Row, width: int) -> Columns | None:
    fields = _assigned({at: list(found) for at, found in claims.items()})
    if "value" not in fields:
        return None
    taken = set(fields.values())
    unread = tuple(
        row[at].text for at, found in claims.items() if at not in taken and found[0].field == "value" and row[at].text
    )
    headed = frozenset({*claims, *(at for at, cell in enumerate(row) if cell.text)})
    return Columns(fields, width, unread, vocabulary.horizon(row[fields["value"]].text), headed=headed)


def _by_horizon(columns: Columns, row: Row) -> list[Columns]:
    """One block for each value column that names another horizon: 实施期指标值 | 年度指标值 of the same indicator."""
    others = [
        (at, horizon)
        for at, cell in enumerate(row)
        if cell.text in columns.unread and (horizon := vocabulary.horizon(cell.text))
    ]
    first = columns.horizon or ("annual" if any(h == "whole_period" for _, h in others) else "whole_period")
    if not others or any(horizon == first for _, horizon in others):
        return [columns]
    unread = tuple(text for text in columns.unread if not vocabulary.horizon(text))
    blocks = [replace(columns, horizon=first, unread=unread)]
    blocks += [replace(columns, horizon=h, unread=unread, fields={**columns.fields, "value": at}) for at, h in others]
    return sorted(blocks, key=lambda block: block.fields["value"])


def _by_places(row: Row, claims: dict[int, list[Claim]]) -> Columns | None:
    """A heading without a value's column, whose other columns are places: 三级指标 | 甲村 | 乙村."""
    fields = _assigned(claims)
    places = {at: cell.text for at, cell in enumerate(row) if cell.text and at not in claims and at > max(claims)}
    if "value" in fields or len({"tier1", "tier2", "name"} & fields.keys()) < 2 or len(places) < 2:
        return None
    if not all(map(vocabulary.is_place, places.values())):
        return None
    headed = frozenset(at for at, cell in enumerate(row) if cell.text)
    blocks = [Columns({**fields, "value": at}, len(row), place=text, headed=headed) for at, text in places.items()]
    return _side_by_side(blocks)


def _side_by_side(blocks: list[Columns]) -> Columns:
    return replace(blocks[0], beside=tuple(blocks[1:]))


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
