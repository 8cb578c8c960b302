"""What is handed in → a batch: zips opened, file by file, so that a large batch takes no memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

from api.labels import label, storable
from api.problems import Refused
from api.service import Service
from api.store import batches
from api.store.batches import Incoming, Retry
from api.store.store import Store
from kpi import inputs, settings
from kpi.schema import Problem

UNNAMED = "未命名"
_PIECE = 2**20


class Sent(NamedTuple):
    """A file as it was sent: its name, and where what came in was written to; or one that lies in this machine."""

    name: str | None
    file: BinaryIO | Path

    @property
    def label(self) -> str:
        """What it is called."""
        return label(self.name) or UNNAMED

    def opened(self) -> AbstractContextManager[BinaryIO]:
        """The open file. What lies here is opened for this use only: a folder may have more files than may be open."""
        return self.file.open("rb") if isinstance(self.file, Path) else nullcontext(self.file)


def take_in(
    running: Service,
    files: Sequence[Sent],
    creator: str,
    title: str | None,
    fiscal_year: int | None,
    retry_key: str | None = None,
) -> str:
    """Make a batch of files, zips opened, and have it read; its id.

    Raises:
        Refused: 409 for another content under the same key, 413 for too many documents.

    """
    retry = Retry(retry_key, fingerprint(files, fiscal_year)) if retry_key else None
    made = keep(running.store, files, creator, title, fiscal_year, retry)
    running.runner.wake()
    return made


def keep(
    store: Store, files: Sequence[Sent], creator: str, title: str | None, fiscal_year: int | None, retry: Retry | None
) -> str:
    """Make a batch of files, zips opened, which waits to be read; its id.

    Raises:
        Refused: As of :func:`take_in`.

    """
    named = storable(title or "") or (files[0].label if files else "")
    try:
        return batches.create(store, _opened(files, fiscal_year), creator=creator, title=named, retry=retry)
    except batches.RetryDiffers as differs:
        raise Refused(409, "retry_differs", "同一 Idempotency-Key 已用于内容不同的请求。") from differs


def _opened(files: Sequence[Sent], fiscal_year: int | None) -> Iterator[Incoming]:
    """The documents in the files; what a zip did not give up comes with its problem.

    Raises:
        Refused: 413 where they are more than a batch may have.

    """
    left, number = inputs.Left(settings.MAX_BATCH_BYTES), 0
    for sent in files:
        with sent.opened() as file:
            for found in inputs.opened(file, sent.label, left):
                number += 1
                if number > settings.MAX_BATCH_FILES:
                    raise Refused(413, "too_many_files", f"一批最多 {settings.MAX_BATCH_FILES} 个文档。")
                named = _member(sent.label, found.label)
                if isinstance(found.source, bytes):
                    yield Incoming(named, found.source, fiscal_year)
                elif isinstance(found.source, Problem):
                    yield Incoming(named, b"", fiscal_year, found.source)


def _member(archive: str, found: str) -> str:
    """The label of a zip's member: the archive's, and its own without folders that could be anything."""
    return archive if found == archive else f"{archive}!{label(found.removeprefix(f'{archive}!')) or UNNAMED}"


def fingerprint(files: Sequence[Sent], fiscal_year: int | None) -> str:
    """What a request held, as one digest."""
    digest = hashlib.sha256(str(fiscal_year).encode())
    for sent in files:
        name, content = sent.label.encode(), hashlib.sha256()
        with sent.opened() as file:
            file.seek(0)
            for piece in iter(lambda file=file: file.read(_PIECE), b""):  # type: ignore[misc]
                content.update(piece)
        digest.update(len(name).to_bytes(8, "big") + name + content.digest())
    return digest.hexdigest()
