"""Characters of a page → lines of text, runs of characters between wide gaps, and the text of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import regex

from kpi.documents.pdf.chars import Char

# Gaps, in ems. A space stands in the first between Latin letters and digits, in the second elsewhere: office programs
# leave a quarter of an em between Chinese and other characters. The third divides columns or captions.
_SPACE = 0.22
_BLANK = 0.8
_CRACK = 0.2  # cells that are full may stand as near as this
_WIDE = 1.15
_SAME_LINE = 0.45  # of the height: how far the middles of two characters of a line may be apart


_BY_X = itemgetter(1)  # of a character: its x0


class Gap(NamedTuple):
    """Free room in a run: the index in its text, where the word before it ends and the next one starts, and whether
    its text has a space there.
    """

    at: int
    end: float
    start: float
    blank: bool = True


class Run(NamedTuple):
    """Characters beside one another without a wide gap; ``text`` has spaces where there are small gaps.

    ``em`` is the width of a Chinese character of the line, about the size of its font.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    em: float
    gaps: tuple[Gap, ...]
    chars: tuple[Char, ...] = ()

    @property
    def height(self) -> float:
        """The height of the line."""
        return self.bottom - self.top


Line = list[Run]  # the runs of one line, from left to right; never empty


def lines_of(chars: Iterable[Char], wide: float = _WIDE) -> list[Line]:
    """The lines of ``chars`` from top to bottom. A gap of ``wide`` ems ends a run."""
    rows: list[list[Char]] = []
    middle = height = 0.0
    for at, char in sorted([((char[2] + char[4]) / 2, char) for char in chars]):
        tall = char[5]
        if rows and at - middle <= _SAME_LINE * (tall if tall > height else height):
            rows[-1].append(char)
            middle += (at - middle) / len(rows[-1])
            height = max(tall, height)
        else:
            rows.append([char])
            middle, height = at, tall
    return [_runs(sorted(row, key=_BY_X), wide) for row in rows]


def _runs(row: list[Char], wide: float) -> Line:
    height = max(char.height for char in row)
    em = min(max(max(char.x1 - char.x0 for char in row), 0.6 * height), height)
    found: Line = []
    begin = 0
    for at in range(1, len(row)):
        if row[at][1] - row[at - 1][3] > wide * em:
            found.append(_run(row[begin:at], em))
            begin = at
    return [*found, _run(row[begin:], em)]


def _run(chars: list[Char], em: float) -> Run:
    """A run of characters that are sorted from left to right."""
    pieces = [chars[0].text]
    gaps = []
    length = len(pieces[0])
    for last, char in pairwise(chars):
        free = char[1] - last[3]
        if char.spaced or (free > _SPACE * em and (free > _BLANK * em or (last[0] + char[0]).isascii())):
            gaps.append(Gap(length, last.x1, char.x0))
            pieces.append(" ")
            length += 1
        elif free > _CRACK * em:
            gaps.append(Gap(length, last.x1, char.x0, blank=False))
        pieces.append(char.text)
        length += len(char.text)
    box = chars[0].x0, min(c.top for c in chars), max(c.x1 for c in chars), max(c.bottom for c in chars)
    return Run("".join(pieces), *box, em, tuple(gaps), tuple(chars))


def together(runs: Sequence[Run]) -> Run:
    """Runs of one line as one, divided by spaces."""
    text, gaps = runs[0].text, list(runs[0].gaps)
    for last, run in pairwise(runs):
        gaps.append(Gap(len(text), last.x1, run.x0))
        gaps.extend(gap._replace(at=gap.at + len(text) + 1) for gap in run.gaps)
        text += " " + run.text
    top, bottom = min(run.top for run in runs), max(run.bottom for run in runs)
    return Run(text, runs[0].x0, top, runs[-1].x1, bottom, runs[0].em, tuple(gaps))


def parted(run: Run, gap: Gap) -> tuple[Run, Run]:
    """The two parts of a run before and behind a gap; their characters are not kept."""
    before = tuple(g for g in run.gaps if g.at < gap.at)
    start = gap.at + gap.blank
    behind = tuple(g._replace(at=g.at - start) for g in run.gaps if g.at > gap.at)
    return (
        run._replace(text=run.text[: gap.at], x1=gap.end, gaps=before, chars=()),
        run._replace(text=run.text[start:], x0=gap.start, gaps=behind, chars=()),
    )


def line_text(line: Line) -> str:
    """The text of a whole line."""
    return " ".join(run.text for run in line)


# A word or a number that is cut by the end of a line: one that fills the line, and goes on in the next.
_WORD_END = regex.compile(r"[A-Za-z0-9.,%‰+-]++$")
_WORD_START = regex.compile(r"[A-Za-z0-9.,%‰]++")
# A sentence that ends at the end of a line before something that is no Chinese character: the next item of a list.
_ENDED = regex.compile(r"^[。；;：:！？](?!\p{Han})")
PADDING = 12.0  # points that may be free beside the text of a cell, both sides together
_FULL = 1.3  # ems that may be free beside that behind a full line
_RAGGED = 0.6  # ems that a full line may be shorter than the longest one


def cell_text(chars: Sequence[Char], width: float) -> str:
    """The text of a cell ``width`` points wide; lines that the author broke are divided by newlines."""
    return joined([together(line) for line in cell_lines(chars)], width - PADDING)


def cell_lines(chars: Sequence[Char]) -> list[Line]:
    """The lines of a cell. Text that is turned in the cell is read along its own direction."""
    turned = [char for char in chars if char.turn]
    if turned and len(turned) * 2 > len(chars):
        chars = [_level(char) for char in chars]
    return lines_of(chars)


def joined(lines: Sequence[Run], width: float) -> str:
    """Lines as one text, where there was room for lines as wide as ``width``.

    Behind a full line the text just goes on, unless two words meet there; a number or a word that alone fills its line
    is only broken because there is no room for it. Behind any other line stands a newline.
    """
    longest = max((line.x1 - line.x0 for line in lines), default=0.0)
    text = ""
    last: Run | None = None
    for line in lines:
        if last is not None:
            words = _WORD_END.search(text) is not None and _WORD_START.match(line.text) is not None
            runs_on = (
                _WORD_END.fullmatch(last.text) is not None if words else not _ENDED.search(f"{text[-1:]}{line.text}")
            )
            text += "" if runs_on and is_full(last, width, longest) else "\n"
        text += line.text
        last = line
    return text


def is_full(line: Run, width: float, longest: float) -> bool:
    """Whether a line leaves no room for another character, by the room there is or by the ``longest`` beside it."""
    wide = line.x1 - line.x0
    return wide > width - _FULL * line.em or (line.x1 - line.x0 > 3 * line.em and wide >= longest - _RAGGED * line.em)


def _level(char: Char) -> Char:
    """A turned character, as if the cell were turned so that it stands upright."""
    _, x0, top, x1, bottom, *_ = char
    match char.turn:
        case 1:
            return char._replace(x0=top, top=-x1, x1=bottom, bottom=-x0)
        case 2:
            return char._replace(x0=-x1, top=-bottom, x1=-x0, bottom=-top)
        case 3:
            return char._replace(x0=-bottom, top=x0, x1=-top, bottom=x1)
        case _:
            return char
