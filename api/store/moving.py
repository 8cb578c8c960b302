"""What reviewers said, as JSON Lines that another store takes in: decisions, corrections, review sheets.

Decisions go by the finding's id, so they hold for every reading of the same table. Corrections and sheets belong to a
document: they go to the same one (of the same batch, else the newest with the same bytes), and wait for it where it is
not there yet. What is there already is not added again, so that a file may be taken in as often as one likes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, insert, select, update

from api.labels import storable
from api.store import corrections
from api.store import tables as t
from api.store.corrections import Correction
from api.store.decisions import Action
from api.store.sheets import Filled
from api.store.store import Store
from kpi.configuration import Config
from kpi.correcting import HEAD, Cell
from kpi.correcting import Field as CellField

_MOST_CHARS = 100_000
Text = Annotated[str, Field(max_length=_MOST_CHARS), AfterValidator(storable)]
Whole = Annotated[int, Field(ge=0, lt=10**9)]
Moment = Annotated[datetime, AfterValidator(lambda at: at.replace(tzinfo=None))]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)  # members that a newer version writes are passed over

    reviewer: Text
    at: Moment  # UTC


class DecisionLine(_Line):
    """One thing said about a finding; a remark is one with the action ``note``."""

    kind: Literal["decision"] = "decision"
    finding: str = Field(min_length=1, max_length=32)
    rule: str = Field(max_length=16)
    action: Action
    text: Text | None
    ruleset_version: str = Field(max_length=16)


class _OfDocument(_Line):
    batch: str = Field(max_length=32)
    document: Whole
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    label: Text
    project: Whole


class CorrectionLine(_OfDocument):
    """One cell that was put right; ``before`` is what was read there."""

    kind: Literal["correction"] = "correction"
    indicator: Annotated[int, Field(ge=HEAD, lt=10**9)]
    field: CellField
    before: Text
    after: Text


class SheetLine(_OfDocument):
    """One saving of the human part of a review sheet."""

    kind: Literal["sheet"] = "sheet"
    filled: Filled


Line = Annotated[DecisionLine | CorrectionLine | SheetLine, Field(discriminator="kind")]
_LINE: TypeAdapter[DecisionLine | CorrectionLine | SheetLine] = TypeAdapter(Line)


class Moved(NamedTuple):
    """What an import did: new ones of each kind, and those whose document is not there, or was read otherwise."""

    decisions: int
    corrections: int
    sheets: int
    waiting: int
    unfitting: int


def lines(store: Store) -> Iterator[str]:
    """Everything that reviewers said, oldest first within each kind."""
    with store.read() as connection:
        for row in connection.execute(select(t.decisions).order_by(t.decisions.c.number)):
            yield DecisionLine.model_validate(dict(row._mapping)).model_dump_json()
        for table, line in ((t.corrections, CorrectionLine), (t.sheets, SheetLine)):
            same = (t.documents.c.batch == table.c.batch) & (t.documents.c.number == table.c.document)
            query = select(table, t.documents.c.sha256, t.documents.c.label).join(t.documents, same)
            for row in connection.execute(query.order_by(table.c.number)):
                told = {key: "" if value is None else value for key, value in row._mapping.items()}
                if "filled" in told:
                    told["filled"] = json.loads(told["filled"])
                yield line.model_validate(told).model_dump_json()


def parsed(texts: Iterable[str]) -> list[DecisionLine | CorrectionLine | SheetLine]:
    """The lines of a file; empty ones are passed over.

    Raises:
        ValueError: A line is none of ours; the message is Chinese and names it.

    """
    found = []
    for number, text in enumerate(texts, 1):
        try:
            if text.strip():
                found.append(_LINE.validate_json(text))
        except ValidationError as error:
            raise ValueError(f"第 {number} 行不是审核意见的记录，没有导入任何内容") from error
    return found


def take_in(store: Store, said: Iterable[DecisionLine | CorrectionLine | SheetLine], config: Config) -> Moved:
    """Add what is not there yet; the rules run again on documents whose cells were put right."""
    every = list(said)
    decided = _decisions(store, [line for line in every if isinstance(line, DecisionLine)])
    counts = {"corrections": 0, "sheets": 0, "waiting": 0, "unfitting": 0}
    by_document: dict[tuple[str, int] | None, list[CorrectionLine | SheetLine]] = {}
    with store.read() as connection:
        places = {
            key: _place(connection, *key)
            for key in {(line.batch, line.document, line.sha256) for line in every if isinstance(line, _OfDocument)}
        }
    for line in every:
        if isinstance(line, CorrectionLine | SheetLine):
            by_document.setdefault(places[line.batch, line.document, line.sha256], []).append(line)
    for place, of_it in by_document.items():
        if place is None:
            counts["waiting"] += len(of_it)
            continue
        put_right, unfitting = _corrections(store, place, of_it, config)
        saved, without_project = _sheets(store, place, of_it)
        counts["corrections"] += put_right
        counts["sheets"] += saved
        counts["unfitting"] += unfitting + without_project
    return Moved(decided, **counts)


def _decisions(store: Store, said: list[DecisionLine]) -> int:
    with store.write() as connection:
        keys = ("finding", "action", "text", "reviewer", "at")
        known = {tuple(row) for row in connection.execute(select(*(t.decisions.c[key] for key in keys)))}
        new = {key: line for line in said if (key := tuple(getattr(line, name) for name in keys)) not in known}
        if new:
            connection.execute(insert(t.decisions), [line.model_dump(exclude={"kind"}) for line in new.values()])
        return len(new)


def _place(connection: Connection, batch: str, document: int, sha256: str) -> tuple[str, int] | None:
    """Where the document lies: the same one of the same batch, else the newest of the same bytes that was read."""
    there = connection.execute(
        select(t.documents.c.batch, t.documents.c.number)
        .join(t.batches, t.batches.c.id == t.documents.c.batch)
        .where(t.documents.c.sha256 == sha256, t.documents.c.state == "done")
        .order_by(t.batches.c.created.desc(), t.documents.c.batch, t.documents.c.number)
    ).all()
    found = [(str(row.batch), int(row.number)) for row in there]
    return (batch, document) if (batch, document) in found else found[0] if found else None


def _corrections(
    store: Store, place: tuple[str, int], said: list[CorrectionLine | SheetLine], config: Config
) -> tuple[int, int]:
    """How many were new, and how many do not fit what was read here."""
    wanted = [
        Correction(Cell(one.project, one.indicator, one.field, one.after), one.before, one.reviewer, one.at)
        for one in said
        if isinstance(one, CorrectionLine)
    ]
    return corrections.restore(store, *place, wanted, config) if wanted else (0, 0)


def _sheets(store: Store, place: tuple[str, int], said: list[CorrectionLine | SheetLine]) -> tuple[int, int]:
    """How many were new, and how many belong to a project that was not read here."""
    sheets = [one for one in said if isinstance(one, SheetLine)]
    if not sheets:
        return 0, 0
    batch, document = place
    with store.write() as connection:
        of_it = (t.sheets.c.batch == batch, t.sheets.c.document == document)
        there = connection.execute(select(t.sheets).where(*of_it).order_by(t.sheets.c.version)).all()
        known = {(row.project, row.filled, row.reviewer, row.at) for row in there}
        of_read = (t.projects.c.batch == batch, t.projects.c.document == document)
        projects = set(connection.scalars(select(t.projects.c.number).where(*of_read)))
        new = {
            key: None
            for one in sheets
            if one.project in projects
            and (key := (one.project, one.filled.model_dump_json(), one.reviewer, one.at)) not in known
        }
        for project in {key[0] for key in new}:
            _lay_between(
                connection, place, project, [row for row in there if row.project == project],
                [key for key in new if key[0] == project],
            )  # fmt: skip
        return len(new), sum(one.project not in projects for one in sheets)


def _lay_between(
    connection: Connection,
    place: tuple[str, int],
    project: int,
    there: list[Row[Any]],
    new: list[tuple[int, str, str, datetime]],
) -> None:
    """Put sheets among those of the project by their times, and count the versions anew: the newest of all holds."""
    batch, document = place
    for row in there:  # no version may be there twice, not even meanwhile
        _versioned(connection, row.number, -row.version)
    merged: list[Row[Any] | tuple[int, str, str, datetime]] = sorted([*there, *new], key=_at)
    for version, one in enumerate(merged, 1):
        if isinstance(one, Row):
            _versioned(connection, one.number, version)
        else:
            _, filled, reviewer, at = one
            connection.execute(
                insert(t.sheets).values(
                    batch=batch, document=document, project=project, version=version, filled=filled,
                    reviewer=reviewer, at=at,
                )
            )  # fmt: skip


def _versioned(connection: Connection, number: int, version: int) -> None:
    connection.execute(update(t.sheets).where(t.sheets.c.number == number).values(version=version))


def _at(sheet: Row[Any] | tuple[int, str, str, datetime]) -> datetime:
    at: datetime = sheet.at if isinstance(sheet, Row) else sheet[3]
    return at
