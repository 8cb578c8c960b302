"""Tables a second from Word and Excel files, beside python-docx and openpyxl over the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import docx
import openpyxl

from kpi import documents
from tests.office import as_docx, as_xlsx
from tests.rendering import LAYOUTS, load_all


class Contest(NamedTuple):
    """Ours and a peer's way to read the same files; ``tables`` is how many are in them together."""

    name: str
    peer_name: str
    ours: Callable[[bytes], Any]
    peer: Callable[[bytes], Any]
    files: Sequence[bytes]
    tables: int


def contests() -> list[Contest]:
    """The corpus as Word and as Excel files; the peers as their documentation says, every cell asked for its text."""
    made = [documents.read(LAYOUTS["tab_rows"](facts)) for facts in load_all()]
    tables = sum(1 for document in made for _ in document.tables)
    return [
        Contest("docx", "python-docx row.cells", documents.read, _docx, [as_docx(one) for one in made], tables),
        Contest("xlsx", "openpyxl", documents.read, _xlsx, [as_xlsx(one) for one in made], tables),
    ]


def _docx(data: bytes) -> list[list[list[str]]]:
    document = docx.Document(io.BytesIO(data))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def _xlsx(data: bytes) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book]
