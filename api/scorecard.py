"""What a process of the service does for a scorecard: what is kept of a batch → one file."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

from api import decided
from api.store.store import Store
from kpi.configuration import Config
from kpi.places import Local
from kpi.reviewing import scheme_of
from kpi.scorecard import shards
from kpi.scorecard.frames import Numbered
from kpi.scorecard.results import Results, Stored, recorded
from kpi.scorecard.scored import Amended, amended
from kpi.scorecard.shards import Entry

_PART = 64  # documents that are in memory at a time
_PREFIX = "kpi-scorecard-"
# ``csv.zip`` are the tables of projects, indicators and findings, one file each.
Format = Literal["xlsx", "html", "csv.zip"]


def folder() -> Path:
    """A new folder for a scorecard and what it is made from."""
    return Path(tempfile.mkdtemp(prefix=_PREFIX))


def sweep(older_than: float) -> None:
    """Take away what a killed service left: such folders that nobody has touched for so many seconds."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # it has just gone, or is somebody else's
            if time.time() - left.stat().st_mtime > older_than:
                shutil.rmtree(left, ignore_errors=True)


def write(url: str, batch: str, config: Config, format: Format, path: Path) -> None:
    """Write the scorecard of a batch to ``path``, with decisions and corrections applied.

    Raises:
        OSError: The file cannot be written.
        MemoryError: The batch is larger than a process may become.

    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        _write(_sharded(_store(url), batch, config, Local(Path(folder), brief=True)), config, format, path)


def _sharded(store: Store, batch: str, config: Config, place: Local) -> Results:
    """The batch as shards: a large one has no room in the memory of a process."""
    entries: list[Entry] = []
    counts: list[Amended] = []
    documents = enumerate(decided.scored(store, batch, config))
    while part := [Numbered(number, one, None, recorded(one).encode()) for number, one in islice(documents, _PART)]:
        made = shards.shard(len(entries), "", "", part)
        shards.store(place, made)
        entries.append(made.entry)
        counts += [one.scored.amended for one in part]
    return Stored(place, entries, amended(counts))


def _write(results: Results, config: Config, format: Format, path: Path) -> None:
    if format == "xlsx":
        from kpi.scorecard import workbook

        workbook.write(results, path, schemes=lambda one: scheme_of(config.of(one.extraction.organisation)))
    elif format == "html":
        from kpi.scorecard import html

        html.write(results, path)
    else:
        from kpi.scorecard import tables

        with tempfile.TemporaryDirectory(dir=path.parent) as folder, ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for table in tables.write_csv(results, Path(folder)):
                archive.write(table, table.name)


@lru_cache(maxsize=1)
def _store(url: str) -> Store:
    return Store(url)
