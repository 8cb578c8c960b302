"""What a person writes on the review sheet of a project: each saving is a row of its own, the newest holds."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert, select

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
    """A sheet as somebody saved it; later ones have higher numbers."""

    number: int
    filled: Filled
    reviewer: str
    at: datetime


def save(store: Store, batch: str, document: int, project: int, filled: Filled, reviewer: str) -> None:
    """Keep it."""
    with store.write() as connection:
        connection.execute(
            insert(sheets).values(
                batch=batch, document=document, project=project, filled=filled.model_dump_json(), reviewer=reviewer,
                at=now(),
            )
        )  # fmt: skip


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
            .order_by(sheets.c.at.desc(), sheets.c.number.desc())
            .limit(limit)
        )
        return [Saved(row.number, Filled.model_validate_json(row.filled), row.reviewer, row.at) for row in rows]
