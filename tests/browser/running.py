"""The service as a process of its own, which can be stopped, killed and started again over the same data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

SECONDS = 60.0
_KPI = ("-m", "kpi.cli")
# The same command, whose processes read documents as `tests.faults` says: one can be told to spin.
FAULTY = ("-c", "from api import service; service.TARGET = 'tests.faults:read'; from kpi.cli import main; main()")


class Server:
    """A running ``kpi serve`` on a free port of the loopback, with further arguments and ``KPI_`` variables."""

    def __init__(self, data: Path, *more: str | Path, program: tuple[str, ...] = _KPI, **settings: object) -> None:
        self._command = program
        self._settings = {f"KPI_{name}": str(value) for name, value in ({"WORKERS": 1} | settings).items()}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._data, self._more = data, more
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            sys.executable, *self._command, "serve", "--port", str(self.port), "--data", str(self._data),
            *map(str, self._more),
        ]  # fmt: skip
        with (self._data / "server.log").open("ab") as log:
            environment = os.environ | self._settings
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        late = time.monotonic() + SECONDS
        while time.monotonic() < late and self._process.poll() is None:
            try:
                if httpx.get(f"{self.address}/healthz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError((self._data / "server.log").read_text(encoding="utf-8"))

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=SECONDS)
            self._process = None

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it without a warning, as a loss of power does, and wait until it is gone."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=SECONDS)
        self._process = None

    def log(self) -> str:
        """What it and its processes have said so far."""
        return (self._data / "server.log").read_text(encoding="utf-8")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run (Linux)."""
    numbers = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return [number for number in numbers if _parent(number) == pid]


def runs(pid: int) -> bool:
    """Whether a process is there and does something (Linux)."""
    return _parent(pid) is not None


def _parent(pid: int) -> int | None:
    """The parent of a process; null where the process has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, parent = stat.rpartition(")")[2].split()[:2]
    return None if state == "Z" else int(parent)


def resident(pid: int) -> int:
    """The memory that a process holds, in bytes (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak(pid: int) -> int:
    """The most memory that a process has held so far, in bytes (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
