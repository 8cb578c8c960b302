"""The running service: its store, its processes, its background work; opened and closed with the application."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter

from api import scorecard, work
from api.problems import Refused, busy
from api.runner import Runner
from api.settings import Settings
from api.store import batches
from api.store.store import Store
from kpi.configuration import Config, load, nearest
from kpi.pools import FullError, Pool
from kpi.processes import EndedError

if TYPE_CHECKING:
    from api.picture import Picture
    from api.scorecard import Format

TARGET = "api.work:read"
_PICTURES = "api.picture:page_image"
_PICTURE_SECONDS = 20
_SCORECARDS = "api.scorecard:write"
_SCORECARDS_WAITING = 8
_RETRY = {"Retry-After": "2"}
_RETRY_BATCH = {"Retry-After": "60"}


@dataclass
class Service:
    """What the routes use."""

    settings: Settings
    config: Config
    store: Store
    pool: Pool
    pictures: Pool  # pages of PDFs, drawn
    scorecards: Pool  # scorecards of batches, written
    runner: Runner
    # Values are parsed here, by a thread for small requests and one for large ones: more would only share their time.
    lanes: tuple[CapacityLimiter, CapacityLimiter] = field(
        default_factory=lambda: (CapacityLimiter(1), CapacityLimiter(1))
    )

    def refuse_if_full(self) -> None:
        """Refuse before a document is taken in that could not be read soon.

        Raises:
            Refused: 503, with the time after which to come back.

        """
        if self.pool.full:
            raise busy()

    def refuse_if_queued(self) -> None:
        """Refuse a batch before it is taken in while too many wait.

        Raises:
            Refused: 429, with the time after which to come back.

        """
        waiting, documents = batches.queue(self.store)
        if waiting >= self.settings.queued_batches or documents >= self.settings.queued_documents:
            detail = f"等待读取的批次太多（{waiting} 批、{documents} 个文档），请稍后再提交。"
            raise Refused(429, "queue_full", detail, headers=_RETRY_BATCH)

    async def read(self, source: bytes | str, filename: str | None, fiscal_year: int | None) -> work.Read:
        """One document, read by a process.

        Raises:
            Refused: It cannot be read, took too long, or too many wait.

        """
        try:
            answer: work.Read | work.Refusal = await self._done(self.pool, source, filename, fiscal_year, self.config)
        except EndedError as ended:
            raise Refused(422, *work.ended(ended, self.settings.seconds)) from ended
        if isinstance(answer, work.Refusal):
            raise Refused(_STATUS.get(answer.code, 422), answer.code, answer.message)
        return answer

    async def drawn(self, data: bytes, page: int, near: str, texts: Sequence[str]) -> Picture | None:
        """A page of a PDF as a picture, drawn by a process; null where it cannot be.

        Raises:
            Refused: Too many wait.

        """
        try:
            answer: Picture | None = await self._done(self.pictures, data, page, near, tuple(texts))
        except EndedError:
            return None
        return answer

    async def written(self, batch: str, format: Format, path: Path) -> None:
        """The scorecard of a batch, written to ``path`` by a process.

        Raises:
            Refused: 503; too many wait, it took too long, it is too large for a process, or the disk is full.

        """
        try:
            await self._done(self.scorecards, self.settings.url, batch, self.config, format, path)
        except (EndedError, MemoryError) as ended:
            detail = "这一批太大，没有写成评分表；请分批上传，或用命令行 kpi score。"
            raise Refused(503, "not_written", detail, headers=_RETRY) from ended
        except OSError as error:
            detail = f"没有写成评分表，服务器的临时文件夹写不了（{error.strerror or error}）。"
            raise Refused(503, "not_written", detail, headers=_RETRY) from error

    async def _done(self, pool: Pool, *arguments: Any) -> Any:
        """What a process answers.

        Raises:
            Refused: 503; too many wait, or it waited so long that it would not be done within ``Settings.grace``.
            EndedError: The process was ended.

        """
        try:
            call = pool.submit(*arguments)
        except FullError as full:
            raise busy() from full
        answer = asyncio.wrap_future(call)
        try:
            await asyncio.wait({answer}, timeout=self.settings.seconds)
        except asyncio.CancelledError:
            call.cancel()
            raise
        if call.cancel():  # it did not begin yet
            raise busy()
        return await answer

    def close(self) -> None:
        """Finish what was accepted and close everything."""
        self.pictures.close()
        self.scorecards.close()
        self.pool.close()
        self.runner.stop()
        self.store.close()


# Problems of a document that have a status of their own; the others give 422.
_STATUS = {"unsupported_format": 415, "needs_libreoffice": 415, "too_large": 413}


def start(settings: Settings) -> Service:
    """Open the store, start the processes."""
    if not settings.database:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = nearest(Path.cwd())
    config = load(found) if found else Config()
    store = Store(settings.url)
    scorecard.sweep(settings.grace)
    pool = Pool(TARGET, settings.workers, seconds=settings.seconds, waiting=settings.waiting, spare=settings.workers)
    pictures = Pool(_PICTURES, 1, seconds=_PICTURE_SECONDS, waiting=settings.waiting)
    scorecards = Pool(_SCORECARDS, 1, seconds=settings.scorecard_seconds, waiting=_SCORECARDS_WAITING)
    runner = Runner(store, config, settings, TARGET)
    return Service(settings, config, store, pool, pictures, scorecards, runner)


def of(request: Any) -> Service:
    """The service of a request."""
    service: Service = request.app.state.service
    return service
