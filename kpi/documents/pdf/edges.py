"""The straight lines of a page of a PDF, whatever they are drawn as: strokes, narrow areas, narrow images."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

from kpi import settings


class TooComplexError(Exception):
    """A page that holds more than the settings allow."""


Box = tuple[float, float, float, float]  # x0, y0, x1, y1, y upwards
THIN = 4.0  # points; a thicker bar is an area

_Matrix = tuple[float, float, float, float, float, float]
UNMOVED: _Matrix = (1, 0, 0, 1, 0, 0)
_LEVEL = 0.8  # points that a line may rise over its whole length
_FORM_DEPTH = 8
_PATH_SEGMENTS = 20_000


class Lines:
    """Collects the straight lines of page objects, as thin boxes (x0, y0, x1, y1) in the page's own coordinates."""

    def __init__(self) -> None:
        self.found: list[Box] = []
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


def _is_thin(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= THIN


def _is_white(item: Any, stroke: bool) -> bool:
    """Whether a path is drawn in white, or not at all."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    get = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    if not get(item, ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue), ctypes.byref(alpha)):
        return False
    return alpha.value == 0 or red.value == green.value == blue.value == 255


def _bounds(item: Any, matrix: _Matrix) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top))
    if matrix is UNMOVED:
        return left.value, bottom.value, right.value, top.value
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    return _hull([_moved(x, y, matrix) for x, y in corners])


def _matrix_of(item: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return UNMOVED
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _hull(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
