"""Bytes, paths and text → :class:`Document`: blocks with locations. One file a format, told by content, not by name."""

from __future__ import annotations

import hashlib
import importlib
import stat
from collections.abc import Callable
from pathlib import Path
from typing import cast

from kpi import settings
from kpi.documents.kinds import Kind, kind_of
from kpi.documents.model import Block, Cell, Content, Document, Paragraph, Row, Table
from kpi.documents.problems import problem, unread
from kpi.documents.text import plain
from kpi.schema import Problem, Source
from kpi.values.fold import without_surrogates

__all__ = ["Block", "Cell", "Document", "Paragraph", "Row", "Table", "problem", "read", "unread"]

# Kind → the module that reads it: one with ``read(data) -> Content``.
_MODULES = {
    Kind.TEXT: "text.plain",
    Kind.MARKDOWN: "text.plain",
    Kind.CSV: "text.comma",
    Kind.DOCX: "word.docx",
    Kind.DOC: "libreoffice",
    Kind.RTF: "libreoffice",
    Kind.ODT: "libreoffice",
    Kind.XLSX: "sheets.xlsx",
    Kind.XLS: "sheets.xls",
    Kind.ODS: "sheets.ods",
    Kind.XLSB: "libreoffice",
    Kind.FLAT_XLS: "libreoffice",
    Kind.HTML: "web.html",
    Kind.MHTML: "web.mhtml",
    Kind.PDF: "pdf.confined",
}


def read(source: Path | bytes | str, filename: str | None = None) -> Document:
    """Read a document; what cannot be read gives no blocks and a problem, never an exception."""
    name = filename or (source.name if isinstance(source, Path) else None)
    name = without_surrogates(name) if name else None
    if isinstance(source, str):
        return _of_text(name, without_surrogates(source))
    data = _bytes_of(source) if isinstance(source, Path) else source
    if isinstance(data, Problem):
        return _unread(name, b"", data)
    if len(data) > settings.MAX_DOCUMENT_BYTES:
        return _unread(name, b"", _too_large())
    kind = kind_of(data, name)
    if isinstance(kind, Problem):
        return _unread(name, data, kind)
    return Document(_source(name, data, kind), *_reader(kind)(data))


def _of_text(name: str | None, source: str) -> Document:
    """Text is read as text, unless it is the source of a web page or a comma-separated file by its name.

    Places count from behind a byte order mark, as in bytes.
    """
    without_mark = source.removeprefix("\ufeff")
    data = without_mark.encode()
    kind = kind_of(data, name)
    if kind in (Kind.HTML, Kind.CSV):
        return Document(_source(name, data, kind), *_reader(kind)(data))
    if kind is not Kind.MARKDOWN:
        kind = Kind.TEXT
    return Document(_source(name, data, kind), *plain.content_of(without_mark))


def _reader(kind: Kind) -> Callable[[bytes], Content]:
    """The ``read`` of the module that reads ``kind``, imported when it is first needed."""
    module = importlib.import_module(f"kpi.documents.{_MODULES[kind]}")
    return cast("Callable[[bytes], Content]", module.read)


def _bytes_of(path: Path) -> bytes | Problem:
    """The bytes of a regular file, one more than the limit at most; a device or a pipe might never end."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return problem("not_readable", "是文件夹")
        if not stat.S_ISREG(status.st_mode):
            return problem("not_readable", "不是普通文件")
        if status.st_size > settings.MAX_DOCUMENT_BYTES:
            return _too_large()
        with path.open("rb") as file:
            return file.read(settings.MAX_DOCUMENT_BYTES + 1)
    except FileNotFoundError:
        return problem("not_found", str(path))
    except OSError as error:
        return problem("not_readable", error.strerror or str(error))
    except ValueError as error:  # a path with a zero byte in it
        return problem("not_readable", str(error))


def _too_large() -> Problem:
    return problem("too_large", f"{settings.MAX_DOCUMENT_BYTES:,} 字节")


def _unread(name: str | None, data: bytes, why: Problem) -> Document:
    return Document(_source(name, data, Kind.TEXT), (), (why,))


def _source(name: str | None, data: bytes, kind: Kind) -> Source:
    return Source(name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=kind.value)
