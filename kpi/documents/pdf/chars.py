"""The characters of a page of a PDF: what they mean, and where they stand."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium


class Char(NamedTuple):
    """A character and the box of its advance (some fonts give no more than the box of its ink), from the top left.

    ``height`` is about the size of the font, or more, also of characters as flat as 一. ``turn`` is its direction in
    quarter turns against the page's text; ``spaced`` whether a space stands before it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    height: float
    turn: int = 0
    spaced: bool = False


class Glyph(NamedTuple):
    """A character in the page's own coordinates, y upwards; ``turn`` as PDFium counts quarter turns."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    turn: int
    spaced: bool


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
_QUARTER = math.pi / 2
_STRAIGHT = 0.05  # of a quarter turn
_NOT_TEXT = {"Cc", "Cn", "Co", "Cs"}
_INVISIBLE = {0x02, 0xAD, 0x200B, 0xFEFF}
_SPACES = " \xa0\u3000"


def folded(char: str) -> str:
    """An ordinary character for a compatibility one; any other character unchanged. Full-width signs stay."""
    code = ord(char)
    if any(first <= code <= last for first, last in _COMPATIBLE):
        return _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    return char


def glyphs(textpage: pypdfium2.PdfTextPage) -> tuple[list[Glyph], int]:
    """The visible characters of a page, and the number of those without meaning.

    Text that is neither level nor upright is a watermark, and left out.
    """
    found: list[Glyph] = []
    unknown = 0
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    handle = textpage.raw
    unicode_of, angle_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharAngle
    box_of, generated = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_IsGenerated
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
        if not 0x4E00 <= code < 0xA000:
            if code in _INVISIBLE or text.isspace():
                spaced = spaced or (text in _SPACES and not generated(handle, at))
                continue
            if text == "\ufffd" or unicodedata.category(text) in _NOT_TEXT:
                unknown += 1
                continue
            if code >= 0x2E80:
                text = folded(text)
        turns = angle_of(handle, at) / _QUARTER
        turn = round(turns)
        if abs(turns - turn) <= _STRAIGHT and box_of(handle, at, pointer):
            x0, x1, y0, y1 = box.left, box.right, box.bottom, box.top
            if turn:
                x0, y0, x1, y1 = _turned_box(handle, at, code, turn % 4)
            if x0 > x1:
                x0, x1 = x1, x0
            if y0 > y1:
                y0, y1 = y1, y0
            found.append(Glyph(text, x0, y0, x1, y1, turn % 4, spaced))
            spaced = False
    return found, unknown


# Where text of so many quarter turns runs to, and where its top is.
_DIRECTIONS = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))
_DESCENT = 0.14  # of an em, below the base line; the rest is above it
_NARROW = 0.6  # of an em: about the advance of letters and digits; signs may be as wide as Chinese characters
_SIGNS = 0x2000


def _turned_box(handle: Any, at: int, code: int, turn: int) -> tuple[float, float, float, float]:
    """The box of a character that does not stand upright, by its origin and size: PDFium gives no more than its ink."""
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(handle, at, ctypes.byref(x), ctypes.byref(y))
    pdfium.FPDFText_GetMatrix(handle, at, ctypes.byref(matrix))
    em = pdfium.FPDFText_GetFontSize(handle, at) * math.hypot(matrix.c, matrix.d)
    along_x, along_y, up_x, up_y = _DIRECTIONS[turn]
    advance = em if code >= _SIGNS else _NARROW * em
    xs = [x.value + shift * up_x * em + go * along_x for shift in (-_DESCENT, 1 - _DESCENT) for go in (0, advance)]
    ys = [y.value + shift * up_y * em + go * along_y for shift in (-_DESCENT, 1 - _DESCENT) for go in (0, advance)]
    return min(xs), min(ys), max(xs), max(ys)


_DOUBLE = 0.8  # points that a character drawn twice may be shifted by


def once(chars: list[Char]) -> list[Char]:
    """Characters without those drawn twice at one place, as bold is faked."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for char in chars:
        text, x, y = char[0], char[1] / 2, char[2] / 2  # places are kept in steps of two points
        if (text, int(x), int(y)) in seen and char[3] - char[1] > 3 * _DOUBLE:
            continue
        left, right, above, below = (
            int(x - _DOUBLE / 2),
            int(x + _DOUBLE / 2),
            int(y - _DOUBLE / 2),
            int(y + _DOUBLE / 2),
        )
        seen |= {(text, left, above), (text, left, below), (text, right, above), (text, right, below)}
        kept.append(char)
    return kept
