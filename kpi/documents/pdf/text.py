"""The quick way over a page that holds no target table: the lines of text as PDFium gives them, and no tables."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium
import regex

from kpi import settings
from kpi.documents.pdf.chars import folded
from kpi.documents.pdf.layout import Sheet
from kpi.documents.pdf.lines import Line, Run

# Words of which at least one stands on any page with a part of a target table. A page without them, onto which no table
# goes on, is read the quick way. One word too many costs time, one too few costs a table.
SIGNS = ("指标", "绩效", "目标值", "满意度", "完成值", "一级", "二级", "三级", "数量", "质量", "时效")
_BLANKS = regex.compile(r"\s+")
_UNKNOWN = regex.compile(r"[\p{Co}\p{Cn}\ufffd]")
_ODD_SHARE = 0.02  # of characters without meaning: the page is looked at closely
_CHINESE = "\u2e80"  # the characters behind it are an em wide
_GAP_EMS = 1.15  # between two captions


def plain_sheet(number: int, page: pypdfium2.PdfPage) -> Sheet | None:
    """The lines of a page; ``None`` where the page must be read closely."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if not count or count > settings.MAX_PAGE_CHARS or pdfium.FPDFText_GetCharAngle(textpage.raw, 0):
            return None
        buffer = (ctypes.c_ushort * (count + 1))()
        pdfium.FPDFText_GetText(textpage.raw, 0, count, buffer)
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(text) != count or len(_UNKNOWN.findall(text)) > _ODD_SHARE * count or page.get_rotation():
            return None  # indexes of characters and of text must be the same
        words = _BLANKS.sub("", text)
        if any(sign in words for sign in SIGNS):
            return None
        left, _, _, top = page.get_cropbox()
        lines = _Lines(textpage, left, top).of(text)
    finally:
        textpage.close()
    width, height = page.get_size()
    return Sheet(number, width, height, [], sorted(lines, key=lambda line: line[0].top), [])


class _Lines:
    def __init__(self, textpage: pypdfium2.PdfTextPage, left: float, top: float) -> None:
        self.handle = textpage.raw
        self.left, self.top = left, top
        self.rect = pdfium.FS_RECTF()

    def of(self, text: str) -> list[Line]:
        """The lines of ``text``, whose characters have the indexes that PDFium counts."""
        found: list[Line] = []
        start = 0
        for piece in text.split("\n"):
            line = piece.rstrip("\r")
            if line.strip():
                found.append(self._line(line, start))
            start += len(piece) + 1
        return found

    def _line(self, text: str, start: int) -> Line:
        """The runs of a line: a wide gap at a space divides them."""
        words = [(found.start(), found.end()) for found in regex.finditer(r"\S+", text)]
        x0, top, right, bottom = self._box(start + words[0][0])
        em = right - x0 if text[words[0][0]] > _CHINESE else bottom - top
        runs: list[Run] = []
        begin = words[0][0]
        for at, (_, end) in enumerate(words):
            last = self._box(start + end - 1)
            following = self._box(start + words[at + 1][0]) if at + 1 < len(words) else None
            top, bottom = min(top, last[1]), max(bottom, last[3])
            if following is None or following[0] - last[2] > _GAP_EMS * em:
                body = "".join(map(folded, text[begin:end]))
                runs.append(Run(body, x0, top, last[2], bottom, em, ()))
                if following is not None:
                    begin, (x0, top, _, bottom) = words[at + 1][0], following
        return sorted(runs, key=lambda run: run.x0)

    def _box(self, at: int) -> tuple[float, float, float, float]:
        pdfium.FPDFText_GetLooseCharBox(self.handle, at, ctypes.byref(self.rect))
        box = self.rect
        return box.left - self.left, self.top - box.top, box.right - self.left, self.top - box.bottom
