"""Plain text → blocks. Four ways to write a table in text are understood, told apart by the lines themselves:

* rows of tab-separated cells; a cell broken over lines is put together where the widths leave no doubt;
* one cell a line: each cell starts with a tab, a blank line ends the row, a line without a tab continues the cell,
  two blank lines or a line of several cells end the table;
* pipe rows (Markdown), with or without a rule under the heading;
* pipe rows broken at their bars (``bar_lines.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from kpi import settings
from kpi.documents import bar_lines, captions, encoding
from kpi.documents.cleaning import clean
from kpi.documents.lines import PIPE, Line, cell_in, cell_over, is_pipe_row, lines_of
from kpi.documents.model import Block, Cell, Content, Paragraph, Row, Table
from kpi.documents.problems import problem
from kpi.schema import Location


def read(data: bytes) -> Content:
    """Read the bytes of a text file."""
    decoded, problems = encoding.decode(data)
    content = content_of(decoded)
    return Content(content.blocks, (*problems, *content.problems) if decoded else problems)


def content_of(text: str, offset: int = 0) -> Content:
    """Read text, before which ``offset`` characters stood in the source."""
    if not text.strip():
        return Content((), (problem("empty_document"),))
    blocks, left_out = blocks_of(text, settings.MAX_ROWS, offset)
    return Content(blocks, (problem("too_many_rows", f"{settings.MAX_ROWS:,}"),) if left_out else ())


def blocks_of(text: str, max_rows: int, offset: int = 0) -> tuple[tuple[Block, ...], bool]:
    """The blocks of ``text`` in order, and whether rows beyond ``max_rows`` were left out.

    Every character outside white space ends up in one of the blocks. Places count from the source's first character,
    ``offset`` characters before ``text``.
    """
    lines = lines_of(text, offset)
    blocks: list[Block] = []
    tables = total = 0
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.blank:
            at += 1
            continue
        rows, after = _table_at(lines, at)
        if rows:
            tables += 1
            blocks.append(Table(tables, tuple(rows[: max_rows - total])))
            at, total = after, total + len(rows)
            if total > max_rows:
                return tuple(blocks), True
            continue
        blocks.extend(_paragraphs(line))
        at += 1
    return tuple(blocks), False


_HEADING_MARK = regex.compile(r"\s{0,3}#{1,6}\s++")
# Bold words of Markdown, **so** and __so__. Blanks to fill in (__年__月) are none: a word stands beside the mark.
_BOLD = (
    regex.compile(r"(?<!\*)(\*{2,3}+)(?=[^\s*])((?:[^*]|\*(?!\*))++)(?<=[^\s*])\1(?!\*)"),
    regex.compile(r"(?<!\w)(_{2,3}+)(?=[^\s_])((?:[^_]|_(?!_))++)(?<=[^\s_])\1(?!\w)"),
)


def _paragraphs(line: Line) -> Iterator[Paragraph]:
    for start, end in captions.spans_of(line.text):
        if cleaned := clean(_unmarked(line.text[start:end])):
            place = Location(line=line.number, start=line.start + start, end=line.start + end)
            yield Paragraph(cleaned, place, line.text[start:end])


def _unmarked(text: str) -> str:
    """A paragraph without the marks that Markdown puts around headings and bold words."""
    if found := _HEADING_MARK.match(text):
        text = text[found.end() :].rstrip().rstrip("#").rstrip()
    text = _not_bold(text)
    return text.replace("**", "") if text.count("**") >= 2 else text


def _not_bold(text: str) -> str:
    """``text`` without the marks around bold words; marks that are no pair stay."""
    for mark, bold in zip(("**", "__"), _BOLD, strict=True):
        if mark in text:
            text = bold.sub(r"\2", text)
    return text


def _table_at(lines: list[Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that starts at line index ``at`` and the index behind it; no rows where none starts."""
    text = lines[at].text
    if "|" in text and (found := bar_lines.rows_at(lines, at))[0]:
        return found
    if is_pipe_row(text) or _behind_broken(lines, at) > at:
        return _pipe_rows(lines, at)
    if "\t" in text and not _LEADER.search(text):
        return _cell_lines(lines, at) if _one_cell_a_line(lines, at) else _tab_rows(lines, at)
    return [], at


