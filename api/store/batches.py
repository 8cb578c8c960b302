"""Batches and their documents: taken in, handed out to be read, filled with what was read."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.store.store import Store
from api.store.tables import batches, documents, findings, projects
from api.store.times import now
from kpi.schema import Extraction, Problem, ProjectScore, Review


class Incoming(NamedTuple):
    """A document as it was sent."""

    label: str
    content: bytes
    fiscal_year: int | None = None
    problem: Problem | None = None  # why it could not be taken out of its zip


class Claimed(NamedTuple):
    """A document to be read now."""

    batch: str
    number: int
    label: str
    content: bytes
    fiscal_year: int | None


class Progress(NamedTuple):
    """How far a batch is; ``problems`` are those of documents that could not be read: number, label, code, message."""

    id: str
    title: str
    state: str
    created: datetime
    creator: str
    done: int
    total: int
    problems: tuple[tuple[int, str, str, str], ...]


class RetryDiffers(Exception):  # noqa: N818 - it is a conflict to be told, not an error of the program
    """The same idempotency key came with another content."""


class Retry(NamedTuple):
    """What makes a request that is sent again the same: its key, and a digest of what it holds."""

    key: str
    content: str


def create(store: Store, incoming: Iterable[Incoming], *, creator: str, title: str, retry: Retry | None = None) -> str:
    """Take a batch in, document by document; its id. Of a ``retry`` of the same creator, the id of that batch.

    Raises:
        RetryDiffers: The key was used for another content.
        Exception: Whatever ``incoming`` raised; nothing is kept then.

    """
    try:
        with store.write() as connection:
            if retry and (earlier := _retried(connection, creator, retry)):
                return earlier
            return _insert(connection, incoming, creator, title, retry)
    except IntegrityError:  # another request with the same key was faster
        with store.read() as connection:
            if retry and (earlier := _retried(connection, creator, retry)):
                return earlier
        raise


def _retried(connection: Connection, creator: str, retry: Retry) -> str | None:
    row = connection.execute(
        select(batches.c.id, batches.c.fingerprint).where(
            batches.c.creator == creator, batches.c.idempotency_key == retry.key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != retry.content:
        raise RetryDiffers
    return str(row.id)


def _insert(connection: Connection, incoming: Iterable[Incoming], creator: str, title: str, retry: Retry | None) -> str:
    batch = secrets.token_hex(12)
    connection.execute(
        insert(batches).values(
            id=batch, title=title, created=now(), creator=creator, state="queued",
            idempotency_key=retry and retry.key, fingerprint=retry and retry.content,
        )
    )  # fmt: skip
    waits = False
    for number, document in enumerate(incoming):
        waits = waits or document.problem is None
        connection.execute(
            insert(documents).values(
                batch=batch, number=number, label=document.label, size=len(document.content),
                sha256=hashlib.sha256(document.content).hexdigest(), fiscal_year=document.fiscal_year,
                state="queued" if document.problem is None else "failed", content=document.content,
                problem=document.problem and document.problem.code,
                message=document.problem and document.problem.message,
            )
        )  # fmt: skip
    if not waits:
        connection.execute(update(batches).where(batches.c.id == batch).values(state="done", ended=now()))
    return batch


def claim(store: Store) -> Claimed | None:
    """The next document to be read, marked as being read; null where none waits."""
    with store.write() as connection:
        row = connection.execute(
            select(documents, batches.c.created)
            .join(batches, batches.c.id == documents.c.batch)
            .where(documents.c.state == "queued")
            .order_by(batches.c.created, documents.c.batch, documents.c.number)
            .limit(1)
            .with_for_update(skip_locked=True, of=documents)
        ).first()
        if row is None:
            return None
        _set(connection, row.batch, row.number, state="running")
        connection.execute(update(batches).where(batches.c.id == row.batch).values(state="running"))
        return Claimed(row.batch, row.number, row.label, row.content, row.fiscal_year)


def _set(connection: Connection, batch: str, number: int, **values: Any) -> None:
    connection.execute(
        update(documents).where(documents.c.batch == batch, documents.c.number == number).values(**values)
    )


def recover(store: Store) -> None:
    """After a start: what was being read when the service ended waits again; where nothing waits, the batch is done."""
    with store.write() as connection:
        connection.execute(update(documents).where(documents.c.state == "running").values(state="queued"))
        connection.execute(
            update(batches)
            .where(batches.c.state.in_(_OPEN), ~_waiting(batches.c.id).exists())
            .values(state="done", ended=now())
        )


_OPEN = ("queued", "running")


def queue(store: Store) -> tuple[int, int]:
    """How many batches are not over yet, and how many of their documents wait."""
    with store.read() as connection:
        wait = select(func.count(documents.c.batch.distinct()), func.count()).where(documents.c.state == "queued")
        row = connection.execute(wait).one()
        return row[0], row[1]


def _waiting(batch: Any) -> Select[Any]:
    """The documents of a batch that wait or are being read."""
    return select(documents.c.number).where(documents.c.batch == batch, documents.c.state.in_(_OPEN))


def finish(store: Store, batch: str, number: int, extraction: Extraction, review: Review) -> None:
    """Keep what was read of a document. Nothing is kept of a batch that was cancelled or deleted meanwhile."""
    with store.write() as connection:
        if _state(connection, batch, number) == "running":
            _set(connection, batch, number, state="done", extraction=packed(extraction.model_dump_json()))
            reviewed(connection, batch, number, extraction, review)
            _close(connection, batch)


def fail(store: Store, batch: str, number: int, code: str, message: str) -> None:
    """Keep why a document could not be read."""
    with store.write() as connection:
        if _state(connection, batch, number) == "running":
            _set(connection, batch, number, state="failed", problem=code, message=message)
            _close(connection, batch)


def reviewed(connection: Connection, batch: str, number: int, extraction: Extraction, review: Review) -> None:
    """Keep the review of a document, in place of an earlier one."""
    _set(connection, batch, number, review=packed(review.model_dump_json()))
    for table in (projects, findings):
        connection.execute(delete(table).where(table.c.batch == batch, table.c.document == number))
    here = {"batch": batch, "document": number}
    rows = [
        {
            **here, "number": score.project, "name": project.name, "code": project.code,
            "organisation": project.organisation.name or extraction.organisation.name,
            "fiscal_year": project.fiscal_year or extraction.fiscal_year, "indicators": score.indicators,
            "filled": score.filled, "measurable": score.measurable,
            "quantified": score.share_quantified, "score": share_reached(score), "errors": score.findings.error,
            "warnings": score.findings.warning, "infos": score.findings.info,
        }
        for project, score in zip(extraction.projects, review.scores, strict=True)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(projects), rows)
    said = [
        {
            **here, "place": place, "id": finding.id, "rule": finding.rule, "severity": finding.severity,
            "project": finding.project, "indicator": finding.indicator,
        }
        for place, finding in enumerate(review.findings)
    ]  # fmt: skip
    if said:
        connection.execute(insert(findings), said)


def share_reached(score: ProjectScore) -> Any:
    """Points reached of those that a machine can check; null where there are none."""
    checkable = sum(block.checkable for block in score.blocks)
    return sum(block.reached for block in score.blocks) / checkable if checkable else None


def _state(connection: Connection, batch: str, number: int) -> str | None:
    found: str | None = connection.scalar(
        select(documents.c.state).where(documents.c.batch == batch, documents.c.number == number).with_for_update()
    )
    return found


def _close(connection: Connection, batch: str) -> None:
    """A batch is done when no document of it waits or is being read."""
    # Two documents that end at once must not each take the other for unfinished.
    connection.execute(select(batches.c.id).where(batches.c.id == batch).with_for_update())
    if connection.scalar(_waiting(batch).limit(1)) is None:
        over = update(batches).where(batches.c.id == batch, batches.c.state != "cancelled")
        connection.execute(over.values(state="done", ended=now()))


def cancel(store: Store, batch: str) -> None:
    """Stop a batch: what waits is not read, what is being read is not kept."""
    with store.write() as connection:
        connection.execute(
            update(documents).where(documents.c.batch == batch, documents.c.state.in_(_OPEN)).values(state="cancelled")
        )
        connection.execute(
            update(batches)
            .where(batches.c.id == batch, batches.c.state.in_(_OPEN))
            .values(state="cancelled", ended=now())
        )


def remove(store: Store, batch: str) -> None:
    """Delete a batch with its uploads and all that was read from them; decisions stay."""
    with store.write() as connection:
        connection.execute(delete(batches).where(batches.c.id == batch))


def forget_uploads(store: Store, before: datetime) -> int:
    """Drop the files of batches that ended ``before``; how many were dropped. What is still to be read is kept."""
    with store.write() as connection:
        old = select(batches.c.id).where(batches.c.ended < before, batches.c.state.not_in(_OPEN))
        kept = documents.c.content.is_not(None) & documents.c.state.not_in(_OPEN)
        return connection.execute(
            update(documents).where(documents.c.batch.in_(old), kept).values(content=None)
        ).rowcount


def progress(store: Store, batch: str) -> Progress | None:
    """How far a batch is; null where there is none of that id."""
    with store.read() as connection:
        row = connection.execute(select(batches).where(batches.c.id == batch)).one_or_none()
        return None if row is None else _progress(connection, row)


def listed(store: Store, limit: int, offset: int = 0) -> list[Progress]:
    """The newest batches first."""
    with store.read() as connection:
        rows = connection.execute(
            select(batches).order_by(batches.c.created.desc(), batches.c.id).limit(limit).offset(offset)
        ).all()
        return [_progress(connection, row) for row in rows]


def _progress(connection: Connection, row: Row[Any]) -> Progress:
    counted = connection.execute(
        select(documents.c.state, func.count()).where(documents.c.batch == row.id).group_by(documents.c.state)
    ).all()
    states = {row[0]: row[1] for row in counted}
    failed = connection.execute(
        select(documents.c.number, documents.c.label, documents.c.problem, documents.c.message)
        .where(documents.c.batch == row.id, documents.c.state == "failed")
        .order_by(documents.c.number)
    ).all()
    return Progress(
        row.id, row.title, row.state, row.created, row.creator,
        states.get("done", 0) + states.get("failed", 0), sum(states.values()),
        tuple((f.number, f.label, f.problem, f.message) for f in failed),
    )  # fmt: skip


class Kept(NamedTuple):
    """A document of a batch; what was read is null before it was."""

    batch: str
    number: int
    label: str
    sha256: str
    state: str
    problem: str | None
    message: str | None
    extraction: Extraction | None
    review: Review | None


def document(store: Store, batch: str, number: int) -> Kept | None:
    """One document, as it was read, with the review of it; null where there is none."""
    with store.read() as connection:
        return document_on(connection, batch, number)


def document_on(connection: Connection, batch: str, number: int) -> Kept | None:
    """The same within a transaction; nobody puts a cell of the document right until that is over."""
    wanted = _kept().where(documents.c.batch == batch, documents.c.number == number).with_for_update(read=True)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _unpacked(row)


def held(connection: Connection, batch: str, number: int) -> bool:
    """Whether there is such a document; nobody else changes or deletes it until the transaction is over."""
    return _state(connection, batch, number) is not None


def numbers(store: Store, batch: str) -> list[int]:
    """The numbers of a batch's documents, in order, so that they can be taken one by one."""
    with store.read() as connection:
        found = connection.scalars(
            select(documents.c.number).where(documents.c.batch == batch).order_by(documents.c.number)
        )
        return list(found)


def _kept() -> Any:
    wanted = ("batch", "number", "label", "sha256", "state", "problem", "message", "extraction", "review")
    return select(*(documents.c[name] for name in wanted))


def _unpacked(row: Row[Any]) -> Kept:
    extraction = None if row.extraction is None else Extraction.model_validate_json(unpacked(row.extraction))
    review = None if row.review is None else Review.model_validate_json(unpacked(row.review))
    return Kept(row.batch, row.number, row.label, row.sha256, row.state, row.problem, row.message, extraction, review)


def content(store: Store, batch: str, number: int) -> bytes | None:
    """The file of a document; null where it is gone."""
    with store.read() as connection:
        found: bytes | None = connection.scalar(
            select(documents.c.content).where(documents.c.batch == batch, documents.c.number == number)
        )
        return found


def packed(json: str) -> bytes:
    """JSON as it is kept."""
    return zlib.compress(json.encode(), 1)


def unpacked(kept: bytes) -> bytes:
    """JSON as it was."""
    return zlib.decompress(kept)
