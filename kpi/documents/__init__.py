"""Bytes, paths and text → :class:`Document`: blocks with locations. One file a format, told by content, not by name."""

from __future__ import annotations

import hashlib
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
        sound = without_surrogates(source).removeprefix("\ufeff")
        return _document(name, sound.encode(), sound, ())
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            data = b"" if size > settings.MAX_DOCUMENT_BYTES else source.read_bytes()
        except FileNotFoundError:
            return _unread(name, b"", problem("not_found", str(source)))
        except OSError as error:
            return _unread(name, b"", problem("not_readable", error.strerror or str(error)))
    else:
        data, size = source, len(source)
    if size > settings.MAX_DOCUMENT_BYTES:
        return _unread(name, b"", problem("too_large", f"{settings.MAX_DOCUMENT_BYTES:,} 字节"))
    decoded, problems = encoding.decode(data)
    return _document(name, data, decoded, problems)


def _document(name: str | None, data: bytes, decoded: str, problems: tuple[Problem, ...]) -> Document:
    if not problems and not decoded.strip():
        problems = (problem("empty_document"),)
    blocks, left_out = text.blocks_of(decoded, settings.MAX_ROWS)
    if left_out:
        problems = (*problems, problem("too_many_rows", f"{settings.MAX_ROWS:,}"))
    return Document(_source(name, data), blocks, problems)


def _unread(name: str | None, data: bytes, why: Problem) -> Document:
    return Document(_source(name, data), (), (why,))


def _source(name: str | None, data: bytes) -> Source:
    markdown = bool(name) and str(name).lower().endswith((".md", ".markdown"))
    media_type = "text/markdown" if markdown else "text/plain"
    return Source(name=name, sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)
