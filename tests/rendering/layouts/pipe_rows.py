"""GitHub Markdown: pipe tables under Markdown headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..blocks import Block, Caption, Cell, Heading, PageBreak, Section, Table, TableTitle, TargetTable, on_grid


def pipe_rows(blocks: Iterable[Block]) -> str:
    """Writes a document as Markdown.

    Head and indicators of a target table are two tables. Merged cells, second tiers among them, are left
    empty; the lines of a cell stand in one line.
    """
    return "\n".join(part for block in blocks for part in _parts(block))


def _parts(block: Block) -> Iterator[str]:
    match block:
        case TargetTable(head, indicators):
            if head:
                yield _table(on_grid(cells) for cells in head)
            even = len({len(cells) for cells in indicators}) == 1
            yield _table(indicators if even else map(on_grid, indicators))
        case Table(rows):
            yield _table(on_grid(cells) for cells in rows)
        case Caption(texts):
            yield from (f"{text}\n" for text in texts if text)
        case Heading(text):
            yield f"# {text}\n"
        case Section(text):
            yield f"## {text}\n"
        case TableTitle(text):
            yield f"### {text}\n"
        case PageBreak():
            pass
        case _:
            yield f"{block.text}\n"


def _table(rows: Iterable[Iterable[Cell]]) -> str:
    first, *rest = [_row(cell.text for cell in cells) for cells in rows]
    width = first.count("|") - first.count(r"\|") - 1
    return "".join(f"{line}\n" for line in (first, "|" + "---|" * width, *rest))


def _row(texts: Iterable[str]) -> str:
    return "| " + " | ".join(text.replace("\n", " ").replace("|", r"\|") for text in texts) + " |"
