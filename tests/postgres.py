"""A PostgreSQL server of the tests' own, on a free port of the loopback, ended with them.

The programs are those of Debian's `postgresql`; the server refuses to run as root, so root lends it another user.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
SECONDS = 60


def programs() -> Path | None:
    """The folder of initdb and postgres; null where they are not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


@contextmanager
def server() -> Iterator[str]:
    """A running server; its URL. Its data stand apart: pytest closes its own folders to other users."""
    data = Path(tempfile.mkdtemp(prefix="kpi-postgres-"))
    try:
        with _running(data) as url:
            yield url
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _running(data: Path) -> Iterator[str]:
    bin_folder = programs()
    assert bin_folder is not None
    lent: dict[str, object] = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    if lent:
        shutil.chown(data, USER, USER)
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-A", "trust", "-U", USER, "--no-sync", "--encoding=UTF8", "--locale=C"],
        check=True, capture_output=True, cwd="/", **lent,  # type: ignore[call-overload]
    )  # fmt: skip
    port = _free_port()
    process = subprocess.Popen(
        [bin_folder / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
         "-c", f"unix_socket_directories={data}", "-c", "fsync=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **lent,  # type: ignore[call-overload]
    )  # fmt: skip
    try:
        _wait(port, process)
        yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(SECONDS)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    import pg8000.native

    late = time.monotonic() + SECONDS
    while True:
        try:
            pg8000.native.Connection(USER, host="127.0.0.1", port=port, database="postgres").close()
        except (pg8000.native.InterfaceError, pg8000.native.DatabaseError):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < late, "the server does not answer"
            time.sleep(0.1)
        else:
            return
