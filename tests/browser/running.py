"""The service as a process of its own, which can be stopped and started again over the same data."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

SECONDS = 60.0


class Server:
    """A running ``kpi serve`` on a free port of the loopback."""

    def __init__(self, data: Path, *more: str | Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._data, self._more = data, more
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            sys.executable, "-m", "kpi.cli", "serve", "--port", str(self._port), "--data", str(self._data),
            *map(str, self._more),
        ]  # fmt: skip
        with (self._data / "server.log").open("ab") as log:
            environment = os.environ | {"KPI_WORKERS": "1"}
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
