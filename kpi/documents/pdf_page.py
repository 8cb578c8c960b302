"""A page of a PDF as PDFium sees it → upright characters and straight lines, both in points from the page's top left.

Pages are turned upright by the direction of their text, so it does not matter whether a page is turned by its
``/Rotate``, by a transformation of all its content, or not at all.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from kpi import settings


class Char(NamedTuple):
    """A character and the box of its advance (some fonts give no more than the box of its ink).

    ``turn`` is its direction in quarter turns against the page's text; ``spaced`` whether a space stands before it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    turn: int = 0
    spaced: bool = False

    @property
    def height(self) -> float:
        """About the size of the font, or more; also of characters as flat as 一."""
        return max(self.bottom - self.top, self.x1 - self.x0)


class Edge(NamedTuple):
    """A straight horizontal or vertical line: where it stands across its direction, and from where to where along."""

    at: float
    start: float
    end: float


class Page(NamedTuple):
    """What stands on a page.

    ``pictures`` and ``drawn`` count images and objects other than text; ``unknown`` characters whose font gives them no
    meaning.
    """

    width: float
    height: float
    chars: list[Char]
    horizontal: list[Edge]
    vertical: list[Edge]
    pictures: int
    drawn: int
    unknown: int


class TooComplexError(Exception):
    """A page that holds more than the settings allow."""


def load(page: pypdfium2.PdfPage) -> Page:
    """Read a page. Raises :class:`TooComplexError`, and ``PdfiumError`` for a page that PDFium cannot read."""
    if pdfium.FPDFPage_CountObjects(page.raw) > settings.MAX_PAGE_OBJECTS:
        raise TooComplexError
    textpage = page.get_textpage()
    try:
        if textpage.count_chars() > settings.MAX_PAGE_CHARS:
            raise TooComplexError
        raw, unknown = _chars(textpage)
    finally:
        textpage.close()
    lines = _Lines()
    for at in range(pdfium.FPDFPage_CountObjects(page.raw)):
        lines.add(pdfium.FPDFPage_GetObject(page.raw, at), _UNMOVED, 0)
    left, bottom, right, top = page.get_cropbox()
    turn = Counter(char.turn for char in raw).most_common(1)[0][0] if raw else page.get_rotation() // 90
    upright = _Upright(left, bottom, right, top, turn)
    horizontal, vertical = upright.edges(lines.found)
    width, height = upright.size
    chars = [upright.char(char) for char in raw]
    inside = [c for c in chars if c.x0 >= -1 and c.x1 <= width + 1 and c.top >= -1 and c.bottom <= height + 1]
    return Page(width, height, _once(inside), horizontal, vertical, lines.pictures, lines.drawn, unknown)


# ------------------------------------------------------------------------------------------ characters

# Compatibility characters that fonts of PDFs bring in: radicals (⼀ ⻓) and compatibility ideographs.
_COMPATIBLE = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))
# Radicals of the supplement block without a decomposition in Unicode, as the characters that they stand for.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
_STRAIGHT = math.radians(5)
_NOT_TEXT = {"Cc", "Cn", "Co", "Cs"}


def folded(char: str) -> str:
    """An ordinary character for a compatibility one; any other character unchanged. Full-width signs stay."""
    code = ord(char)
    if any(first <= code <= last for first, last in _COMPATIBLE):
        return _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    return char


def _chars(textpage: pypdfium2.PdfTextPage) -> tuple[list[Char], int]:
    """The visible characters of a page in its own coordinates (y upwards), and the number of those without meaning.

    Text that is neither level nor upright is a watermark, and left out.
    """
    found: list[Char] = []
    unknown = 0
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    handle = textpage.raw
    unicode_of, box_of, angle_of = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharAngle,
    )
    spaced = False
    pending = 0  # the first half of a surrogate pair
    for at in range(textpage.count_chars()):
        code = unicode_of(handle, at)
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if pending and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00)
        pending = 0
        text = chr(code) if 0 < code < 0x110000 else "\ufffd"
        if text.isspace() or code in (0x02, 0xAD, 0x200B, 0xFEFF):
            spaced = spaced or (text in " \xa0\u3000" and not pdfium.FPDFText_IsGenerated(handle, at))
            continue
        if text == "\ufffd" or ((code < 0x20 or code > 0x7E) and unicodedata.category(text) in _NOT_TEXT):
            unknown += 1
            continue
        turns = angle_of(handle, at) / (math.pi / 2)
        turn = round(turns)
        if abs(turns - turn) * (math.pi / 2) > _STRAIGHT or not box_of(handle, at, pointer):
            continue
        if code >= 0x2E80:
            text = folded(text)
        found.append(Char(text, box.left, box.top, box.right, box.bottom, turn % 4, spaced))
        spaced = False
    return found, unknown


