"""The results of a batch as its writers see them: tables part by part, sums, and documents one after the other.

They come from shards on a disk or in a store (:class:`Stored`), of which never more than a part is in memory, or from
documents in memory (:class:`Held`). What is asked over all of them is asked part by part with polars and put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kpi.places import Place
from kpi.schema import Extraction, Frozen, Review, Severity
from kpi.scorecard import frames, shards, summary
from kpi.scorecard.columns import PROJECTS, Cell, Table
from kpi.scorecard.frames import Numbered
from kpi.scorecard.scored import Scored, amended
from kpi.scorecard.shards import Entry
from kpi.scorecard.summary import OrganisationTotal, Total

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_AT_ONCE = 128  # documents in memory that are made a frame together


class Results(Protocol):
    """A batch that was read and reviewed."""

    @property
    def total(self) -> Total:
        """The sums of the whole."""

    @property
    def unread(self) -> int:
        """How many documents could not be read."""

    @property
    def amended(self) -> str:
        """What reviewers changed, in a sentence; empty where nothing."""

    def frames(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A frame of ``frames.py`` part by part, of all columns or some."""

    def documents(self, numbers: Collection[int] | None = None) -> Iterator[tuple[int, Scored]]:
        """The documents in their order, or those with these numbers, each with its number; without their sources."""

    def records(self) -> Iterator[str]:
        """The results of the documents as lines of JSON."""


