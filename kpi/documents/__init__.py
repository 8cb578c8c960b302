"""Bytes, paths and text → :class:`Document`: blocks with locations. One file a format, told by content, not by name."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from kpi import settings
from kpi.documents import encoding, text
from kpi.documents.model import Block, Cell, Document, Paragraph, Row, Table
from kpi.documents.problems import problem, unread
from kpi.schema import Problem, Source
from kpi.values.fold import without_surrogates

__all__ = ["Block", "Cell", "Document", "Paragraph", "Row", "Table", "problem", "read", "unread"]


def read(source: Path | bytes | str, filename: str | None = None) -> Document:
    """Read a document; what cannot be read gives no blocks and a problem, never an exception."""
    name = filename or (source.name if isinstance(source, Path) else None)
    name = without_surrogates(name) if name else None
    if isinstance(source, str):
        sound = without_surrogates(source)
        without_mark = sound.removeprefix("\ufeff")
        return _document(name, without_mark.encode(), without_mark, (), len(sound) - len(without_mark))
    data = _bytes_of(source) if isinstance(source, Path) else source
    if isinstance(data, Problem):
        return _unread(name, b"", data)
    if len(data) > settings.MAX_DOCUMENT_BYTES:
        return _unread(name, b"", _too_large())
    decoded, problems = encoding.decode(data)
    return _document(name, data, decoded, problems)


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


def _document(name: str | None, data: bytes, decoded: str, problems: tuple[Problem, ...], offset: int = 0) -> Document:
    """The document of a decoded text; ``offset`` characters stood before it in the source."""
    if not problems and not decoded.strip():
        problems = (problem("empty_document"),)
    blocks, left_out = text.blocks_of(decoded, settings.MAX_ROWS, offset)
    if left_out:
        problems = (*problems, problem("too_many_rows", f"{settings.MAX_ROWS:,}"))
    return Document(_source(name, data), blocks, problems)


def _unread(name: str | None, data: bytes, why: Problem) -> Document:
    return Document(_source(name, data), (), (why,))


def _source(name: str | None, data: bytes) -> Source:
    markdown = bool(name) and str(name).lower().endswith((".md", ".markdown"))
    media_type = "text/markdown" if markdown else "text/plain"
    return Source(name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)
