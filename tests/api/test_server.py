"""The real service: started as a process, asked over the network, stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

import kpi
from api import service
from api.app import create_app
from api.settings import Settings
from kpi.cli.serve import serve
from tests.api.samples import DOCUMENT, TABLE, answered, refused

START_SECONDS = 60.0


# As `kpi serve`, with documents that do what they say first.
_FAULTY = "from api import service; service.TARGET = 'tests.faults:read'; from kpi.cli import main; main()"


@contextmanager
def serving(data: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a running service, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", _FAULTY, "serve", "--port", str(port), "--data", str(data)]
    told = {**os.environ, "KPI_WORKERS": "1", **environment}
    with (
        (data / "log").open("ab") as log,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, env=told) as process,
    ):
        try:
            _wait(process, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a running service."""
    with serving(tmp_path) as (found, _):
        yield found


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


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Ask the service and every process of it to end, as a service manager does."""
    found = [process.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    assert len(found) > 1
    for pid in reversed(found):
        os.kill(pid, signal.SIGTERM)


def test_what_was_accepted_is_finished(tmp_path: Path) -> None:
    slow = b"mock:sleep 3\n" + TABLE.encode()
    with serving(tmp_path) as (address, process), ThreadPoolExecutor(2) as pool:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            answered(client.post("/v1/extract", files={"file": ("a.txt", TABLE.encode())}))
            batch = client.post("/v1/batches", files=[("files", (f"{n}.txt", slow)) for n in range(3)]).json()["id"]
            asked = pool.submit(client.post, "/v1/extract", files={"file": ("a.txt", slow)})
            queued = pool.submit(client.post, "/v1/extract", files={"file": ("a.txt", TABLE.encode())})
            time.sleep(1.5)
            _ended(process)
            for answer in (asked.result(), queued.result()):
                assert answered(answer)["extraction"]["projects"]
        process.wait(START_SECONDS)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/healthz", trust_env=False)
    with serving(tmp_path) as (address, _):
        late = time.monotonic() + START_SECONDS
        while (state := httpx.get(f"{address}/v1/batches/{batch}", trust_env=False).json())["state"] != "done":
            assert time.monotonic() < late
            time.sleep(0.1)
    assert (state["done"], state["problems"]) == (3, [])


def test_a_stop_waits_for_as_long_as_a_request_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, object] = {}
    monkeypatch.setattr(uvicorn, "run", lambda *_, **options: told.update(options))
    monkeypatch.setenv("KPI_REQUEST_SECONDS", "170")
    monkeypatch.delenv("KPI_OPEN", raising=False)
    serve(port=1)
    grace = told["timeout_graceful_shutdown"]
    assert isinstance(grace, int)
    assert grace > 2 * 170


def test_a_request_that_waits_too_long_is_sent_away(tmp_path: Path) -> None:
    told = Settings(data=tmp_path, database="", workers=1, seconds=8, open=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "TARGET", "tests.faults:read")
        with TestClient(create_app(told)) as client, ThreadPoolExecutor(8) as pool:
            hang = {"text": "mock:sleep 5\n" + TABLE}
            answers = list(pool.map(lambda _: client.post("/v1/extract", json=hang), range(6)))
    codes = [answer.status_code for answer in answers]
    assert 200 in codes
    refused(next(answer for answer in answers if answer.status_code != 200), 503, "busy")


def test_each_request_is_a_line_of_the_log_without_what_was_sent(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, _):
        headers = {"x-request-id": "r-1", "x-api-key": "geheim-key", "content-type": "text/plain"}
        query = f"{address}/v1/extract?filename=geheim-name.txt"
        httpx.post(query, content=TABLE.encode(), headers=headers, trust_env=False, timeout=60)
        headers["x-request-id"] = "r-2"
        del headers["x-api-key"]
        httpx.post(query, content=TABLE.encode(), headers=headers, trust_env=False, timeout=60)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    lines = {line["request_id"]: line for line in map(json.loads, re.findall(r"^\{.*\}$", log, re.MULTILINE))}
    assert [(lines[one]["route"], lines[one]["status"]) for one in ("r-1", "r-2")] == [
        ("/v1/extract", 401), ("/v1/extract", 200),
    ]  # fmt: skip
    assert "geheim" not in log
    assert "场次" not in log
