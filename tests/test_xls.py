"""The records of old Excel files, written here byte by byte: strings over continuations, packed numbers, passwords."""

from __future__ import annotations

import struct

import pytest

from kpi.documents.reading import Refused
from kpi.documents.sheets import biff
from kpi.documents.sheets.formats import shown

_BIFF8 = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def stream(cells: bytes, shared: bytes = b"", more: bytes = b"") -> bytes:
    """A workbook of one sheet; ``shared`` are its shared strings, ``more`` other records of the workbook."""
    name = "表".encode("utf-16-le")
    formats = record(0x041E, struct.pack("<HHB", 164, 2, 0) + b"0%")
    styles = record(0xE0, struct.pack("<HH", 0, 0) + bytes(16)) + record(0xE0, struct.pack("<HH", 0, 164) + bytes(16))

    def head(at: int) -> bytes:
        sheet = record(0x85, struct.pack("<IBBBB", at, 0, 0, 1, 1) + name)
        return record(0x0809, _BIFF8) + more + formats + styles + sheet + shared + record(0x0A, b"")

    return head(len(head(0))) + record(0x0809, _BIFF8) + cells + record(0x0A, b"")


def read(data: bytes) -> dict[tuple[int, int], str]:
    book = biff.Workbook(data)
    ((name, at),) = book.sheets
    assert name == "表"
    return {
        (one.row, one.column): one.value if isinstance(one.value, str) else shown(one.value, one.how)
        for one in book.cells(at)
        if isinstance(one, biff.Found)
    }


def place(row: int, column: int, style: int = 0) -> bytes:
    return struct.pack("<HHH", row, column, style)


def test_numbers_in_every_packing() -> None:
    cells = (
        record(0x0203, place(0, 0) + struct.pack("<d", 0.1 + 0.2))
        + record(0x0203, place(0, 1, 1) + struct.pack("<d", 0.95))
        + record(0x027E, place(0, 2) + struct.pack("<I", 95 << 2 | 2))
        + record(0x027E, place(0, 3) + struct.pack("<I", 1250 << 2 | 3))
        + record(0x027E, place(0, 4) + struct.pack("<I", (-7 << 2 | 2) & 0xFFFFFFFF))
        + record(0xBD, struct.pack("<HH", 1, 3) + struct.pack("<HIHI", 0, 5 << 2 | 2, 1, 1 << 2 | 2) + b"\4\0")
        + record(0x06, place(2, 0) + struct.pack("<d", 2.5) + bytes(8))
    )
    assert read(stream(cells)) == {
        (0, 0): "0.3", (0, 1): "95%", (0, 2): "95", (0, 3): "12.5", (0, 4): "-7", (1, 3): "5", (1, 4): "100%",
        (2, 0): "2.5",
    }  # fmt: skip


def test_a_string_goes_on_in_another_width() -> None:
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 6, 1) + "指标".encode("utf-16-le")
    rest = b"\x00abcd" + struct.pack("<HBH", 1, 9, 1) + "值".encode("utf-16-le") + bytes(4)
    shared = record(0xFC, first) + record(0x3C, rest)
    cells = record(0xFD, place(0, 0) + struct.pack("<I", 0)) + record(0xFD, place(0, 1) + struct.pack("<I", 1))
    whole, lost = stream(cells, shared), stream(cells + record(0xFD, place(0, 2) + struct.pack("<I", 9)), shared)
    assert read(whole) == read(lost) == {(0, 0): "指标abcd", (0, 1): "值"}
    for data, missing in ((whole, False), (lost, True)):
        book = biff.Workbook(data)
        list(book.cells(book.sheets[0][1]))
        assert book.is_damaged is missing


def test_formulas_with_text_and_errors() -> None:
    text = record(0x06, place(0, 0) + b"\x00" + bytes(5) + b"\xff\xff" + bytes(6))
    text += record(0x0207, struct.pack("<HB", 2, 0) + b"ok")
    error = record(0x06, place(0, 1) + b"\x02\x00\x07" + bytes(3) + b"\xff\xff" + bytes(6))
    assert read(stream(text + error)) == {(0, 0): "ok", (0, 1): "#DIV/0!"}


def test_a_password() -> None:
    with pytest.raises(Refused) as refused:
        biff.Workbook(stream(b"", more=record(0x2F, bytes(54))))
    assert refused.value.problem.code == "encrypted"


def test_every_cut_reads_to_its_end() -> None:
    shared = record(0xFC, struct.pack("<II", 10**9, 10**9) + struct.pack("<HB", 65535, 1) + b"ab" * 50)
    whole = stream(record(0xFD, place(0, 0) + bytes(4)) + record(0xE5, b"\xff\xff" + bytes(16)), shared)
    for end in range(len(whole)):
        book = biff.Workbook(whole[:end])
        for _, at in book.sheets:
            assert len(list(book.cells(at))) <= 3
        assert book.is_damaged


def test_a_sheet_that_is_not_where_the_workbook_says() -> None:
    whole = stream(record(0x0203, place(0, 0) + bytes(8)))
    for data, damaged in ((whole, False), (whole.replace(b"0%", b"0.0%"), True)):
        book = biff.Workbook(data)
        for _, at in book.sheets:
            list(book.cells(at))
        assert book.is_damaged is damaged