# ------------------------------------------------------------------------------------------ tab-separated

_LEADER = regex.compile(r"(?<![.…·])[.…·]{2,}+\s*+\d++\s*+$")  # a line of a table of contents
_LOOK_AHEAD = 12


def _one_cell_a_line(lines: list[Line], at: int) -> bool:
    """Whether lines hold single cells: the first has a leading tab and none inside, and so have most up to a blank."""
    if not lines[at].starts_with_tab or lines[at].several_cells:
        return False
    single = several = 0
    for line in lines[at : at + _LOOK_AHEAD]:
        if line.blank or is_pipe_row(line.text):
            break
        if "\t" in line.text:
            if line.starts_with_tab and not line.several_cells:
                single += 1
            else:
                several += 1
    return single > several


def _tab_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines) and "\t" in lines[at].text:
        if (quoted := _quoted_row(lines, at)) is not None:
            row, at = quoted
        elif (broken := _broken_row(lines, at, rows)) is not None:
            row, at = broken
        else:
            row = tuple(_split(lines[at]))
            at += 1
        rows.append(row)
    return rows, at


def _split(line: Line) -> Iterator[Cell]:
    start = 0
    for piece in line.text.split("\t"):
        yield cell_in(piece, line, start, start + len(piece))
        start += len(piece) + 1


_QUOTED_LINES = 60


def _quoted_row(lines: list[Line], at: int) -> tuple[Row, int] | None:
    """A row with a cell that holds line breaks and so stands in quotes, as spreadsheets paste it; else ``None``."""
    if '"' not in lines[at].text:
        return None
    cells: list[Cell] = []
    parts: list[str] = []  # of the open cell
    first = (lines[at].number, 0)
    for n in range(at, min(at + _QUOTED_LINES, len(lines))):
        line, start = lines[n], lines[n].start
        for number, piece in enumerate(line.text.split("\t")):
            end = start + len(piece)
            if parts:
                parts.append(("\t" if number else "\n") + piece)
            elif piece.startswith('"') and piece.count('"') % 2:
                parts, first = [piece], (line.number, start)
            else:
                cells.append(Cell(clean(piece), line.number, start, end))
            if parts and sum(part.count('"') for part in parts) % 2 == 0:
                text = "".join(parts).strip()
                cells.append(Cell(clean(text[1:-1].replace('""', '"')), first[0], first[1] + 1, end))
                parts = []
            start = end + 1
        if not parts:
            return (tuple(cells), n + 1) if n > at else None
    return None


_BROKEN_LINES = 5


def _broken_row(lines: list[Line], at: int, rows: Sequence[Row]) -> tuple[Row, int] | None:
    """The row at ``at``, one of whose cells is broken over lines, and the index behind it.

    Its first and last line are short, plain lines stand between them, and together they are as wide as the row above
    and one more beside: then no other reading is left. ``None`` wherever that is not so.
    """
    if not rows:
        return None
    width, head = len(rows[-1]), lines[at].text.count("\t") + 1
    behind = at + 1
    while behind < len(lines) and behind - at <= _BROKEN_LINES and lines[behind].plain:
        behind += 1
    if behind == at + 1 or behind == len(lines) or head >= width:
        return None
    tail = lines[behind].text.count("\t") + 1
    following = lines[behind + 1].text.count("\t") + 1 if behind + 1 < len(lines) else 0
    witness = following == width or (len(rows) > 1 and len(rows[-2]) == width)
    if not 1 < tail < width or head + tail - 1 != width or not witness:
        return None
    before, after = list(_split(lines[at])), list(_split(lines[behind]))
    return (*before[:-1], _joined(lines[at : behind + 1]), *after[1:]), behind + 1


