"""Files → a batch: zips opened, names made labels; the one way in for the API, the pages and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from api.labels import label, storable
from api.problems import Refused
from api.store import batches
from api.store.batches import Incoming
from api.store.store import Store
from kpi import inputs, settings
from kpi.schema import Problem

UNNAMED = "未命名"
File = tuple[str | None, bytes]


def documents(files: Iterable[File], fiscal_year: int | None = None) -> list[Incoming]:
    """The documents in the files; what a zip did not give up comes with its problem.

    Raises:
        Refused: 413 for too many documents.

    """
    found = list(islice(_opened(files, fiscal_year), settings.MAX_BATCH_FILES + 1))
    if len(found) > settings.MAX_BATCH_FILES:
        raise Refused(413, "too_many_files", f"一批最多 {settings.MAX_BATCH_FILES} 个文档。")
    return found


def keep(store: Store, incoming: list[Incoming], creator: str, title: str | None, retry_key: str | None = None) -> str:
    """Make a batch of documents; its id.

    Raises:
        Refused: 409 for another content under the same key.

    """
    named = storable(title or "") or (incoming[0].label if incoming else "")
    try:
        return batches.create(store, incoming, creator=creator, title=named, retry_key=retry_key)
    except batches.RetryDiffers as differs:
        raise Refused(409, "retry_differs", "同一 Idempotency-Key 已用于内容不同的请求。") from differs


def _opened(files: Iterable[File], fiscal_year: int | None) -> Iterator[Incoming]:
    for name, content in files:
        shown = label(name) or UNNAMED
        for found in inputs.opened(content, shown, settings.MAX_BATCH_BYTES):
            named = _member(shown, found.label)
            if isinstance(found.source, bytes):
                yield Incoming(named, found.source, fiscal_year)
            elif isinstance(found.source, Problem):
                yield Incoming(named, b"", fiscal_year, found.source)


def _member(archive: str, found: str) -> str:
    """The label of a zip's member: the archive's, and its own without folders that could be anything."""
    return archive if found == archive else f"{archive}!{label(found.removeprefix(f'{archive}!')) or UNNAMED}"