class Held:
    """Documents in memory."""

    def __init__(self, documents: Sequence[Scored]) -> None:
        self._documents = documents
        self.total = summary.batch(documents)
        self.unread = sum(map(summary.is_unread, documents))
        self.amended = amended(document.amended for document in documents)

    def frames(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A frame, part by part."""
        numbered = [Numbered(number, document) for number, document in enumerate(self._documents)]
        for start in range(0, max(len(numbered), 1), _AT_ONCE):
            frame = frames.named(name, numbered[start : start + _AT_ONCE])
            yield frame.select(columns) if columns else frame

    def documents(self, numbers: Collection[int] | None = None) -> Iterator[tuple[int, Scored]]:
        """The documents."""
        return ((n, d) for n, d in enumerate(self._documents) if numbers is None or n in numbers)

    def records(self) -> Iterator[str]:
        """The results as JSON; how they came about is not known here."""
        return map(recorded, self._documents)


class _Record(Frozen):
    """What of a record the writers need; ``made`` is how it came about."""

    document: str
    made: Any = None
    extraction: Extraction
    review: Review


def recorded(document: Scored) -> str:
    """A document as a line of JSON; how it came about is not known here."""
    record = _Record(document=document.label, extraction=document.extraction, review=document.review)
    return record.model_dump_json()


class Stored:
    """The shards of a batch; ``amended``, what reviewers changed in it, is not in them.

    Raises:
        OSError: here and in all methods: a shard is gone or damaged.

    """

    def __init__(self, place: Place, entries: Sequence[Entry], amended: str = "") -> None:
        self._place, self._entries, self.amended = place, entries, amended
        self.total = summary.merged(entry.total for entry in entries)
        self.unread = sum(entry.unread for entry in entries)

    def frames(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A frame, part by part."""
        for entry in self._entries:
            yield shards.read(self._place, entry, name, columns)
        if not self._entries:
            frame = frames.named(name, [])
            yield frame.select(columns) if columns else frame

    def documents(self, numbers: Collection[int] | None = None) -> Iterator[tuple[int, Scored]]:
        """The documents, a part at a time."""
        for entry in self._entries:
            own = range(entry.first, entry.first + entry.documents)
            wanted = [n for n in own if numbers is None or n in numbers]
            rows = [n - entry.first for n in wanted]
            for number, record in zip(wanted, shards.records(self._place, entry, rows) if rows else (), strict=True):
                yield number, scored(record)

    def records(self) -> Iterator[str]:
        """The results of the documents as lines of JSON."""
        for entry in self._entries:
            yield from shards.records(self._place, entry, range(entry.documents))


def scored(record: str) -> Scored:
    """The document of a record."""
    read = _Record.model_validate_json(record)
    return Scored(read.document, read.extraction, read.review, b"")


def of(documents: Sequence[Scored] | Results) -> Results:
    """Documents as results; results as they are."""
    return Held(documents) if isinstance(documents, Sequence) else documents


def cells(results: Results, table: Table) -> Iterator[list[Cell]]:
    """The rows of a table in their order."""
    for frame in results.frames(table.name):
        yield from frames.cells(table, frame)


def count(results: Results, table: Table) -> int:
    """How many rows a table has."""
    return sum(frame.num_rows for frame in results.frames(table.name, ["document_number"]))


def worst(results: Results, table: Table, most: int) -> Iterator[list[Cell]]:
    """The worst rows of a table, at most so many, in the order of the documents; of equal ones the first."""
    import polars as pl

    badness = _whole(results.frames(table.name, ["badness"])).with_row_index("row")
    rows = badness.sort("badness", descending=True, maintain_order=True).head(most)["row"].cast(pl.Int64).sort()
    offset = 0
    for frame in results.frames(table.name):
        own = rows.filter(rows.is_between(offset, offset + frame.num_rows, closed="left")) - offset
        if len(own):
            yield from frames.cells(table, frame.take(own.to_arrow()))
        offset += frame.num_rows


def _whole(parts: Iterable[pa.Table]) -> pl.DataFrame:
    import polars as pl

    return pl.concat([pl.DataFrame(part) for part in parts])


def organisations(results: Results) -> list[OrganisationTotal]:
    """Each organisation that has a project or a finding, in the order of the documents."""
    import polars as pl

    sums = (*frames.SUMS, *frames.POINTS)
    together = _whole(results.frames("organisations")).group_by("organisation")
    whole = together.agg(pl.col("first").min(), *(pl.col(name).sum() for name in sums)).sort("first")
    return [_organisation(row) for row in whole.iter_rows(named=True)]


def _organisation(row: dict[str, Any]) -> OrganisationTotal:
    findings: dict[Severity, int] = {"error": row["errors"], "warning": row["warnings"], "info": row["infos"]}
    return OrganisationTotal(
        name=row["organisation"], findings=findings,
        **{n: row[n] for n in ("documents", "projects", "indicators", "filled", "measurable", "vague")},
        **{n: row[n] for n in frames.POINTS},
    )  # fmt: skip


class Trouble(NamedTuple):
    """What could not be read of a document, or only in part."""

    document: str
    unread: bool
    code: str
    message: str
    place: str

    @property
    def said(self) -> str:
        """The problem with its place."""
        return f"{self.message}（{self.place}）" if self.place else self.message


def troubles(results: Results, *, unread: bool | None = None) -> Iterator[Trouble]:
    """All problems in the order of the documents, those of unread documents first, or alone, or those of the others."""
    if unread is None:
        yield from troubles(results, unread=True)
        yield from troubles(results, unread=False)
        return
    for frame in results.frames("documents", ["document", "unread", "problems"]):
        for label, is_unread, problems in zip(*(column.to_pylist() for column in frame.columns), strict=True):
            if unread is is_unread:
                for problem in problems:
                    yield Trouble(label, is_unread, **problem)


def distinct(results: Results, key: str) -> list[Any]:
    """What the documents have in a column of their frame, rising, each once; nulls are left out."""
    found: set[Any] = set()
    for frame in results.frames("documents", [key]):
        found.update(cell for cell in frame.column(0).unique().to_pylist() if cell is not None)
    return sorted(found)


def lowest(results: Results, most: int) -> list[dict[str, Any]]:
    """The projects with the smallest share of points reached, by the keys of the columns; of equal ones the first."""
    import polars as pl

    keys = ["project", "share_reached", "grade", "errors", "warnings", "share_quantified"]
    whole = _whole(results.frames(PROJECTS.name, keys)).filter(pl.col("share_reached").is_not_null())
    return whole.sort("share_reached", maintain_order=True).head(most).to_dicts()


def shares(results: Results, key: str) -> Counter[Decimal]:
    """How many projects have which share, of those that have one."""
    found: Counter[Decimal] = Counter()
    for frame in results.frames(PROJECTS.name, [key]):
        found.update(share for share in frame.column(0).to_pylist() if share is not None)
    return found
