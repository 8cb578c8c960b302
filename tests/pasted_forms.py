"""One target table in every form in which pasted and converted text reaches us: merged and empty cells are lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from tests.rendering.facts import Indicator, Project

HEADING = ("一级指标", "二级指标", "三级指标", "年度指标值", "分值")
Table = list[tuple[str, ...]]
_WIDEST = 24


def table_of(project: Project) -> Table:
    """Heading and rows; merged tiers are empty below their first row, and each row has a weight."""
    rows: Table = [HEADING]
    last: Indicator | None = None
    for number, row in enumerate(project.indicators):
        first = row.tier1 if last is None or row.tier1 != last.tier1 else ""
        second = row.tier2 if first or last is None or row.tier2 != last.tier2 else ""
        rows.append((first, second, row.name, row.value, str(number % 9 + 2)))
        last = row
    return rows


def _filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]


def cells_between_blank_lines(table: Table) -> str:
    """One cell a line, a blank line between cells."""
    return "\n\n".join(cell for row in table for cell in _filled(row))


def cells_a_line(table: Table) -> str:
    """One cell a line and nothing else."""
    return "\n".join(cell for row in table for cell in _filled(row))


def indented_cells(table: Table) -> str:
    """Each cell on a line of its own, indented as its element was, with entities that were not resolved."""
    return "\n".join(f"{' ' * (4 + at * 2)}{cell}&nbsp;" for row in table for at, cell in enumerate(_filled(row)))


def short_pipe_rows(table: Table) -> str:
    """Pipe rows without the cells of merged tiers."""
    return "\n".join(f"| {' | '.join(_filled(row))} |" for row in table)


def bare_pipe_rows(table: Table) -> str:
    """Pipe rows with no bar at either end."""
    return "\n".join(" | ".join(_filled(row)) for row in table)


def broken_pipe_rows(table: Table) -> str:
    """Pipe rows whose longer cells hold line breaks."""
    return "\n".join(f"| {' | '.join(_broken(cell) for cell in _filled(row))} |" for row in table)


def _broken(cell: str) -> str:
    middle = len(cell) // 2
    return f"{cell[:middle]}\n{cell[middle:]}" if len(cell) > 8 and not cell.isascii() else cell


def bars_at_line_ends(table: Table) -> str:
    """One cell a line, a bar behind each."""
    return "\n".join(f"{cell} |" for row in table for cell in _filled(row))


def wide_gaps(table: Table) -> str:
    """A row a line, full-width blanks between cells."""
    return "\n".join("\u3000\u3000".join(_filled(row)) for row in table)


def aligned_columns(table: Table) -> str:
    """Columns aligned by blanks, long cells wrapped into the lines below."""
    widths = [min(max(_width(row[at]) for row in table), _WIDEST) + 2 for at in range(len(table[0]))]
    lines = []
    for row in table:
        wrapped = [_wrapped(cell, width - 2) for cell, width in zip(row, widths, strict=True)]
        for n in range(max(map(len, wrapped))):
            parts = [cell[n] if n < len(cell) else "" for cell in wrapped]
            lines.append("".join(p + " " * (w - _width(p)) for p, w in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for char in text:
        if _width(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def flat_line(table: Table) -> str:
    """The whole table in one line, single blanks between cells."""
    return " ".join(cell for row in table for cell in _filled(row))


def rows_a_line(table: Table) -> str:
    """A row a line, single blanks between cells."""
    return "\n".join(" ".join(_filled(row)) for row in table)


def tiers_on_lines(table: Table) -> str:
    """Headings and tiers on lines of their own, the rest of a row on one."""
    lines = _filled(table[0])
    for row in table[1:]:
        lines += [*_filled(row[:2]), " ".join(_filled(row[2:]))]
    return "\n".join(lines)


FORMS: dict[str, Callable[[Table], str]] = {
    form.__name__: form
    for form in (
        cells_between_blank_lines,
        cells_a_line,
        indented_cells,
        short_pipe_rows,
        bare_pipe_rows,
        broken_pipe_rows,
        bars_at_line_ends,
        wide_gaps,
        aligned_columns,
        flat_line,
        rows_a_line,
        tiers_on_lines,
    )
}
