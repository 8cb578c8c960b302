"""A short cut for the usual sheet of an Excel file: one search over its bytes, several times as fast as XML.

It gives what ``xlsx.py`` gives, or nothing: a part is taken only if every cell of it, or every string, is written in
the form that spreadsheet programs write.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from kpi.documents.cleaning import clean
from kpi.documents.model import Cell
from kpi.documents.sheets.sheet import Merged, Sheet, column

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,5})")?(?: t="(s|n|str)")?>'
    r"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]*)</v></c>"
)
# Without a value: a style, or a formula that was never worked out.
_BLANK = re.compile(
    r'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?(?: t="[a-z]{1,3}")?'
    r"(?:/>|>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(?:<v/>|<v></v>)?</c>)"
)
# A formula that was never worked out, but for one whose result is an empty text.
_FORMULA = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="[0-9]{1,5}")?(?: t="(?!str")[a-z]{1,3}")?>'
    r"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(?:<v/>|<v></v>)?</c>"
)
_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
# Other ways to write a cell, and declarations, comments and the like.
_UNUSUAL = re.compile(r"<(?:c[\t\r\n/>]|!)")
_NAMED = re.compile(r":c[ \t\r\n/>]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UTF8 = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml [^>]{0,30}?encoding=[\"'][Uu][Tt][Ff]-8[\"'][^>]{0,30}\?>)?\s*<[a-z]")


class NotUsual(Exception):  # noqa: N818 - nothing went wrong
    """The part must be read the long way."""


def strings(xml: bytes) -> list[Cell]:
    """The shared strings, each cleaned once. Raises :class:`NotUsual`."""
    text = _decoded(xml)
    found = _STRING.findall(text)
    if len(found) != text.count("<si") or "<!" in text:
        raise NotUsual
    return [Cell(clean(plain)) for plain in (map(_text, found) if "&" in text or "_x" in text else found)]


def fill(sheet: Sheet, xml: bytes, shared: Mapping[str, Cell], number: Callable[[str, str], str]) -> None:
    """Fill ``sheet`` with the cells of its part; ``shared`` are the shared strings by their numbers as written in
    decimals, ``number`` shows a number, given with its style.

    Raises :class:`NotUsual`; then ``sheet`` may hold some of its cells.
    """
    text = _decoded(xml)
    if not text.rstrip().endswith("</worksheet>") or _UNUSUAL.search(text) or (":c" in text and _NAMED.search(text)):
        raise NotUsual
    found = _CELL.findall(text)
    if (missing := text.count("<c ") - len(found)) and missing != len(_BLANK.findall(text)):
        raise NotUsual
    if missing and "<f" in text:
        sheet.formulas = [(int(digits) - 1, column(letters)) for letters, digits in _FORMULA.findall(text)]
    sheet.merged = _merged(text)
    rows = sheet.rows
    columns: dict[str, int] = {}
    known: dict[tuple[str, str], Cell] = {}  # numbers, by style
    row: dict[int, Cell] = {}
    last = ""
    for letters, digits, style, kind, raw in found:
        if kind == "s":
            if raw not in shared:
                raise NotUsual
            cell = shared[raw]
        elif kind == "str":
            cell = Cell(clean(_text(raw)))
        elif (known_cell := known.get((raw, style))) is not None:
            cell = known_cell
        else:
            cell = known[raw, style] = Cell(number(raw, style))
        if not cell.text:
            continue
        if digits != last:
            row, last = rows.setdefault(int(digits) - 1, {}), digits
        if (place := columns.get(letters)) is None:
            place = columns[letters] = column(letters)
        row[place] = cell


def unescaped(text: str) -> str:
    """``_x000D_`` is how the format writes a character that XML cannot hold."""
    if "_x" not in text:
        return text
    # Characters beyond 16 bits come as two halves; half of one alone is none.
    halves = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decoded(xml: bytes) -> str:
    if not _UTF8.match(xml):
        raise NotUsual
    try:
        return xml.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUsual from error


def _text(raw: str) -> str:
    return unescaped(html.unescape(raw) if "&" in raw else raw)


def _merged(text: str) -> list[Merged]:
    number = text.count("mergeCell ")
    found = _MERGED.findall(text) if number else []
    if len(found) != number:
        raise NotUsual
    return [(int(top) - 1, column(left), int(bottom) - 1, column(right)) for left, top, right, bottom in found]
