"""The results of a batch as shards: parts of a bounded number of documents, each five Parquet files and an entry.

    shards/documents/part-00000-3f2a9c81.parquet      a row a document, with its whole result as JSON (``record``)
    shards/projects/…  shards/indicators/…  shards/findings/…  shards/organisations/…
    shards/parts/part-00000-3f2a9c81.json             the entry: what is in the part, sizes and hashes of its files
    shards/run.json                                   written last: the parts of a finished run, in their order

A part counts only with an entry whose hashes its files have; what was torn is made again. The name holds a hash of what
the part was made of, so that parts of an earlier run and of this one stand side by side until this one is done. The
same documents, rules and settings give the same bytes. ``docs/batch.md`` describes the columns.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from kpi.places import Place
from kpi.schema import Frozen
from kpi.scorecard import frames, summary
from kpi.scorecard.frames import NAMES, Numbered
from kpi.scorecard.summary import Total

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

FOLDER = "shards"
RUN = f"{FOLDER}/run.json"
_ENTRIES = f"{FOLDER}/parts"
_LEVEL = 3  # of zstd: stronger ones cost more time than the smaller file saves
_ROWS_AT_ONCE = 32  # documents a row group: one record is fetched without all others


class File(Frozen):
    """A file of a part."""

    size: int
    sha256: str


class Entry(Frozen):
    """What is in a part: ``first`` is the number of its first document; ``made`` by what; ``plan`` hashes what of."""

    part: int
    first: int
    documents: int
    unread: int
    made: str
    plan: str
    files: dict[str, File]
    total: Total

    @property
    def stem(self) -> str:
        """The name of its files, without their ending."""
        return stem(self.part, self.plan)


class Run(Frozen):
    """A finished run: its parts in their order."""

    made: str
    documents: int
    parts: tuple[str, ...]


class Shard(NamedTuple):
    """A part in memory: its entry and the bytes of its files by the names of their tables."""

    entry: Entry
    files: dict[str, bytes]


def stem(part: int, plan: str) -> str:
    """The name of a part's files, without their ending."""
    return f"part-{part:05}-{plan[:8]}"


def shard(part: int, made: str, plan: str, documents: Sequence[Numbered]) -> Shard:
    """The part that holds these documents."""
    files = {name: _parquet(name, frames.named(name, documents)) for name in NAMES}
    scored = [document.scored for document in documents]
    entry = Entry(
        part=part, first=documents[0].number if documents else 0, documents=len(documents),
        unread=sum(map(summary.is_unread, scored)), made=made, plan=plan, total=summary.batch(scored),
        files={n: File(size=len(data), sha256=hashlib.sha256(data).hexdigest()) for n, data in files.items()},
    )  # fmt: skip
    return Shard(entry, files)


def _parquet(name: str, frame: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    at_once = _ROWS_AT_ONCE if name == "documents" else None
    pq.write_table(frame, out, compression="zstd", compression_level=_LEVEL, row_group_size=at_once)
    return out.getvalue()


def store(place: Place, part: Shard) -> None:
    """Write a part; it counts once its entry is there.

    Raises:
        OSError: the place cannot be written to.

    """
    for name, data in part.files.items():
        place.write(_file(name, part.entry.stem), data)
    place.write(f"{_ENTRIES}/{part.entry.stem}.json", part.entry.model_dump_json(indent=1).encode())


def finish(place: Place, made: str, entries: Sequence[Entry]) -> None:
    """Say that these parts are the whole, and take away all others.

    Raises:
        OSError: a part is no longer there, or the place cannot be written to.

    """
    there = set(place.names(_ENTRIES))
    missed = [entry for entry in entries if f"{_ENTRIES}/{entry.stem}.json" not in there]
    # A network folder may list late what another machine wrote, though it opens.
    if lost := [entry.stem for entry in missed if _entry(place, f"{_ENTRIES}/{entry.stem}.json") != entry]:
        raise OSError(f"写好的分片不见了（{lost[0]} 等 {len(lost)} 个）")
    whole = Run(made=made, documents=sum(e.documents for e in entries), parts=tuple(e.stem for e in entries))
    place.write(RUN, whole.model_dump_json(indent=1).encode())
    _remove(place, set(whole.parts))


def begin(place: Place, *, keep: bool) -> None:
    """Say that no run is finished; take away the parts of earlier ones, unless they are to be kept."""
    place.remove(RUN)
    if not keep:
        _remove(place, set())


def _remove(place: Place, kept: set[str]) -> None:
    """Take away the files of other parts, their entries first."""
    place.tidy(FOLDER)
    for folder in ("parts", *NAMES):
        for name in place.names(f"{FOLDER}/{folder}"):
            if name.rpartition("/")[2].rpartition(".")[0] not in kept:
                place.remove(name)


def entries(place: Place) -> list[Entry]:
    """The entries of all parts that are whole, in their order; a part with a file that is not as it was is left out."""
    found = (_entry(place, name) for name in place.names(_ENTRIES))
    return sorted((entry for entry in found if entry and _is_whole(place, entry)), key=lambda e: (e.part, e.plan))


def _entry(place: Place, name: str) -> Entry | None:
    try:
        return Entry.model_validate_json(place.read(name))
    except (OSError, ValidationError):
        return None


def _is_whole(place: Place, entry: Entry) -> bool:
    try:
        return set(entry.files) == set(NAMES) and all(
            hashlib.sha256(place.read(_file(name, entry.stem))).hexdigest() == file.sha256
            for name, file in entry.files.items()
        )
    except OSError:
        return False


def run_of(place: Place) -> Run | None:
    """The finished run at a place, if there is one."""
    try:
        return Run.model_validate_json(place.read(RUN))
    except (OSError, ValidationError):
        return None


def read(place: Place, entry: Entry, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A table of a part.

    Raises:
        OSError: it is gone, or is none.

    """
    import pyarrow as pa

    data = place.read(_file(name, entry.stem))
    try:
        found = _opened(data).read(columns=columns and list(columns), use_threads=False)
        return found.select(columns) if columns else found
    except pa.ArrowException as error:
        raise OSError(f"{place}/{_file(name, entry.stem)} 已损坏") from error


def records(place: Place, entry: Entry, rows: Sequence[int]) -> Iterator[str]:
    """The records of some documents of a part, by their places in it, in that order."""
    file = _opened(place.read(_file("documents", entry.stem)))
    groups: dict[int, Any] = {}
    for row in rows:
        group = row // _ROWS_AT_ONCE
        if group not in groups:
            groups[group] = file.read_row_group(group, columns=["record"], use_threads=False).column("record")
        yield groups[group][row % _ROWS_AT_ONCE].as_py()


def first_record(shard: Shard) -> str:
    """The record of the first document of a part that is in memory."""
    group = _opened(shard.files["documents"]).read_row_group(0, columns=["record"], use_threads=False)
    record: str = group.column("record")[0].as_py()
    return record


def _opened(data: bytes) -> pq.ParquetFile:
    """A file in memory, to be read by this thread alone.

    A thread of Arrow's that lets go of what Python owns, while the interpreter ends, takes the process down with it
    (``terminate called without an active exception``; once in some fifty runs).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)


def _file(name: str, of: str) -> str:
    return f"{FOLDER}/{name}/{of}.parquet"