def _joined(lines: Sequence[Line]) -> Cell:
    """The cell that starts behind the last tab of the first line and ends before the first tab of the last."""
    first, last = lines[0], lines[-1]
    begins = first.text.rindex("\t") + 1
    opening = Line(first.text[begins:], first.number, first.start + begins)
    closing = Line(last.text[: last.text.index("\t")], last.number, last.start)
    return cell_over((opening, *lines[1:-1], closing))


# ------------------------------------------------------------------------------------------ one cell a line


def _cell_lines(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    row: list[Cell] = []
    pieces: list[Line] = []
    blanks = 0

    def close_cell() -> None:
        if pieces:
            row.append(cell_over(pieces))
            pieces.clear()

    while at < len(lines) and blanks < 2:
        line = lines[at]
        if line.blank:
            blanks += 1
        elif line.several_cells or is_pipe_row(line.text):
            break
        elif line.starts_with_tab:
            close_cell()
            if blanks and row:
                rows.append(tuple(row))
                row.clear()
            pieces.append(line)
            blanks = 0
        elif blanks:
            break
        else:
            pieces.append(line)
        at += 1
    close_cell()
    if row:
        rows.append(tuple(row))
    return rows, at


# ------------------------------------------------------------------------------------------ pipe rows

_RULE = regex.compile(r"\s*+\|?+(?:\s*+:?+-++:?+\s*+\|)++\s*+(?::?+-++:?+\s*+)?+")
_BREAK = regex.compile(r"<br\s*/?>", regex.IGNORECASE)


def _pipe_rows(lines: list[Line], at: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    while at < len(lines):
        if (behind := _behind_broken(lines, at)) > at:
            rows.append(tuple(_broken_pipe_cells(lines[at:behind])))
            at = behind
        elif is_pipe_row(lines[at].text):
            if not _RULE.fullmatch(lines[at].text):
                rows.append(tuple(_pipe_cells(lines[at])))
            at += 1
        else:
            break
    return rows, at


_BROKEN_PIPE_LINES = 40


def _behind_broken(lines: list[Line], at: int) -> int:
    """The index behind a pipe row whose cells hold line breaks; ``at`` itself where none starts.

    Its first line has a bar at the beginning and none at the end, its last one the other way round.
    """
    first = lines[at].text.strip()
    if not first.startswith("|") or (first.endswith("|") and len(first) > 1):
        return at
    for n in range(at + 1, min(at + _BROKEN_PIPE_LINES, len(lines))):
        text = lines[n].text.strip()
        if text.startswith("|") and len(text) > 1:
            return at
        if text.endswith("|"):
            bars = sum(len(PIPE.findall(line.text)) for line in lines[at : n + 1])
            return n + 1 if bars > 1 and text != "|" else at
    return at


def _broken_pipe_cells(lines: Sequence[Line]) -> Iterator[Cell]:
    pieces: list[Line] = []
    for n, line in enumerate(lines):
        bars = [found.start() for found in PIPE.finditer(line.text)]
        starts = bars if n == 0 else [-1, *bars]
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(line.text)], strict=True)):
            if number or n == 0:
                if pieces:
                    yield _unbarred(pieces)
                pieces = []
            pieces.append(Line(line.text[start + 1 : end], line.number, line.start + start + 1))
    if any(piece.text.strip() for piece in pieces):
        yield _unbarred(pieces)


def _unbarred(pieces: Sequence[Line]) -> Cell:
    """The cell written on ``pieces``, without what stands for a bar, a line break or bold words in Markdown."""
    cell = cell_over(pieces)
    if not any(mark in cell.text for mark in ("\\|", "<", "**", "__")):
        return cell
    return cell._replace(text=clean(_not_bold(_BREAK.sub("\n", cell.text).replace("\\|", "|").strip())))


def _pipe_cells(line: Line) -> Iterator[Cell]:
    bars = [found.start() for found in PIPE.finditer(line.text)]
    ends = bars[1:] if line.text.rstrip().endswith("|") else [*bars[1:], len(line.text)]
    for start, end in zip(bars, ends, strict=False):
        text = line.text[start + 1 : end].strip()
        if text:
            text = _not_bold(_BREAK.sub("\n", text).replace("\\|", "|").strip())
        yield cell_in(text, line, start + 1, end)
