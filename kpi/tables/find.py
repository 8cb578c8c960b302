"""Where the target tables are: heading rows, the head above them, the rows below, over page breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import regex

from kpi.documents import Block, Paragraph, Row, Table
from kpi.documents.cleaning import hidden_names
from kpi.tables import second_row, titles, vocabulary
from kpi.tables.alignment import aligned, is_figure
from kpi.tables.columns import Columns, Horizon
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.headed import columns_of, tree_of

Placed = tuple[Table, int]  # a row, as its table and its index in it
# Labels that open a project; a page's caption repeats only the organisation and the year.
_OPENING = frozenset({"code", "name", "block", "budget", "fiscal", "purpose", "plan", "goals"})
_CAPTION_LINES = 8
# How far above a heading the row stands that says which block is the year's, and how long a label there may be.
_BAND_ROWS = 6
_LABEL_CHARS = 20
_TREE_ROWS = 12


@dataclass
class TargetTable:
    """One project's table: title, captions, head rows, and indicator rows with the columns they are read by;
    ``hidden_titles`` is what field codes and bookmarks over it call it.
    """

    title: Paragraph | None
    head: list[Placed]
    heading: Placed
    captions: list[str]
    hidden_titles: tuple[str, ...] = ()
    rows: list[tuple[Placed, Columns]] = field(default_factory=list)
    first_tier: str | None = None
    last_tier: str | None = None

    def add(self, placed: Placed, columns: Columns) -> None:
        """Take a row of indicators; the first tiers that rows print are kept, the first and the last of them."""
        self.rows.append((placed, columns))
        table, at = placed
        if tier := vocabulary.tier1(columns.text(table.rows[at], "tier1")):
            self.first_tier, self.last_tier = self.first_tier or tier, tier

    def for_year(self, year: int | None) -> TargetTable:
        """The same table, read by the columns of the fiscal ``year`` where several offer a value."""
        of_year = {id(columns): columns.for_year(year) for columns in {id(c): c for _, c in self.rows}.values()}
        return replace(self, rows=[(placed, of_year[id(columns)]) for placed, columns in self.rows])

    @cached_property
    def labels(self) -> dict[str, str]:
        """The texts of the head's labels that stand in captions (项目名称：甲) or beside them in cells."""
        found = dict(filter(None, map(vocabulary.labelled, self.captions)))
        for table, at in self.head:
            for name, text in cell_labels(table.rows[at]):
                found.setdefault(name, text)
        return found


def cell_labels(row: Row) -> Iterator[tuple[str, str]]:
    """The labels of a head row with the first text right of each; ``项目名称：甲`` in one cell counts as well."""
    cells = [cell.text for cell in row]
    labels = [(at, name) for at, text in enumerate(cells) if (name := vocabulary.head_label(text))]
    for (at, name), end in zip(labels, [at for at, _ in labels[1:]] + [len(cells)], strict=False):
        if text := next((text for text in cells[at + 1 : end] if text), ""):
            yield name, text
    for text in cells:
        if (pair := vocabulary.labelled(text)) and not vocabulary.head_label(text):
            yield pair


def horizons_of(row: Row) -> list[Horizon]:
    """The different horizons that the cells of a row name, from left to right."""
    return list(
        dict.fromkeys(h for cell in row if len(cell.text) <= _LABEL_CHARS and (h := vocabulary.horizon(cell.text)))
    )


def heading_of(table: Table, at: int) -> Columns | None:
    """The columns of the row at ``at``, where it is a heading, of a tree as well."""
    row = table.rows[at]
    found = columns_of(row, table.rows[at - 1] if at else ())
    if found is not None:
        below = table.rows[at + 1 : at + 1 + _TREE_ROWS]
        return found.widened_for(below[0]).with_tiers_of(below) if below else found
    if any(map(vocabulary.column_claims, [cell.text for cell in row])):
        return tree_of(row, table.rows[at + 1 : at + 1 + _TREE_ROWS])
    return None