def _once(chars: list[Char]) -> list[Char]:
    """Characters without those drawn twice at one place, as bold is faked."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for char in chars:
        x, y = int(char.x0), int(char.top)
        near = ((char.text, x + dx, y + dy) for dx in (0, -1, 1) for dy in (0, -1, 1))
        if char.x1 - char.x0 > 2.5 and any(key in seen for key in near):
            continue
        seen.add((char.text, x, y))
        kept.append(char)
    return kept


# ------------------------------------------------------------------------------------------ lines

_Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: _Matrix = (1, 0, 0, 1, 0, 0)
_THIN = 4.0  # points; a thicker bar is an area
_LEVEL = 0.8  # points that a line may rise over its whole length
_FORM_DEPTH = 8
_PATH_SEGMENTS = 20_000
_Box = tuple[float, float, float, float]


class _Lines:
    """Collects the straight lines of page objects, as thin boxes (x0, y0, x1, y1) in the page's own coordinates."""

    def __init__(self) -> None:
        self.found: list[_Box] = []
        self.pictures = self.drawn = 0

    def add(self, item: Any, matrix: _Matrix, depth: int) -> None:
        """Take the lines of an object."""
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            return
        self.drawn += 1
        if self.drawn > settings.MAX_PAGE_OBJECTS:
            raise TooComplexError
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORM_DEPTH:
            inner = _times(_matrix_of(item), matrix)
            number = pdfium.FPDFFormObj_CountObjects(item)
            for at in range(number):
                self.add(pdfium.FPDFFormObj_GetObject(item, at), inner, depth + 1)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:  # some printer drivers draw lines as narrow images
            self.pictures += 1
            box = _bounds(item, matrix)
            if _is_thin(box):
                self.found.append(box)

    def _path(self, item: Any, matrix: _Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
        if not (fill.value or stroke.value) or _is_white(item, bool(stroke.value)):
            return
        box = _bounds(item, matrix)
        if _is_thin(box):
            self.found.append(box)
            return
        number = pdfium.FPDFPath_CountSegments(item)
        self.drawn += number // 4
        if number <= _PATH_SEGMENTS:
            self._segments(item, number, _times(_matrix_of(item), matrix), bool(stroke.value))

    def _segments(self, item: Any, number: int, matrix: _Matrix, stroke: bool) -> None:
        """Stroked: each straight piece is a line. Only filled: each part of the path that is thin is one."""
        x, y = ctypes.c_float(), ctypes.c_float()
        part: list[tuple[float, float]] = []
        straight = True

        def finish(*, closed: bool) -> None:
            nonlocal straight
            if len(part) > 1 and straight and not stroke:
                box = _hull(part)
                if _is_thin(box):
                    self.found.append(box)
            if stroke and closed and len(part) > 2:
                self._piece(part[-1], part[0])
            straight = True

        for at in range(number):
            segment = pdfium.FPDFPath_GetPathSegment(item, at)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = _moved(x.value, y.value, matrix)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                finish(closed=False)
                part = []
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                if stroke and part:
                    self._piece(part[-1], point)
            else:
                straight = False
            part.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                finish(closed=True)
                part = part[:1]
        finish(closed=False)

    def _piece(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        box = _hull([first, last])
        if min(box[2] - box[0], box[3] - box[1]) <= _LEVEL:
            self.found.append(box)


def _is_thin(box: _Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= _THIN


def _is_white(item: Any, stroke: bool) -> bool:
    """Whether a path is drawn in white, or not at all."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    get = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    if not get(item, ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue), ctypes.byref(alpha)):
        return False
    return alpha.value == 0 or red.value == green.value == blue.value == 255


def _bounds(item: Any, matrix: _Matrix) -> _Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top))
    if matrix is _UNMOVED:
        return left.value, bottom.value, right.value, top.value
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    return _hull([_moved(x, y, matrix) for x, y in corners])


def _matrix_of(item: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return _UNMOVED
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _hull(points: list[tuple[float, float]]) -> _Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# ------------------------------------------------------------------------------------------ turning upright


class _Upright(NamedTuple):
    """Moves a page's coordinates (y upwards) to points from the top left of the page, its text level."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int  # quarter turns of the text, as PDFium counts them

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turn % 2 else (wide, high)

    def box(self, box: _Box) -> _Box:
        """A box as x0, top, x1, bottom of the upright page."""
        x0, y0, x1, y1 = box
        match self.turn:
            case 1:
                return self.top - y1, self.right - x1, self.top - y0, self.right - x0
            case 2:
                return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
            case 3:
                return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
            case _:
                return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0

    def char(self, char: Char) -> Char:
        """A character of the page, upright; its box is given as left, top, right, bottom with y upwards."""
        x0, x1 = sorted((char.x0, char.x1))
        y0, y1 = sorted((char.top, char.bottom))
        return Char(char.text, *self.box((x0, y0, x1, y1)), (char.turn - self.turn) % 4, char.spaced)

    def edges(self, boxes: list[_Box]) -> tuple[list[Edge], list[Edge]]:
        """The horizontal and the vertical lines of the upright page; a dot is both."""
        horizontal, vertical = [], []
        for box in boxes:
            x0, top, x1, bottom = self.box(box)
            if bottom - top <= _THIN and x1 - x0 >= bottom - top:
                horizontal.append(Edge((top + bottom) / 2, x0, x1))
            if x1 - x0 <= _THIN and bottom - top >= x1 - x0:
                vertical.append(Edge((x0 + x1) / 2, top, bottom))
        return horizontal, vertical
