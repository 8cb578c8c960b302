"""Cells that were misread, put right by a reviewer: laid over the extraction, which itself stays as it was read."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from api.store import batches
from api.store.store import Store
from api.store.tables import corrections, documents
from api.store.times import now
from kpi.configuration import Config
from kpi.correcting import Cell, corrected, written
from kpi.reviewing import review
from kpi.schema import Extraction, Review


class Correction(NamedTuple):
    """One cell put right: what was read before, what stands in the document, who says so."""

    cell: Cell
    before: str
    reviewer: str
    at: datetime


class Corrected(NamedTuple):
    """A document with its corrections, and the review of it."""

    extraction: Extraction
    review: Review


def add(
    store: Store, batch: str, document: int, cells: list[Cell], reviewer: str, config: Config | None = None
) -> Corrected | None:
    """Put cells right and run the rules again; null where there is no such document, or it was not read."""
    with store.write() as connection:
        read = _read(connection, batch, document)
        if read is None:
            return None
        known = [one.cell for one in _listed(connection, batch, document)]
        before = corrected(read, known)
        for cell in cells:
            row = before.projects[cell.project].indicators[cell.indicator]
            connection.execute(
                insert(corrections).values(
                    batch=batch, document=document, project=cell.project, indicator=cell.indicator,
                    field=cell.field, before=written(row, cell.field), after=cell.text, reviewer=reviewer, at=now(),
                )
            )  # fmt: skip
        now_read = corrected(before, cells)
        reviewed = review(now_read, config=config)
        batches.reviewed(connection, batch, document, now_read, reviewed)
        return Corrected(now_read, reviewed)


def _read(connection: Connection, batch: str, document: int) -> Extraction | None:
    kept = connection.scalar(
        select(documents.c.extraction)
        .where(documents.c.batch == batch, documents.c.number == document)
        .with_for_update()
    )
    return None if kept is None else Extraction.model_validate_json(batches.unpacked(kept))


def document(store: Store, batch: str, number: int) -> tuple[batches.Kept, list[Correction]] | None:
    """A document with the corrections that its review is of; null where there is none."""
    with store.read() as connection:
        kept = batches.document_on(connection, batch, number)
        return None if kept is None else (kept, _listed(connection, batch, number))


def listed(store: Store, batch: str, document: int) -> list[Correction]:
    """The corrections of a document, in the order in which they were made."""
    with store.read() as connection:
        return _listed(connection, batch, document)


def _listed(connection: Connection, batch: str, document: int) -> list[Correction]:
    rows = connection.execute(
        select(corrections)
        .where(corrections.c.batch == batch, corrections.c.document == document)
        .order_by(corrections.c.number)
    )
    return [
        Correction(Cell(row.project, row.indicator, row.field, row.after or ""), row.before or "", row.reviewer, row.at)
        for row in rows
    ]
