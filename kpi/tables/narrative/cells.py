"""Tables whose cells hold indicators in prose: a cell becomes as many rows as it has indicators."""

from __future__ import annotations

from collections.abc import Iterator

from kpi.documents import Block, Cell, Row, Table
from kpi.schema import Location
from kpi.tables import vocabulary
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.headed import columns_of
from kpi.tables.narrative import words
from kpi.tables.narrative.tier_marks import Tiers, Written, indicators, marks
from kpi.tables.narrative.written import is_figure

HEADING = ("一级指标", "二级指标", "三级指标", "指标值", "绩效指标描述")


def split_table(table: Table, deadline: Deadline = UNLIMITED) -> Iterator[Block]:
    """The table as it is, or in parts: the rows in prose as a target table of their own, at their true places."""
    if any(columns_of(row) for row in table.rows):
        yield table
        return
    combined = _combined(table)
    if combined is not None:
        at, columns = combined
        rows = list(_of_columns(table, at, columns))
        yield from _parts(table, at, at + 1 + len(table.rows[at + 1 :]), rows, at)
        return
    prose = {
        at: column
        for at, row in enumerate(table.rows)
        if not deadline.over("prose") and (column := _prose_cell(row)) is not None
    }
    if not prose:
        yield table
        return
    first, last = min(prose), max(prose)
    tiers = Tiers()
    rows = []
    for at in range(first, last + 1):
        if at in prose:
            rows += list(_of_cell(table, at, prose[at], tiers))
    yield from _parts(table, first, last + 1, rows, first)


def _parts(table: Table, first: int, last: int, rows: list[Row], heading: int) -> Iterator[Block]:
    """The rows before, the rows in prose under a heading, the rows behind."""
    if not rows:
        yield table
        return
    if first:
        yield table._replace(rows=table.rows[:first])
    place = table.location(heading)
    head = tuple(Cell(text, place.line, place.start, place.end, place) for text in HEADING)
    yield table._replace(rows=(head, *rows))
    if last < len(table.rows):
        yield table._replace(rows=table.rows[last:], first_row=table.first_row + last)


def _prose_cell(row: Row) -> int | None:
    """The column of a row's cell that holds indicators under tier names or behind a label 绩效指标, or ``None``."""
    filled = [(at, cell.text) for at, cell in enumerate(row) if cell.text]
    if len(filled) > 4 or not filled:
        return None
    at, text = filled[-1]
    found = marks(text)
    labels = [t for _, t in filled[:-1]]
    labelled = bool(labels) and all(words.label(t) == "indicator" or _is_sure_tier(t) for t in labels)
    if not (labelled or len(found) >= 2 or (found and len(filled) == 1)):
        return None
    read = indicators(text, Tiers())
    values = [w for w in read if w.name.start < w.name.end and is_figure(text[slice(*w.value)])]
    if any(vocabulary.head_label(t) for t in labels) and not found:
        return None
    return at if values and (found or labelled) else None


def _is_sure_tier(text: str) -> bool:
    tier = vocabulary.tier_text(text)
    return tier.endswith(("指标", "目标")) and vocabulary.is_tier(tier)


def _of_cell(table: Table, at: int, column: int, tiers: Tiers) -> Iterator[Row]:
    row = table.rows[at]
    printed = [cell.text for cell in row[:column] if vocabulary.is_tier(cell.text)]
    for name in printed:
        if vocabulary.tier1(name) and not (vocabulary.tier2(name) and len(printed) > 1 and name is printed[-1]):
            tiers.first, tiers.second = vocabulary.tier_text(name), None
        else:
            tiers.second = vocabulary.tier_text(name)
    text = row[column].text
    for written in indicators(text, tiers):
        yield _row(text, written, table.location(at, column))


def _row(text: str, written: Written, place: Location) -> Row:
    texts = (
        written.first or "",
        written.second or "",
        text[slice(*written.name)],
        text[slice(*written.value)],
        written.topic or "",
    )
    return tuple(Cell(t, place.line, place.start, place.end, place) for t in texts)


def _combined(table: Table) -> tuple[int, dict[str, int]] | None:
    """The heading row of tiers beside one column that holds name and value together, and its columns."""
    for at, row in enumerate(table.rows):
        columns: dict[str, int] = {}
        for n, cell in enumerate(row):
            claims = vocabulary.column_claims(cell.text)
            if claims and claims[0].field in ("tier1", "tier2"):
                columns.setdefault(claims[0].field, n)
            elif cell.text and "指标" in cell.text and len(cell.text) <= 24:
                columns["text"] = n
        if not ({"tier1", "tier2"} & columns.keys()) or "text" not in columns:
            continue
        texts = [r[columns["text"]].text for r in table.rows[at + 1 :] if columns["text"] < len(r)]
        filled = [text for text in texts if text]
        split = [text for text in filled if any(w.value.start < w.value.end for w in indicators(text, Tiers()))]
        if filled and 2 * len(split) >= len(filled) and not all(map(is_figure, filled)):
            return at, columns
    return None


def _of_columns(table: Table, at: int, columns: dict[str, int]) -> Iterator[Row]:
    for n in range(at + 1, len(table.rows)):
        row = table.rows[n]
        text = row[columns["text"]].text if columns["text"] < len(row) else ""
        printed = {
            field: row[columns[field]].text
            for field in ("tier1", "tier2")
            if field in columns and columns[field] < len(row)
        }
        if not text:
            continue
        place = table.location(n, columns["text"])
        tiers = Tiers()
        for number, written in enumerate(indicators(text, tiers)):
            first, second = (printed.get("tier1", ""), printed.get("tier2", "")) if number == 0 else ("", "")
            yield _row(text, written._replace(first=first or written.first, second=second or written.second), place)
