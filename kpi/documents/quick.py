"""A short cut for the usual sheet of an Excel file: one search over its bytes, several times as fast as XML.

It gives what ``xlsx.py`` gives, or nothing: a part is taken only if every cell of it, or every string, is written in
the form that spreadsheet programs write.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from kpi.documents.cleaning import clean
from kpi.documents.model import Cell
from kpi.documents.sheets import Merged, Sheet, column

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?(?: t="(s|n|str)")?>'
    rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v></c>"
)
# Without a value: a style, or a formula that was never worked out.
_BLANK = re.compile(
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?: t="[a-z]{1,3}")?'
    rb"(?:/>|>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(?:<v/>|<v></v>)?</c>)"
)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
# Other ways to write a cell, and declarations, comments and the like.
_UNUSUAL = re.compile(rb":c[ \t\r\n/>]|<c[\t\r\n/>]|<!")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UTF8 = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml [^>]{0,30}?encoding=[\"'][Uu][Tt][Ff]-8[\"'][^>]{0,30}\?>)?\s*<[a-z]")


class NotUsual(Exception):  # noqa: N818 - nothing went wrong
    """The part must be read the long way."""


def strings(xml: bytes) -> list[Cell]:
    """The shared strings, each cleaned once. Raises :class:`NotUsual`."""
    found = _STRING.findall(xml)
    if len(found) != xml.count(b"<si") or b"<!" in xml or not _UTF8.match(xml):
        raise NotUsual
    return [Cell(clean(_text(raw))) for raw in found]


def fill(sheet: Sheet, xml: bytes, shared: Sequence[Cell], number: Callable[[str, str], str]) -> None:
    """Fill ``sheet`` with the cells of its part; ``number`` shows a number, given with its style.

    Raises :class:`NotUsual`; then ``sheet`` may hold some of its cells.
    """
    if not xml.rstrip().endswith(b"</worksheet>") or _UNUSUAL.search(xml) or not _UTF8.match(xml):
        raise NotUsual
    found = _CELL.findall(xml)
    if (missing := xml.count(b"<c ") - len(found)) and missing != len(_BLANK.findall(xml)):
        raise NotUsual
    sheet.merged = _merged(xml)
    rows = sheet.rows
    columns: dict[bytes, int] = {}
    known: dict[tuple[bytes, bytes], Cell] = {}  # numbers, by style
    row: dict[int, Cell] = {}
    last = b""
    for letters, digits, style, kind, raw in found:
        if kind == b"s":
            at = int(raw) if raw.isdigit() and len(raw) < 10 else -1
            if not 0 <= at < len(shared):
                raise NotUsual
            cell = shared[at]
        elif kind == b"str":
            cell = Cell(clean(_text(raw)))
        elif (known_cell := known.get((raw, style))) is not None:
            cell = known_cell
        else:
            cell = known[raw, style] = Cell(number(_text(raw), style.decode()))
        if not cell.text:
            continue
        if digits != last:
            row, last = rows.setdefault(int(digits) - 1, {}), digits
        if (place := columns.get(letters)) is None:
            place = columns[letters] = column(letters.decode())
        row[place] = cell


def unescaped(text: str) -> str:
    """``_x000D_`` is how the format writes a character that XML cannot hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUsual from error
    return unescaped(html.unescape(text) if "&" in text else text)


def _merged(xml: bytes) -> list[Merged]:
    found = _MERGED.findall(xml)
    if len(found) != xml.count(b"mergeCell "):
        raise NotUsual
    return [
        (int(top) - 1, column(left.decode()), int(bottom) - 1, column(right.decode()))
        for left, top, right, bottom in found
    ]
