"""What a person writes on the review sheet of a project: each saving is a row of its own, the newest holds."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from api.store import batches
from api.store.store import Store
from api.store.tables import sheets
from api.store.times import now
from kpi.schema import Number

MAX_TEXT = 4_000


class BlockFilled(BaseModel):
    """One block, as a person judges it: the points of the part that no machine can judge, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: Number | None = Field(None, ge=0, le=1000)
    opinion: str = Field("", max_length=MAX_TEXT)


class Filled(BaseModel):
    """The human part of a review sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    blocks: dict[str, BlockFilled] = {}
    grade: str = Field("", max_length=16)
    opinion: str = Field("", max_length=MAX_TEXT)


class Saved(NamedTuple):
    """A sheet as somebody saved it; the versions of a project's sheet count from 1."""

    version: int
    filled: Filled
    reviewer: str
    at: datetime


class Outdated(Exception):  # noqa: N818 - it is a conflict to be told, not an error of the program
    """Somebody else saved meanwhile."""


class Gone(Exception):  # noqa: N818 - it is a state of the data to be told, not an error of the program
    """The document was deleted."""


def save(store: Store, batch: str, document: int, project: int, filled: Filled, reviewer: str, seen: int = 0) -> None:
    """Keep it as the version after the one that its writer had ``seen``; 0 where there was none.

    Raises:
        Outdated: There is a newer one than that; nothing was kept.
        Gone: There is no such document any more.

    """
    here = (sheets.c.batch == batch, sheets.c.document == document, sheets.c.project == project)
    try:
        with store.write() as connection:
            if not batches.held(connection, batch, document):
                raise Gone
            if (connection.scalar(select(func.max(sheets.c.version)).where(*here)) or 0) != seen:
                raise Outdated
            connection.execute(
                insert(sheets).values(
                    batch=batch, document=document, project=project, version=seen + 1,
                    filled=filled.model_dump_json(), reviewer=reviewer, at=now(),
                )
            )  # fmt: skip
    except IntegrityError as error:  # no version is there twice, whatever else writes to the database
        raise Outdated from error


def newest(store: Store, batch: str, document: int, project: int) -> Saved | None:
    """The sheet as it was saved last; null where nobody did."""
    found = listed(store, batch, document, project, 1)
    return found[0] if found else None


def listed(store: Store, batch: str, document: int, project: int, limit: int) -> list[Saved]:
    """The sheets of a project as they were saved, the newest first."""
    with store.read() as connection:
        rows = connection.execute(
            select(sheets)
            .where(sheets.c.batch == batch, sheets.c.document == document, sheets.c.project == project)
            .order_by(sheets.c.version.desc())
            .limit(limit)
        )
        return [Saved(row.version, Filled.model_validate_json(row.filled), row.reviewer, row.at) for row in rows]
