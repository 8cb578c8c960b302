"""A rule's manual, which is written in a little Markdown, as sections of paragraphs and lists."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """A paragraph, or the items of a list."""

    text: str
    items: tuple[str, ...] = ()


class Section(NamedTuple):
    """A heading (empty for what stands before the first) and what is below it."""

    heading: str
    pieces: tuple[Piece, ...]


def sections(manual: str) -> tuple[Section, ...]:
    """The sections of ``manual``. Lines of one paragraph are put together, as between Chinese no blank is due."""
    found: list[tuple[str, list[Piece]]] = [("", [])]
    is_open = False  # whether a line goes on in the last piece
    for line in map(str.strip, manual.splitlines()):
        pieces = found[-1][1]
        if line.startswith("#"):
            found.append((line.lstrip("# "), []))
            is_open = False
        elif line.startswith("- "):
            items = pieces.pop().items if pieces and pieces[-1].items else ()
            pieces.append(Piece("", (*items, line[2:])))
            is_open = True
        elif line and is_open:
            last = pieces.pop()
            items = (*last.items[:-1], last.items[-1] + line) if last.items else ()
            pieces.append(Piece("" if items else last.text + line, items))
        elif line:
            pieces.append(Piece(line))
            is_open = True
        else:
            is_open = False
    return tuple(Section(heading, tuple(pieces)) for heading, pieces in found if pieces)
