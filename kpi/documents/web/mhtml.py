"""Web archives (.mht, .mhtml), which browsers, Word and Excel save: mail messages whose parts are pages and images."""

from __future__ import annotations

import email
from email.message import Message

from kpi.documents.model import Block, Content, Table
from kpi.documents.problems import problem
from kpi.documents.web import html
from kpi.schema import Problem


def read(data: bytes) -> Content:
    """Read the pages of an archive in their order. A workbook saved by Excel has one a sheet, behind a frame page."""
    try:
        parts = [part for part in email.message_from_bytes(data).walk() if part.get_content_type() == "text/html"]
        pages = [(_payload(part), part.get_content_charset()) for part in parts]
    except (RecursionError, ValueError, LookupError) as error:  # parts nested without end, headers that are none
        return Content((), (problem("damaged_file", str(error) or type(error).__name__),))
    blocks: list[Block] = []
    problems: list[Problem] = []
    tables = 0
    for page, charset in pages:
        text, why = html.decoded(page, charset)
        content = html.content_of(text, tables + 1) if text else Content((), why)
        tables += sum(isinstance(block, Table) for block in content.blocks)
        blocks.extend(content.blocks)
        problems.extend(why if text else ())
        problems.extend(p for p in content.problems if p.code != "empty_document")
    if not blocks and not problems:
        problems = [problem("empty_document") if pages else problem("damaged_file", "没有网页部分")]
    return Content(tuple(blocks), tuple(dict.fromkeys(problems)))


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
