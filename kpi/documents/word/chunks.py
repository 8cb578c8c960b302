"""Pages within Word files (``w:altChunk``): some programs write a document as one web page that Word takes in later."""

from __future__ import annotations

from collections.abc import Iterator

from kpi.documents.kinds import Kind, kind_of
from kpi.documents.model import Block, Content, Paragraph
from kpi.documents.package import Package
from kpi.documents.problems import problem
from kpi.documents.reading import Reading
from kpi.schema import Problem


def blocks(package: Package, part: str | None, line: int, reading: Reading) -> Iterator[Block]:
    """The blocks of a page, its paragraphs at ``line``; what is no page costs itself alone, and a problem says so."""
    data = package.bytes(part) if part else None
    content = Content((), (problem("damaged_file", f"缺少 {part or '嵌入的文档'}"),)) if data is None else _read(data)
    for found in content.problems:
        if found.code != "empty_document":
            reading.found(found)
    for block in content.blocks:
        if isinstance(block, Paragraph):
            yield block._replace(location=block.location.model_copy(update={"line": line}))
        elif table := reading.table(block.rows):
            yield table


def _read(data: bytes) -> Content:
    kind = kind_of(data, None)
    if kind is Kind.HTML or kind is Kind.MHTML:
        from kpi.documents.web import html, mhtml  # few documents hold pages

        return html.read(data) if kind is Kind.HTML else mhtml.read(data)
    return Content((), (kind if isinstance(kind, Problem) else problem("unsupported_format", f"嵌入的 {kind.value}"),))
