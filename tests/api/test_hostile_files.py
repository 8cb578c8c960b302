"""Every hostile file through the endpoint of a real server: a result or a typed problem, and the server serves on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from kpi.documents.problems import CATALOGUE
from tests.api.hostile_files import files
from tests.api.samples import TABLE, answered, refused
from tests.browser.running import Server, peak

SECONDS = 240.0  # for any one of these, others at the same time, on a busy machine
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("hostile"), WORKERS=2)
    running.start()
    yield running
    running.stop()
    assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, timeout=SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return files()


@pytest.fixture(scope="module")
def answers(client: httpx.Client, hostile: dict[str, bytes]) -> dict[str, Any]:
    """Each file sent on its own, two at a time."""
    with ThreadPoolExecutor(2) as senders:
        sent = senders.map(lambda one: client.post("/v1/extract", files={"file": one}), hostile.items())
        return dict(zip(hostile, sent, strict=True))


def test_a_hostile_file_gives_a_result_or_a_problem(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        _is_typed(name, answer)


def _is_typed(name: str, answer: Any) -> None:
    assert "root:" not in answer.text
    if answer.status_code == 200:
        problems = answered(answer)["extraction"]["problems"]
        assert {problem["code"] for problem in problems} <= CATALOGUE.keys(), name
        return
    code = answer.json()["code"]
    assert code in CATALOGUE, (name, answer.text)
    status = {"too_large": 413, "unsupported_format": 415, "needs_libreoffice": 415}.get(code, 422)
    refused(answer, status, code)


@pytest.mark.usefixtures("answers")
def test_the_server_serves_on_and_holds_little(client: httpx.Client, server: Server) -> None:
    answered(client.post("/v1/extract", json={"text": TABLE}))
    assert peak(server.pid) < 700 * MEGABYTE


def test_all_of_them_as_a_batch(
    client: httpx.Client, server: Server, hostile: dict[str, bytes], answers: dict[str, Any]
) -> None:
    made = client.post("/v1/batches", files=[("files", one) for one in hostile.items()])
    assert made.status_code == 202, made.text
    address = f"/v1/batches/{made.json()['id']}"
    late = time.monotonic() + 2 * SECONDS
    while (state := answered(client.get(address)))["state"] != "done":
        assert time.monotonic() < late
        time.sleep(0.5)
    assert state["done"] == state["total"] >= len(hostile)  # what is really a zip is opened here
    assert {problem["code"] for problem in state["problems"]} <= CATALOGUE.keys()
    failed = {problem["name"]: problem["code"] for problem in state["problems"]}
    alone = {name: answer.json()["code"] for name, answer in answers.items() if answer.is_error}
    assert {name: code for name, code in failed.items() if "!" not in name}.items() <= alone.items()
    lines = client.get(f"{address}/results.jsonl")
    assert lines.status_code == 200
    assert len(lines.text.splitlines()) == state["total"]
    answered(client.post("/v1/extract", json={"text": TABLE}))
    assert peak(server.pid) < 1_000 * MEGABYTE
