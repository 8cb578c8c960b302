"""What a name must never do: reach the file system. A hook of the interpreter sees whatever is opened or named."""

from __future__ import annotations

import sys

from api import work
from kpi.configuration import Config

MARK = "kpi-name-mark"
_KINDS = (
    "open",
    "os.",
    "shutil.",
    "subprocess.",
    "tempfile.",
    "glob.",
    "pathlib.",
    "import",
    "ctypes.dlopen",
    "sqlite3.",
)
seen: list[str] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_KINDS) and MARK in repr(arguments):
        seen.append(f"{event} {arguments!r}"[:500])


def watch() -> None:
    """Look at what this process does from now on; there is no way to look away again."""
    sys.addaudithook(_hook)


def read(
    source: bytes | str, filename: str | None, fiscal_year: int | None, config: Config
) -> work.Read | work.Refusal:
    """As `api.work.read`, in a process that is watched; what was seen is what the document is refused for."""
    if not getattr(sys, "kpi_watched", False):
        sys.kpi_watched = True  # type: ignore[attr-defined]
        watch()
    answer = work.read(source, filename, fiscal_year, config)
    return work.Refusal("touched", "; ".join(seen)) if seen else answer
