"""Web pages and PDFs that mean harm, or are broken: a typed problem or a right reading, within the limits."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import kpi
from kpi import documents, settings
from kpi.documents.problems import CATALOGUE
from tests.test_html import ROWS as HTML_ROWS
from tests.test_html import TABLE, archive, page
from tests.test_pdf import ROWS, draw, grids, pdf

SECONDS = 20.0  # for any one of these, on a busy machine


def codes(document: documents.Document) -> set[str]:
    return {problem.code for problem in document.problems}


def raw_pdf(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    data = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    xref = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer\n<</Size %d/Root %d 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        root,
        trailer,
        xref,
    )


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def page_of(stream: bytes, extra: bytes = b"") -> bytes:
    """A PDF of one page with this content stream."""
    return raw_pdf(
        CATALOG,
        PAGES,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d%b>>stream\n%b\nendstream" % (len(stream), extra, stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def encrypted(user: str, owner: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(user, owner))
    canvas.drawString(100, 700, "Owner only")
    canvas.save()
    return buffer.getvalue()


def scan() -> bytes:
    return raw_pdf(
        CATALOG,
        PAGES,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 30>>stream\nq 595 0 0 842 0 0 cm /I Do Q  \nendstream",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length 1>>stream\n0\nendstream",
    )


def flate_bomb() -> bytes:
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * 1_500_000, 9)
    return page_of(zlib.compress(packed, 9), b"/Filter[/FlateDecode/FlateDecode]")


PDFS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "header only": (lambda: b"%PDF-1.7\n", {"damaged_file"}),
    "noise behind the header": (lambda: b"%PDF-1.4\n" + bytes(range(256)) * 200, {"damaged_file"}),
    "user password": (lambda: encrypted("secret", "owner"), {"encrypted"}),
    "scan": (scan, {"no_text_layer"}),
    "no pages": (lambda: raw_pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"), {"empty_document", "damaged_file"}),
    "blank page": (lambda: page_of(b""), {"empty_document"}),
    "a million pages declared": (
        lambda: raw_pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", b"<</Type/Page/Parent 2 0 R>>"),
        {"pages_not_read", "too_many_pages", "empty_document", "damaged_file"},
    ),
    "pages that are their own children": (
        lambda: raw_pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
        {"pages_not_read", "empty_document", "damaged_file"},
    ),
    "cross-references in a circle": (
        lambda: raw_pdf(CATALOG, PAGES, trailer=b"/Prev 9").replace(b"startxref\n", b"startxref\n9 % "),
        {"damaged_file", "pages_not_read", "empty_document"},
    ),
    "arrays 100,000 deep": (
        lambda: raw_pdf(CATALOG, b"<</Type/Pages/Count 1/Kids" + b"[" * 100_000 + b"]" * 100_000 + b">>"),
        {"damaged_file", "pages_not_read", "empty_document"},
    ),
    "operands 100,000 deep": (lambda: page_of(b"[" * 100_000), {"empty_document", "pages_not_read"}),
    "graphics states 100,000 deep": (lambda: page_of(b"q " * 100_000), {"empty_document"}),
    "flate bomb": (flate_bomb, {"pages_not_read", "no_text_layer", "empty_document"}),
    "objects beyond the limit": (
        lambda: page_of(b"0 0 m 9 9 l S\n" * (settings.MAX_PAGE_OBJECTS + 10)),
        {"pages_not_read"},
    ),
    "characters beyond the limit": (
        lambda: page_of(b"BT /F 1 Tf 9 9 Td " + b"(abcdefghij) Tj " * (settings.MAX_PAGE_CHARS // 10 + 9) + b"ET"),
        {"pages_not_read"},
    ),
    "a page without size": (
        lambda: page_of(b"BT /F 9 Tf (abc) Tj ET").replace(b"[0 0 595 842]", b"[0 0 0 0]    "),
        {"", "empty_document"},
    ),
    "numbers beyond all bounds": (
        lambda: page_of(b"1e38 0 0 1e38 1e38 1e38 cm 0 0 m 1e30 1e30 l S BT /F 1e30 Tf (abc) Tj ET"),
        {"", "empty_document", "no_text_layer"},
    ),
    "a form that draws itself": (
        lambda: raw_pdf(
            CATALOG,
            PAGES,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
            b"<</Length 5>>stream\n/X Do\nendstream",
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
            b"/Length 5>>stream\n/X Do\nendstream",
        ),
        {"empty_document", "pages_not_read", "no_text_layer"},
    ),
}


@pytest.mark.parametrize("name", PDFS)
def test_hostile_pdfs(name: str) -> None:
    make, expected = PDFS[name]
    begin = time.process_time()
    document = documents.read(make())
    assert time.process_time() - begin < SECONDS
    assert (codes(document) & expected) or (not document.problems and "" in expected)
    assert codes(document) <= CATALOGUE.keys()


def test_an_owner_password_alone_does_not_keep_from_reading() -> None:
    document = documents.read(encrypted("", "owner"))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Owner only"]
    assert document.problems == ()


def test_truncated_pdfs() -> None:
    whole = pdf(*[draw] * 3)
    for share in range(0, 100, 4):
        document = documents.read(whole[: max(len(whole) * share // 100, 12)])
        assert document.problems
        assert all(grid == ROWS for grid in grids(document))


def test_damaged_bytes_in_a_pdf() -> None:
    whole = pdf(draw)
    begin = time.process_time()
    for at in range(0, len(whole), max(len(whole) // 150, 1)):
        document = documents.read(whole[:at] + b"\x00\xff<<" + whole[at + 4 :])
        assert codes(document) <= CATALOGUE.keys()
    assert time.process_time() - begin < SECONDS


def test_pages_and_time_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_PAGES", 2)
    document = documents.read(pdf(draw, draw, draw))
    assert codes(document) == {"too_many_pages"}
    assert len(grids(document)) == 2
    monkeypatch.setattr(settings, "READ_SECONDS", 0.0)
    assert "out_of_time" in codes(documents.read(pdf(draw, draw)))


def test_lines_beyond_number() -> None:
    grid = b"".join(
        b"0 %d m 595 %d l S %d 0 m %d 842 l S\n" % (n % 842, n % 842, n % 595, n % 595) for n in range(25_000)
    )
    begin = time.process_time()
    document = documents.read(page_of(grid + b"BT /F 9 Tf 100 100 Td (abc) Tj ET"))
    assert time.process_time() - begin < SECONDS
    assert codes(document) <= CATALOGUE.keys()


# ------------------------------------------------------------------------------------------ web pages


PAGES_OF_HARM: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "100,000 nested divisions": (lambda: b"<div>" * 100_000 + b"x", {"too_deep"}),
    "100,000 nested tables": (lambda: b"<table><tr><td>" * 100_000 + b"x", {"too_deep"}),
    "100,000 unclosed font tags": (lambda: page("<font>" * 100_000 + TABLE), {"too_deep"}),
    "200,000 cells": (lambda: page("<table>" + ("<tr>" + "<td>1" * 100) * 2000 + "</table>"), {""}),
    "rows that claim all columns": (
        lambda: page("<table>" + "<tr><td colspan=1000000000>1<td>2" * 5000 + "</table>"),
        {"too_many_cells", ""},
    ),
    "a hundred thousand attributes": (
        lambda: page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + f">x{TABLE}"),
        {""},
    ),
    "only tags": (lambda: page("<div><p></p><table><tr><td></td></tr></table></div>"), {"empty_document"}),
    "frames of a workbook": (
        lambda: b"<html><frameset rows='*,39'><frame src='sheet001.htm'></frameset></html>",
        {"empty_document"},
    ),
    "cut in a tag": (lambda: page(TABLE)[:-20] + b"<td colsp", {""}),
    "archive without a page": (lambda: archive("---=b", "Content-Type: image/png", "", "AAAA"), {"damaged_file"}),
    "archive nested without end": (
        lambda: (
            b"MIME-Version: 1.0\r\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
        ),
        {"damaged_file", "empty_document"},
    ),
    "archive with a false encoding": (
        lambda: archive("---=b", "Content-Type: text/html", "Content-Transfer-Encoding: base64", "", "=?!"),
        {"empty_document"},
    ),
}


@pytest.mark.parametrize("name", PAGES_OF_HARM)
def test_hostile_pages(name: str) -> None:
    make, expected = PAGES_OF_HARM[name]
    begin = time.process_time()
    extraction = kpi.extract(make(), filename="page.html")
    assert time.process_time() - begin < SECONDS
    found = {problem.code for problem in extraction.problems} - {"no_target_table"}
    assert (found & expected) or (not found and "" in expected)


def test_cells_and_rows_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    table = page("<table>" + "<tr><td>1<td>2<td>3" * 100 + "</table>")
    monkeypatch.setattr(settings, "MAX_CELLS", 90)
    document = documents.read(table)
    assert codes(document) == {"too_many_cells"}
    assert [len(rows) for rows in grids(document)] == [30]
    monkeypatch.setattr(settings, "MAX_CELLS", 1000)
    monkeypatch.setattr(settings, "MAX_ROWS", 7)
    document = documents.read(table)
    assert codes(document) == {"too_many_rows"}
    assert [len(rows) for rows in grids(document)] == [7]


def test_spans_beyond_the_table_and_nonsense() -> None:
    body = (
        "<table><tr><td colspan=99999999999>甲<td rowspan=1000000000>乙<tr><td colspan=-1>丙<td colspan=x>丁"
        "<td rowspan=0>戊<tr><td>己</table>"
    )
    cells = {cell.text for table in documents.read(page(body)).tables for row in table.rows for cell in row}
    assert {"甲", "丙", "丁", "己"} <= cells


def test_zero_bytes_in_a_page_are_left_out() -> None:
    data = page(TABLE).replace(b"<td>", b"<t\x00d>")
    assert grids(documents.read(data)) == [HTML_ROWS]


def test_entities_are_neither_fetched_nor_blown_up() -> None:
    doctype = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    )
    document = documents.read(f"{doctype}<html><body><p>甲&b;&x;&#0;&#x110000;&amp;</p></body></html>".encode())
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    assert "甲" in text
    assert "root:" not in text
    assert len(text) < 60


@pytest.mark.parametrize("boundary", ["missing", "=", "b" * 500])
def test_archives_with_a_broken_boundary(boundary: str) -> None:
    data = (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="{boundary}"\r\n\r\n--other\r\n'
        f"Content-Type: text/html\r\n\r\n{TABLE}"
    )
    extraction = kpi.extract(data.encode())
    assert {problem.code for problem in extraction.problems} <= {"damaged_file", "no_target_table", "empty_document"}


def test_a_reading_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_SECONDS", 0.0)
    document = documents.read(page("<p>甲</p>" + "<i>乙</i>" * 10_000))
    assert codes(document) == {"out_of_time"}
