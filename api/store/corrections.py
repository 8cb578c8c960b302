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
        before = corrected(read, [one.cell for one in _listed(connection, batch, document)])
        said = [Correction(cell, written(before, cell) or "", reviewer, now()) for cell in cells]
        _insert(connection, batch, document, said)
        return _reviewed(connection, batch, document, read, config)


def restore(
    store: Store, batch: str, document: int, said: list[Correction], config: Config | None = None
) -> tuple[int, int]:
    """Lay corrections over a document as they were made elsewhere, with their reviewers and times.

    How many were new, and how many do not fit: their cell is not there, or something else was read in it.
    """
    with store.write() as connection:
        read = _read(connection, batch, document)
        known = _listed(connection, batch, document)
        missing = [one for one in dict.fromkeys(said) if one not in known]
        if read is None or not missing:
            return 0, 0 if read else len(said)
        read_there = {one.cell.place: {written(read, one.cell)} for one in missing}
        for one in known:
            read_there.setdefault(one.cell.place, set()).add(one.cell.text)
        new = []
        for one in sorted(missing, key=lambda one: one.at):
            if None not in read_there[one.cell.place] and one.before in read_there[one.cell.place]:
                new.append(one)
                read_there[one.cell.place].add(one.cell.text)
        if new:
            _insert(connection, batch, document, new)
            _reviewed(connection, batch, document, read, config)
        return len(new), len(missing) - len(new)


def _insert(connection: Connection, batch: str, document: int, said: list[Correction]) -> None:
    for one in said:
        connection.execute(
            insert(corrections).values(
                batch=batch, document=document, project=one.cell.project, indicator=one.cell.indicator,
                field=one.cell.field, before=one.before, after=one.cell.text, reviewer=one.reviewer, at=one.at,
            )
        )  # fmt: skip


def _reviewed(connection: Connection, batch: str, document: int, read: Extraction, config: Config | None) -> Corrected:
    """The rules, run again on the document with all its corrections."""
    now_read = corrected(read, [one.cell for one in _listed(connection, batch, document)])
    reviewed = review(now_read, config=config, known_as=read)
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
    """The corrections of a document, in the order in which they were made, here or elsewhere."""
    with store.read() as connection:
        return _listed(connection, batch, document)


def _listed(connection: Connection, batch: str, document: int) -> list[Correction]:
    rows = connection.execute(
        select(corrections)
        .where(corrections.c.batch == batch, corrections.c.document == document)
        .order_by(corrections.c.at, corrections.c.number)
    )
    return [
        Correction(Cell(row.project, row.indicator, row.field, row.after or ""), row.before or "", row.reviewer, row.at)
        for row in rows
    ]
