"""Where the target tables are: heading rows, the head above them, the rows below, over page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from kpi.documents import Block, Paragraph, Row, Table
from kpi.tables import vocabulary

# The heading over a table: 1、车辆保险费绩效目标表, 项目支出绩效自评表.
_TITLE = regex.compile(r"绩效(?:目标|自评|评价)[^。，；：\s]{0,10}表(?:\([^()]*\)|（[^（）]*）)?$")
MAX_TITLE_CHARS = 200

Placed = tuple[Table, int]  # a row, as its table and its index in it


@dataclass(frozen=True)
class Columns:
    """Which column holds which field, from one heading row. ``width`` is the number of its cells."""

    fields: dict[str, int]
    width: int

    def split_by(self, row: Row) -> Columns | None:
        """These columns, where ``row`` is a second heading row that splits one of them; else ``None``."""
        if sum(bool(cell.text) for cell in row) < 2 or {"tier1", "tier2"} & set(_claims(row)):
            return None
        found = _below(self.fields, row)
        return Columns(found, max(self.width, len(row))) if found else None

    def text(self, row: Row, field_name: str) -> str:
        """The text of the field's cell in ``row``, empty where it has none."""
        at = self.fields.get(field_name)
        return row[at].text if at is not None and at < len(row) else ""


@dataclass
class TargetTable:
    """One project's table: title, head rows, and indicator rows with the columns they are read by."""

    title: Paragraph | None
    head: list[Placed]
    heading: Placed
    caption: list[str]
    rows: list[tuple[Placed, Columns]] = field(default_factory=list)


def _claims(row: Row) -> list[str]:
    return [field for cell in row for field in vocabulary.column_fields(cell.text)]


def _below(fields: dict[str, int], row: Row) -> dict[str, int] | None:
    """The fields of a second heading row (符号 | 值 | 单位 under 年度指标值); ``None`` where a cell is no heading."""
    found = dict(fields)
    for at, cell in enumerate(row):
        if not cell.text:
            continue
        candidates = vocabulary.column_fields(cell.text)
        if not candidates:
            return None
        if candidates[0] == "value" or candidates[0] not in fields:
            found[candidates[0]] = at
    return found if found != fields else None


def columns_of(row: Row) -> Columns | None:
    """The columns of a heading row, or ``None`` where ``row`` is none: a value, and two of tier, tier and name."""
    fields: dict[str, int] = {}
    for at, cell in enumerate(row):
        for candidate in vocabulary.column_fields(cell.text):
            if candidate not in fields:
                fields[candidate] = at
                break
    if "value" not in fields or len({"tier1", "tier2", "name"} & fields.keys()) < 2:
        return None
    return Columns(fields, len(row))


def is_title(text: str) -> bool:
    """Whether a line of text is the title of a target table."""
    return len(text) <= MAX_TITLE_CHARS and bool(_TITLE.search(text))


def target_tables(blocks: tuple[Block, ...]) -> Iterator[TargetTable]:
    """The target tables of a document, in order.

    A repeated heading continues the table before it, unless a title or a head of its own stands between; so does a
    table without a heading whose first row names a tier.
    """
    current: TargetTable | None = None
    columns: Columns | None = None
    title: Paragraph | None = None
    pending: list[Placed] = []  # rows above a heading: the next project's head, or a page's caption
    caption: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            caption = [*caption[-3:], block.text]
            if is_title(block.text):
                title, pending = block, []
            continue
        reading = title is None and not pending and columns is not None and _continues(block, columns)
        for at, row in enumerate(block.rows):
            if not any(cell.text for cell in row):
                continue
            if reading and columns and (split := columns.split_by(row)):
                columns = split
            elif found := columns_of(row):
                columns, reading = found, True
                if current is None or _new_project(current, title, pending):
                    if current is not None:
                        yield current
                    current = TargetTable(title, pending, (block, at), caption)
                title, pending = None, []
            elif reading and columns and current and not _ends(row):
                current.rows.append(((block, at), columns))
            else:
                reading = False
                if (alone := _only_text(row)) and is_title(alone):
                    title, pending = Paragraph(alone, block.location(at)), []
                else:
                    pending.append((block, at))
        if not _is_head(pending):
            pending = []
    if current is not None:
        yield current


def _new_project(current: TargetTable, title: Paragraph | None, pending: list[Placed]) -> bool:
    """Whether the heading just met opens another project: a head of its own, or a title that is not the same again."""
    if _labels(pending) & {"code", "name", "goals", "block"}:
        return True
    return title is not None and (current.title is None or current.title.text != title.text)


def _continues(table: Table, columns: Columns) -> bool:
    """Whether a table without a heading goes on where the last one broke off."""
    first = next((row for row in table.rows if any(cell.text for cell in row)), ())
    if columns_of(first) or len(first) != columns.width:
        return False
    tiers = (vocabulary.tier1(columns.text(first, "tier1")), vocabulary.tier2(columns.text(first, "tier2")))
    return any(tiers)


def _ends(row: Row) -> bool:
    """Whether ``row`` belongs to what follows the indicators: a new head, a title, another table's heading."""
    texts = [cell.text for cell in row if cell.text]
    if vocabulary.head_label(texts[0]) in ("code", "name", "block", "plan", "goals"):
        return True
    if len(texts) == 1 and is_title(texts[0]):
        return True
    return vocabulary.is_foreign(row[0].text) and sum(map(vocabulary.is_foreign, texts)) >= 2


def _labels(rows: list[Placed]) -> set[str | None]:
    return {vocabulary.head_label(cell.text) for table, at in rows for cell in table.rows[at]}


def _is_head(rows: list[Placed]) -> bool:
    return any(_labels(rows))


def _only_text(row: Row) -> str | None:
    texts = [cell.text for cell in row if cell.text]
    return texts[0] if len(texts) == 1 else None
