"""What a process of the service does for a scorecard: what is kept of a batch → one file."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

from api import decided
from api.store.store import Store
from kpi.configuration import Config
from kpi.reviewing import scheme_of

# ``csv.zip`` are the tables of projects, indicators and findings, one file each.
Format = Literal["xlsx", "html", "csv.zip"]


def write(url: str, batch: str, config: Config, format: Format, path: Path) -> None:
    """Write the scorecard of a batch to ``path``, with decisions and corrections applied.

    Raises:
        OSError: The file cannot be written.
        MemoryError: The batch is larger than a process may become.

    """
    documents = list(decided.scored(_store(url), batch, config))
    if format == "xlsx":
        from kpi.scorecard import workbook

        workbook.write(documents, path, schemes=lambda one: scheme_of(config.of(one.extraction.organisation)))
    elif format == "html":
        from kpi.scorecard import html

        html.write(documents, path)
    else:
        from kpi.scorecard import tables

        with tempfile.TemporaryDirectory(dir=path.parent) as folder, ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for table in tables.write_csv(documents, Path(folder)):
                archive.write(table, table.name)


@lru_cache(maxsize=1)
def _store(url: str) -> Store:
    return Store(url)
