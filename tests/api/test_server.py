"""The real service: started as a process, asked over the network, stopped."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

import kpi
from tests.api.samples import DOCUMENT, answered

START_SECONDS = 60.0


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a running service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kpi.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answered(httpx.get(f"{address}/healthz", trust_env=False))
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service did not start")


def test_a_document_over_the_network(address: str) -> None:
    data = DOCUMENT.read_bytes()
    response = httpx.post(f"{address}/v1/extract", files={"file": (DOCUMENT.name, data)}, timeout=60, trust_env=False)
    assert answered(response)["extraction"] == kpi.extract(data, filename=DOCUMENT.name).model_dump(mode="json")
