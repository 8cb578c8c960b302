"""Files that were made to do harm, or were harmed: those of the readers' tests, with the names they would come with."""

from __future__ import annotations

import random
from collections.abc import Iterator

import olefile

from tests.office import excel, p, tbl, tr, word, zipped
from tests.test_hostile_office import DEEP, HUGE, LAUGHS, OUTSIDE, OUTSIDE_DTD, in_excel, in_word, replaced, samples
from tests.test_hostile_pages import PAGES_OF_HARM, PDFS


def files() -> dict[str, bytes]:
    """Name → content, one document each."""
    return dict(_pages()) | dict(_entities()) | dict(_office()) | dict(_texts()) | dict(_harmed())


def _pages() -> Iterator[tuple[str, bytes]]:
    for ending, made in (("pdf", PDFS), ("html", PAGES_OF_HARM)):
        yield from ((f"{name}.{ending}", make()) for name, (make, _) in made.items())


def _entities() -> Iterator[tuple[str, bytes]]:
    for name, declared, entity in (("laughs", LAUGHS, "&j;"), ("outside", OUTSIDE, "&a;"), ("dtd", OUTSIDE_DTD, "x")):
        yield f"{name}.docx", in_word(declared, entity)
        yield f"{name}.xlsx", in_excel(declared, entity)


def _office() -> Iterator[tuple[str, bytes]]:
    yield from ((f"{name}.xlsx", excel(sheet)) for name, sheet in HUGE.items())
    for part in ("word/document.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
        base = word(p("甲")) if part.startswith("word") else excel("")
        yield f"bomb {part.rpartition('/')[2]}", replaced(base, part, b"<a>" + b" " * (300 * 2**20))
    for number, (opened, closed) in enumerate(
        (
            ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
            ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        )
    ):  # fmt: skip
        yield f"deep {number}.docx", word(opened * DEEP + closed * DEEP)
    yield "rows.docx", word(tbl("<w:tr><w:tc><w:p/></w:tc></w:tr>" * 1_000_000))
    yield "wide.docx", word(tbl(tr("产出指标", "数量指标", "场次", "≥12场") * 20_000))
    yield "ole.xls", olefile.MAGIC + b"\0" * 1_000
    yield "zip.docx", zipped({"../../../../etc/passwd": "x", "C:\\x": "x", "/x": "x"})
    yield "zip within zip.zip", zipped({"内.zip": zipped({f"{n}.txt": b"\0" * 2**24 for n in range(4)})})
    yield "png.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 50


def _texts() -> Iterator[tuple[str, bytes]]:
    heads = "一级指标 二级指标 三级指标 指标值 "
    for ending, mark in (("txt", "\t"), ("csv", ","), ("md", "|"), ("lines.txt", "\n"), ("blanks.txt", " ")):
        yield f"headings.{ending}", heads.replace(" ", mark).encode() * 50_000
    yield "empty.docx", b""
    yield "zeros.txt", bytes(2**20)
    yield "noise.txt", random.Random(0).randbytes(2**20)
    yield "pipes.txt", b"|" * 2**20
    yield "digits.txt", "指标值\n".encode() + b"9" * 2**20


def _harmed() -> Iterator[tuple[str, bytes]]:
    choose = random.Random(0)
    for ending, data in samples():
        for share in (10, 50, 90, 99):
            yield f"cut at {share}.{ending}", data[: len(data) * share // 100]
        for number in range(5):
            harmed = bytearray(data)
            for _ in range(8):
                harmed[choose.randrange(len(harmed))] ^= 1 << choose.randrange(8)
            yield f"flipped {number}.{ending}", bytes(harmed)
