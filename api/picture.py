"""A page of a PDF as a picture with a place marked. PDFium does it in a process of its own (:mod:`kpi.processes`)."""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from kpi import settings

# The picture is at most so wide and high, in pixels, and at most so many times the size of print (72 a inch).
_MAX_WIDTH, _MAX_HEIGHT, _MAX_SCALE = 1_200, 2_400, 2.0
_LEAST_CHARS = 4  # of the beginning of a text that is looked for where the whole is not found
_SAME_ROW = 12.0  # points between the middles of two texts of one row of a table
_CELL_GAP = 0.6  # of the height of a character: what is closer belongs to the same words
_MARGIN = 3  # pixels around what is marked
_EDGE, _EDGE_WIDTH = (11, 92, 173), 2
_YELLOW = (255, 240, 120)  # white becomes that; what is darker stays readable


class Picture(NamedTuple):
    """A PNG, and whether the place was found on the page."""

    png: bytes
    found: bool


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


_Char = tuple[str, _Box]


class _Place(NamedTuple):
    """Where a text stands; ``touches`` where it is part of longer words."""

    boxes: Sequence[_Box]
    touches: bool


def page_image(data: bytes, number: int, near: str, texts: Sequence[str]) -> Picture | None:
    """Page ``number`` (from 1) of a PDF; null where there is none, or it cannot be drawn.

    The first of ``texts`` that stands on the page is marked, where it stands several times beside ``near``, which is
    marked as well.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            if not 1 <= number <= len(document):
                return None
            page = document[number - 1]
            if pdfium.FPDFPage_CountObjects(page.raw) > settings.MAX_PAGE_OBJECTS:
                return None
            boxes = [*_marked(page, near, texts)]
            return Picture(_drawn(page, boxes), bool(boxes))
    except pypdfium2.PdfiumError:
        return None


def _marked(page: pypdfium2.PdfPage, near: str, texts: Sequence[str]) -> Iterator[_Box]:
    chars = _chars(page)
    beside = _near(chars, near)
    for text in texts:
        if found := [*_places(chars, text)]:
            yield from _lines(min(found, key=lambda place: _fits(place, beside)).boxes)
            break
    yield from _lines(beside)


def _near(chars: Sequence[_Char], near: str) -> Sequence[_Box]:
    """The first place of ``near``, best where it stands alone; of words that a page breaks off, their beginning."""
    for wanted in dict.fromkeys((near, _packed(near)[:_LEAST_CHARS])):
        if found := [*_places(chars, wanted)]:
            return min(found, key=lambda place: place.touches).boxes
    return ()


def _chars(page: pypdfium2.PdfPage) -> list[_Char]:
    """The characters of a page that are no blanks, with their boxes (points, from below)."""
    text = page.get_textpage()
    found = []
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for at in range(min(text.count_chars(), settings.MAX_PAGE_CHARS)):
        char = chr(pdfium.FPDFText_GetUnicode(text.raw, at))
        if char.isspace() or char in "\0\ufffe\uffff":
            continue
        pdfium.FPDFText_GetCharBox(text.raw, at, left, right, bottom, top)
        found.append((char, _Box(left.value, top.value, right.value, bottom.value)))
    return found


def _packed(text: str) -> str:
    return "".join(text.split())


def _places(chars: Sequence[_Char], text: str) -> Iterator[_Place]:
    """Each occurrence of ``text``, blanks aside."""
    packed, wanted = "".join(char for char, _ in chars), _packed(text)
    at = packed.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        touches = (at > 0 and _touch(chars[at - 1][1], chars[at][1])) or (
            end < len(chars) and _touch(chars[end - 1][1], chars[end][1])
        )
        yield _Place([box for _, box in chars[at:end]], touches)
        at = packed.find(wanted, end)


def _touch(one: _Box, next_one: _Box) -> bool:
    """Whether two characters belong to the same words: side by side in one line."""
    same_line = one.bottom <= (next_one.top + next_one.bottom) / 2 <= one.top
    return same_line and 0 <= next_one.left - one.right + 1 <= 1 + _CELL_GAP * (one.top - one.bottom)


def _fits(place: _Place, beside: Sequence[_Box]) -> tuple[bool, bool, float]:
    """How well a place fits, the least best: in the row of ``beside``, a cell of its own, close."""
    distance = abs(_middle(place.boxes) - _middle(beside)) if beside else 0.0
    return distance > _SAME_ROW, place.touches, distance


def _middle(boxes: Sequence[_Box]) -> float:
    return (max(box.top for box in boxes) + min(box.bottom for box in boxes)) / 2


def _lines(boxes: Sequence[_Box]) -> Iterator[_Box]:
    """The boxes of one text, joined where they stand in one line."""
    line: list[_Box] = []
    for box in boxes:
        if line and not (line[-1].bottom <= (box.top + box.bottom) / 2 <= line[-1].top):
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)


def _around(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(b.left for b in boxes), max(b.top for b in boxes), max(b.right for b in boxes), min(b.bottom for b in boxes)
    )


def _drawn(page: pypdfium2.PdfPage, boxes: Sequence[_Box]) -> bytes:
    width, height = page.get_size()
    scale = min(_MAX_SCALE, _MAX_WIDTH / max(width, 1), _MAX_HEIGHT / max(height, 1))
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.FPDFBitmap_BGR)
    pixels, stride = bytearray(bitmap.buffer), bitmap.stride
    size = bitmap.width, bitmap.height
    for box in boxes:
        _mark(pixels, stride, size, _on_picture(page, box, size))
    return png(pixels, stride, *size)


def _on_picture(page: pypdfium2.PdfPage, box: _Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels, within the picture; turned as the page is."""
    x, y = ctypes.c_int(), ctypes.c_int()
    points = []
    for across, up in ((box.left, box.top), (box.right, box.bottom)):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, across, up, x, y)
        points.append((x.value, y.value))
    (x1, y1), (x2, y2) = points
    left, right = sorted((x1, x2))
    top, bottom = sorted((y1, y2))
    return (
        max(left - _MARGIN, 0), max(top - _MARGIN, 0), min(right + _MARGIN, size[0]), min(bottom + _MARGIN, size[1])
    )  # fmt: skip


_TINTS = tuple(bytes(level * most // 255 for level in range(256)) for most in _YELLOW)


def _mark(pixels: bytearray, stride: int, size: tuple[int, int], place: tuple[int, int, int, int]) -> None:
    """Yellow ground and an edge, in place."""
    left, top, right, bottom = place
    if left >= right or top >= bottom:
        return
    for y in range(top, bottom):
        begin, end = y * stride + left * 3, y * stride + right * 3
        for channel, tint in enumerate(_TINTS):
            pixels[begin + channel : end : 3] = pixels[begin + channel : end : 3].translate(tint)
        if y < top + _EDGE_WIDTH or y >= bottom - _EDGE_WIDTH:
            pixels[begin:end] = bytes(_EDGE) * (right - left)
        else:
            edge = bytes(_EDGE) * min(_EDGE_WIDTH, right - left)
            pixels[begin : begin + len(edge)] = edge
            pixels[end - len(edge) : end] = edge


def png(pixels: bytes | bytearray, stride: int, width: int, height: int) -> bytes:
    """A PNG of rows of red, green, blue; each takes ``stride`` bytes."""
    rows = b"".join(b"\0" + bytes(pixels[y * stride : y * stride + width * 3]) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