def has_heading(table: Table) -> bool:
    """Whether the ordinary way reads a table: a heading of one row or two, or of a tree, is in it."""
    return any(heading_of(table, at) is not None for at in range(len(table.rows)))


class _Finder:
    """Walks the blocks once, keeping what stands above the next heading."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.current: TargetTable | None = None
        self.columns: Columns | None = None
        self.title: Paragraph | None = None
        self.pending: list[Placed] = []  # rows above a heading: the next project's head, or a page's caption
        self.captions: list[str] = []
        self.hidden: dict[str, None] = {}  # what field codes and bookmarks call the next table
        self.last_was_title = False

    def paragraph(self, block: Paragraph) -> None:
        """A line of text: a title, a caption, or something that ends the reach of both."""
        self.captions = [*self.captions[1 - _CAPTION_LINES :], block.text]
        hidden = hidden_names(block.source)
        if titles.is_title(block.text):
            if self.title is not None:
                self.hidden = {}
            # Titles line by line, with nothing between, are a list of contents.
            self.title = None if self.last_was_title else block
            self.pending = []
        elif titles.ends_reach(block.text):
            self.title, self.hidden = None, {}
        elif self.title is None and titles.is_numbered(block.text):
            self.title = block
        here = self.title is block or not block.text  # a field code that stands alone
        self.hidden.update((name, None) for name in hidden if here or titles.is_title(name))
        self.last_was_title = titles.is_title(block.text)

    def table(self, table: Table) -> Iterator[TargetTable]:
        """A table: head rows, headings and indicators in any order; yields each project that it completes."""
        self.last_was_title = False
        reading = self._continues(table)
        for at, row in enumerate(table.rows):
            if self.deadline.over("find"):
                break
            if not any(cell.text for cell in row):
                continue
            if reading and self.columns and (finer := second_row.split(self.columns, row)):
                self.columns = finer
            elif found := self._heading(table, at):
                new = TargetTable(self.title, self.pending, (table, at), self.captions, tuple(self.hidden))
                if self.current is None or self._opens_project(new, found):
                    if self.current is not None:
                        yield self.current
                    self.current = new
                self.columns, reading = found, True
                self.title, self.pending, self.captions, self.hidden = None, [], [], {}
            elif reading and self.columns and self.current and not _ends(row, self.columns):
                self.current.add((table, at), self.columns)
            else:
                reading = False
                self._above(table, at, row)
        if not self._labels() & _OPENING:
            self.pending, self.captions = [], []

    def _heading(self, table: Table, at: int) -> Columns | None:
        """The columns of the row at ``at``, where it is a heading; blocks side by side learn their horizon."""
        found = heading_of(table, at)
        if found is None or not found.beside or any(block.horizon or block.place for block in found.blocks):
            return found
        above = [self.pending[n] for n in range(-1, -1 - min(_BAND_ROWS, len(self.pending)), -1)]
        horizons = next((h for t, n in above if len(h := horizons_of(t.rows[n])) == len(found.blocks)), None)
        return found.over(horizons) if horizons else found

    def _above(self, table: Table, at: int, row: Row) -> None:
        filled = [cell.text for cell in row if cell.text]
        if len(filled) == 1 and titles.is_title(filled[0]):
            self.title, self.pending = Paragraph(filled[0], table.location(at)), []
        else:
            self.pending.append((table, at))

    def _labels(self) -> set[str]:
        found = {pair[0] for text in self.captions if (pair := vocabulary.labelled(text))}
        for table, at in self.pending:
            row = table.rows[at]
            found |= {name for name, text in cell_labels(row) if name not in ("budget", "fiscal") or _is_number(text)}
            first = next((cell.text for cell in row if cell.text), "")
            found |= {name} if (name := vocabulary.head_label(first)) in ("block", "plan", "goals") else set()
        return found

    def _opens_project(self, new: TargetTable, columns: Columns) -> bool:
        """Whether the heading just met opens another project rather than repeats the last one's on a new page."""
        assert self.current is not None
        identity, last = new.labels, self.current.labels
        known = [name for name in ("code", "name") if name in identity and name in last]
        if known:
            return any(identity[name] != last[name] for name in known)
        if self._labels() & _OPENING:
            return True
        if self.title is not None and titles.core(self.title.text) != titles.core(
            self.current.title.text if self.current.title else ""
        ):
            return True
        return self._starts_over(*new.heading, columns)

    def _starts_over(self, table: Table, at: int, columns: Columns) -> bool:
        """Whether the first row below returns to the tier the last project began with, after it had left it."""
        assert self.current is not None
        below = next((row for row in table.rows[at + 1 :] if any(cell.text for cell in row)), ())
        first = vocabulary.tier1(columns.text(below, "tier1"))
        begun, last = self.current.first_tier, self.current.last_tier
        return bool(first and begun and first == begun and last != first)

    def _continues(self, table: Table) -> bool:
        """Whether a table without a heading goes on where the last one broke off."""
        if self.columns is None or self.pending or (self.title and self.current and not self._same_title()):
            return False
        first = next((row for row in table.rows if any(cell.text for cell in row)), ())
        if columns_of(first) or len(first) != self.columns.width:
            return False
        if any(
            (vocabulary.tier1(self.columns.text(first, "tier1")), vocabulary.tier2(self.columns.text(first, "tier2")))
        ):
            return True
        blank = not first[0].text and not self.columns.text(first, "tier2")
        return blank and bool(self.columns.text(first, "name")) and is_figure(self.columns.text(first, "value"))

    def _same_title(self) -> bool:
        assert self.title is not None
        assert self.current is not None
        return titles.core(self.title.text) == titles.core(self.current.title.text if self.current.title else "")


