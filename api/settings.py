"""What the service is told: where its data lies and how much it may do at once; each by ``KPI_<NAME>``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from api.store.store import sqlite_url


def _whole(name: str, default: int) -> int:
    given = os.environ.get(f"KPI_{name}", "").strip()
    return int(given) if given.isdigit() and int(given) > 0 else default


def _hosts() -> tuple[str, ...]:
    return tuple(name for part in os.environ.get("KPI_HOSTS", "").split(",") if (name := part.strip().lower()))


def _folder() -> Path:
    return Path(os.environ.get("KPI_DATA") or Path.home() / ".kpi")


# What taking a request in and sending its answer may add to the work itself.
_ANSWER_SECONDS = 30


@dataclass(frozen=True)
class Settings:
    """The defaults are for one ordinary computer."""

    # KPI_DATA: the folder of the database and of backups.
    data: Path = field(default_factory=_folder)
    # KPI_DATABASE: postgresql://… ; empty for a SQLite file in the folder.
    database: str = field(default_factory=lambda: os.environ.get("KPI_DATABASE", ""))
    # KPI_WORKERS: processes that read documents of single requests, and as many for batches.
    workers: int = field(default_factory=lambda: _whole("WORKERS", os.cpu_count() or 1))
    # KPI_WAITING: single requests that may wait for a process; further ones are told to come back.
    waiting: int = field(default_factory=lambda: _whole("WAITING", 64))
    # KPI_REQUESTS: requests of all kinds that are answered at a time; further ones are told to come back.
    requests: int = field(default_factory=lambda: _whole("REQUESTS", 200))
    # KPI_QUEUED_BATCHES, KPI_QUEUED_DOCUMENTS: what may wait in batches before no further batch is taken in.
    queued_batches: int = field(default_factory=lambda: _whole("QUEUED_BATCHES", 200))
    queued_documents: int = field(default_factory=lambda: _whole("QUEUED_DOCUMENTS", 10_000))
    # KPI_REQUEST_SECONDS: what one document may take; a process that takes longer is ended.
    seconds: int = field(default_factory=lambda: _whole("REQUEST_SECONDS", 150))
    # KPI_RETENTION_DAYS: uploaded files are deleted so many days after their batch is over.
    retention_days: int = field(default_factory=lambda: _whole("RETENTION_DAYS", 90))
    # KPI_HOSTS: names under which others reach the service, comma-separated; the loopback's are always known.
    hosts: tuple[str, ...] = field(default_factory=_hosts)
    # KPI_OPEN: 1 where no key is asked for as long as nobody has one; `kpi serve` sets it on the loopback alone.
    open: bool = field(default_factory=lambda: os.environ.get("KPI_OPEN", "") == "1")

    @property
    def scorecard_seconds(self) -> int:
        """What writing the scorecard of a batch may take."""
        return 2 * self.seconds

    @property
    def grace(self) -> int:
        """How long a service that is stopped waits for what it accepted: no request may take longer.

        One waits ``seconds`` for a process at most, which then reads a document or writes a scorecard.
        """
        return self.seconds + max(self.seconds, self.scorecard_seconds) + _ANSWER_SECONDS

    @property
    def url(self) -> str:
        """The URL of the database."""
        return self.database or sqlite_url(self.data / "kpi.db")
