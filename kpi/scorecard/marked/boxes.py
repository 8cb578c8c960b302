"""The boxes in which Excel shows comments, drawn in VML: below and beside their cell, as large as their text needs."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import islice
from typing import NamedTuple

from lxml import etree

from kpi.documents.reading import Refused

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{data}"/></o:shapelayout>'
)
_TYPE = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202" '
    'style="position:absolute;width:{width}px;height:{height}px;z-index:{number};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,8})")
_END = re.compile(rb"</\s*xml\s*>", re.IGNORECASE)
_PER_BLOCK = 1024  # shapes are numbered in blocks of so many
# Pixels. A box cannot be scrolled: what is too long for the narrowest gets a wider one, as long as it fits on a screen.
_WIDTHS, _LINE, _MARGIN, _HIGHEST = (320, 480, 640, 800), 16, 12, 480
_PER_CHARACTER_SAID = 20 / 3  # pixels of a half-width character of 9 points, the edges of the box counted in
_COLUMN, _ROW = 64, 20  # pixels, where the sheet does not say
_PER_CHARACTER, _PADDING = 7, 5  # pixels of a column's width, which is counted in digits
_PER_POINT = 96 / 72
_MOST_COLUMNS = 16_384
_MOST_SAID = 1_000  # groups of columns of one width: no sheet that a person made has more


class Layout(NamedTuple):
    """The width of a column and the height of a row in pixels; both count from 0."""

    width: Callable[[int], int]
    height: Callable[[int], int]


def layout_of(sheet: etree._Element) -> Layout:
    """How wide and high the cells of a sheet are."""
    form = sheet.find(f"{_S}sheetFormatPr")
    usual = _number(form, "defaultColWidth", 0)
    usual_width = round(usual * _PER_CHARACTER + _PADDING) if usual else _COLUMN
    usual_height = round(_number(form, "defaultRowHeight", _ROW / _PER_POINT) * _PER_POINT)
    widths: dict[int, int] = {}
    for one in islice(sheet.iter(f"{_S}col"), _MOST_SAID):
        last = min(round(_number(one, "max", 1)), _MOST_COLUMNS)
        widths.update(dict.fromkeys(range(round(_number(one, "min", 1)), last + 1), _wide(one, usual_width)))
    heights = {
        round(_number(one, "r", 0)): round(_number(one, "ht", 0) * _PER_POINT) if one.get("hidden") != "1" else 0
        for one in sheet.iter(f"{_S}row")
        if one.get("ht") or one.get("hidden") == "1"
    }
    return Layout(
        lambda column: widths.get(column + 1, usual_width),
        lambda row: heights.get(row + 1, usual_height),
    )


def _wide(column: etree._Element, usual: int) -> int:
    if column.get("hidden") == "1":
        return 0
    given = _number(column, "width", 0)
    return round(given * _PER_CHARACTER + _PADDING) if given else usual


def _number(element: etree._Element | None, name: str, default: float) -> float:
    try:
        number = float(element.get(name, "")) if element is not None else default
    except ValueError:
        return default
    return number if math.isfinite(number) and 0 <= number < 2**20 else default


def drawn(texts: Mapping[tuple[int, int], str], layout: Layout) -> bytes:
    """A drawing with a box for each text; places count from 1."""
    blocks = ",".join(str(number) for number in range(1, 2 + len(texts) // _PER_BLOCK))
    shapes = _shapes(texts, layout, _PER_BLOCK + 1)
    return f"{_HEAD.format(data=blocks)}{_TYPE}{shapes}</xml>".encode()


def added(drawing: bytes, texts: Mapping[tuple[int, int], str], layout: Layout) -> bytes:
    """A drawing with boxes added at its end. It is changed as bytes: what Excel writes there is not always XML."""
    ends = list(_END.finditer(drawing))
    if not ends:
        raise Refused("damaged_file", "批注的图形")
    first = max((int(found[1]) for found in _SHAPE_ID.finditer(drawing)), default=_PER_BLOCK) + 1
    shapes = ("" if b"_x0000_t202" in drawing else _TYPE) + _shapes(texts, layout, first)
    at = ends[-1].start()
    return drawing[:at] + shapes.encode() + drawing[at:]


def _shapes(texts: Mapping[tuple[int, int], str], layout: Layout, first: int) -> str:
    return "".join(
        _shape(number, row - 1, column - 1, text, layout)
        for number, ((row, column), text) in enumerate(texts.items(), first)
    )


def _shape(number: int, row: int, column: int, text: str, layout: Layout) -> str:
    width, height = _size(text)
    left, top = min(column + 1, _MOST_COLUMNS - 1), max(row - 1, 0)
    right, within_right = _reached(left, _MARGIN + width, layout.width)
    bottom, within_bottom = _reached(top, height, layout.height)
    anchor = f"{left}, {_MARGIN}, {top}, 0, {right}, {within_right}, {bottom}, {within_bottom}"
    return _SHAPE.format(number=number, width=width, height=height, anchor=anchor, row=row, column=column)


def _reached(start: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The column or row that lies so many pixels behind the beginning of ``start``, and how many pixels into it."""
    at = start
    while at - start < _PER_BLOCK and pixels >= size(at):
        pixels -= size(at)
        at += 1
    return at, pixels


def _size(text: str) -> tuple[int, int]:
    """The width and height of the box of a text: the narrowest in which it can be read whole."""
    sizes = [(width, _lines(text, width) * _LINE + _MARGIN) for width in _WIDTHS]
    return next((size for size in sizes if size[1] <= _HIGHEST), (_WIDTHS[-1], _HIGHEST))


def _lines(text: str, width: int) -> int:
    per_line = int(width / _PER_CHARACTER_SAID)
    return sum(math.ceil(max(_wide_as(line), 1) / per_line) for line in text.split("\n"))


def _wide_as(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)