def target_tables(blocks: tuple[Block, ...], deadline: Deadline = UNLIMITED) -> Iterator[TargetTable]:
    """The target tables of a document, in order.

    A repeated heading continues the table before it, unless a title, a head or a fresh start at the first tier says
    that another project begins; so does a table without a heading whose first row fits the columns.
    """
    finder = _Finder(deadline)
    for block in blocks:
        if isinstance(block, Paragraph):
            finder.paragraph(block)
        else:
            yield from finder.table(block)
    if finder.current is not None:
        yield finder.current


_PLAIN_NUMBER = regex.compile(r"[¥￥]?\s*\d[\d,，.\s]*(?:万?元|亿元|千元)?")


def _is_number(text: str) -> bool:
    return _PLAIN_NUMBER.fullmatch(text) is not None


def _ends(row: Row, columns: Columns) -> bool:
    """Whether ``row`` belongs to what follows the indicators: a new head, a title, another table's heading."""
    row, _ = aligned(row, columns, None)
    texts = [cell.text for cell in row if cell.text]
    if len(texts) == 1 and (titles.is_title(texts[0]) or titles.is_numbered(texts[0])):
        return True
    first = row[0].text
    in_tiers = (first, columns.text(row, "tier1"), columns.text(row, "tier2"))
    if not first or any(vocabulary.is_tier(text) for text in in_tiers):
        return False
    if vocabulary.head_label(first) in _OPENING or any(
        (pair := vocabulary.labelled(text)) and pair[0] in _OPENING for text in texts[:1]
    ):
        return True
    return _is_foreign_heading(row, columns)


def _is_foreign_heading(row: Row, columns: Columns) -> bool:
    """Another table's heading: several words, no tier among them, no figure where a value or a weight should stand, and
    two of them headings that are known; a row whose tiers are merely unknown has a name and a value.
    """
    filled = [cell.text for cell in row if cell.text]
    value, weight = columns.text(row, "value"), columns.text(row, "weight")
    if (
        len(filled) < 3
        or any(map(vocabulary.tier2, filled))
        or (value and is_figure(value))
        or (weight and _is_number(weight))
        or any(len(text) > vocabulary.MAX_HEADING_CHARS or "。" in text for text in filled)
        or not row[0].text
        or "tier1" not in columns.fields
    ):
        return False
    known = sum(1 for text in filled if vocabulary.column_claims(text) or vocabulary.head_label(text))
    return known >= 2 or not value or not columns.text(row, "name")
