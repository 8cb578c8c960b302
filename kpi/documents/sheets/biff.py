"""The records of an old Excel file (xls): which sheets there are, which cells, which formats their numbers have.

The stream is a row of records, each with its type and length in two bytes, then the content; a long one goes on in
records of the type CONTINUE. Everything is counted against what is there, nothing against what is declared.

Why not a library: xlrd 2.0.2 (the only one in Python) reads sound files to the same cells at the same speed, but it
cannot be stopped. A file of 1.1 MB with a cell in column IV of each row took 230 MB and 13 s, 40,000 rows of 256
numbers 165 s (allocations traced), where the limits of one document are 2 million cells and 60 s. Formulas of names,
notes and links, which nobody asks for here, cost the whole file where it does not expect them, and of 2,000 damaged
streams it gave something for 700, this module for 955.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from kpi.documents.reading import Refused
from kpi.documents.sheets import formats
from kpi.documents.sheets.formats import GENERAL, Format

_BOF, _EOF, _CONTINUE, _FILEPASS, _DATEMODE = 0x0809, 0x000A, 0x003C, 0x002F, 0x0022
_BOUNDSHEET, _FORMAT, _XF, _SST = 0x0085, 0x041E, 0x00E0, 0x00FC
_NUMBER, _RK, _MULRK, _FORMULA, _STRING = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0207
_LABEL, _LABELSST, _RSTRING, _BOOLERR, _MERGED = 0x0204, 0x00FD, 0x00D6, 0x0205, 0x00E5
_BIFF8 = b"\x00\x06"
_WORKSHEET = 0
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Value = str | float | bool


class Found(NamedTuple):
    """A filled cell: where, its value, and the format that a number is shown in."""

    row: int
    column: int
    value: Value
    how: Format


class Merged(NamedTuple):
    """Cells that are one: first row and column, last row and column."""

    top: int
    left: int
    bottom: int
    right: int


class Workbook:
    """What the sheets share. Raises ``Refused`` where the file needs a password."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._codes: dict[int, Format] = {}
        self._styles: list[Format] = []
        self._strings: list[str] = []
        self._wide = True
        self.sheets: list[tuple[str, int]] = []  # name, and where its records begin
        self.from_1904 = False
        self.is_damaged = False  # some of what was asked for is not there
        for kind, chunks in self._records(0):
            content = chunks[0]
            if kind == _BOF:
                self._wide = content[:2] == _BIFF8
            elif kind == _FILEPASS:
                raise Refused("encrypted")
            elif kind == _DATEMODE:
                self.from_1904 = content[:1] == b"\x01"
            elif kind == _SST:
                self._strings = list(_shared(chunks))
            else:
                self._global(kind, content)

    def _global(self, kind: int, content: bytes) -> None:
        if kind == _FORMAT and len(content) > 4:
            number = int.from_bytes(content[:2], "little")
            self._codes[number] = formats.format_of(self._text([content[2:]], 2 if self._wide else 1))
        elif kind == _XF and len(content) >= 4:
            number = int.from_bytes(content[2:4], "little")
            self._styles.append(self._codes.get(number) or formats.built_in(number))
        elif kind == _BOUNDSHEET and len(content) > 7 and content[5] == _WORKSHEET:
            self.sheets.append((self._text([content[6:]], 1), int.from_bytes(content[:4], "little")))

    def cells(self, at: int) -> Iterator[Found | Merged]:
        """The cells of the sheet whose records begin at ``at``, and which of them are merged."""
        waiting: tuple[int, int] | None = None  # a formula whose text comes in the next record
        for kind, chunks in self._records(at):
            content = chunks[0]
            if kind == _STRING and waiting:
                yield Found(*waiting, self._text(chunks, 2), GENERAL)
            waiting = None
            if kind == _MERGED:
                yield from (Merged(top, left, bottom, right) for top, bottom, left, right in _areas(content[2:]))
            elif kind == _MULRK and len(content) >= 6:
                row, column = struct.unpack_from("<HH", content)
                inner = content[4 : 4 + (len(content) - 6) // 6 * 6]
                for n, (style, rk) in enumerate(struct.iter_unpack("<HI", inner)):
                    yield Found(row, column + n, _rk(rk), self._style(style))
            elif len(content) >= 6:
                row, column, style = struct.unpack_from("<HHH", content)
                if kind == _FORMULA and content[6:7] == b"\x00" and content[12:14] == b"\xff\xff":
                    waiting = row, column
                elif (value := self._value(kind, content, chunks)) is not None:
                    yield Found(row, column, value, self._style(style))

    def _value(self, kind: int, content: bytes, chunks: list[bytes]) -> Value | None:
        body = content[6:]
        if kind == _LABELSST and len(body) >= 4:
            at = int.from_bytes(body[:4], "little")
            self.is_damaged |= at >= len(self._strings)
            return self._strings[at] if at < len(self._strings) else None
        if kind in (_LABEL, _RSTRING):
            return self._text([body, *chunks[1:]], 2)
        if kind == _NUMBER and len(body) >= 8:
            return float(struct.unpack_from("<d", body)[0])
        if kind == _RK and len(body) >= 4:
            return _rk(int.from_bytes(body[:4], "little"))
        if kind == _BOOLERR and len(body) >= 2:
            return _ERRORS.get(body[0]) if body[1] else bool(body[0])
        if kind == _FORMULA and len(body) >= 8:
            if body[6:8] != b"\xff\xff":
                return float(struct.unpack_from("<d", body)[0])
            return bool(body[2]) if body[0] == 1 else _ERRORS.get(body[2]) if body[0] == 2 else None
        return None

    def _records(self, at: int) -> Iterator[tuple[int, list[bytes]]]:
        """The records of the part that begins at ``at``, each with its continuations.

        Parts within the part (charts) are skipped. The workbook is damaged where the part has no beginning or no end.
        """
        stream, size = self._stream, len(self._stream)
        self.is_damaged |= stream[at : at + 2] != _BOF.to_bytes(2, "little")
        depth = 0
        while at + 4 <= size:
            kind, length = struct.unpack_from("<HH", stream, at)
            chunks = [stream[at + 4 : at + 4 + length]]
            at += 4 + length
            while at + 4 <= size and stream[at : at + 2] == b"\x3c\x00":
                length = int.from_bytes(stream[at + 2 : at + 4], "little")
                chunks.append(stream[at + 4 : at + 4 + length])
                at += 4 + length
            depth += (kind == _BOF) - (kind == _EOF)
            if depth <= 1:
                yield kind, chunks
            if depth <= 0:
                return
        self.is_damaged = True

    def _style(self, number: int) -> Format:
        return self._styles[number] if number < len(self._styles) else GENERAL

    def _text(self, chunks: list[bytes], size: int) -> str:
        """A string whose length stands in its first ``size`` bytes; older files have one byte or two a character."""
        length = int.from_bytes(chunks[0][:size], "little")
        if self._wide:
            return _Chunks([chunks[0][size:], *chunks[1:]]).characters(length)
        return chunks[0][size : size + length].decode("gb18030", "replace")


def _rk(packed: int) -> float:
    """A number in four bytes: two flags, then an integer or the upper part of a double."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    return number / 100 if packed & 1 else number


def _areas(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    return struct.iter_unpack("<HHHH", content[: len(content) // 8 * 8])


def _shared(chunks: list[bytes]) -> Iterator[str]:
    """The shared strings; where the file breaks off, those before."""
    reader = _Chunks([chunks[0][8:], *chunks[1:]])
    while not reader.ended:
        yield reader.string()


class _Chunks:
    """Bytes that are spread over a record and its continuations."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks
        self._number = 0
        self._at = 0

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        while self._number < len(self._chunks) and self._at >= len(self._chunks[self._number]):
            self._number, self._at = self._number + 1, 0
        return self._number >= len(self._chunks)

    def _take(self, size: int) -> bytes:
        """The next ``size`` bytes, or as many as there are."""
        taken = b""
        while size > 0 and not self.ended:
            piece = self._chunks[self._number][self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            taken += piece
        return taken

    def _integer(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def string(self) -> str:
        """A string with its length before it, and behind it the formats of its runs and its pronunciation."""
        length, flags = self._integer(2), self._integer(1)
        runs = self._integer(2) if flags & 8 else 0
        extra = self._integer(4) if flags & 4 else 0
        text = self._characters(length, flags)
        self._take(4 * runs + extra)
        return text

    def characters(self, length: int) -> str:
        """``length`` characters, before which a byte says how wide they are."""
        return self._characters(length, self._integer(1))

    def _characters(self, length: int, flags: int) -> str:
        """In a continuation the byte with the width stands again."""
        pieces: list[str] = []
        while length > 0 and not self.ended:
            if pieces and self._at == 0:
                flags = self._integer(1)
            width = 2 if flags & 1 else 1
            piece = self._chunks[self._number][self._at : self._at + length * width]
            self._at += max(len(piece), 1)
            pieces.append(piece.decode("utf-16-le", "replace") if width == 2 else piece.decode("latin-1"))
            length -= max(len(piece) // width, 1)
        return "".join(pieces)
