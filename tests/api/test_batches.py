"""`/v1/batches`: taken in, read in the background, retried safely, cancelled, deleted, results streamed."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import kpi
from api.app import create_app
from api.settings import Settings
from kpi import inputs
from kpi import settings as limits
from tests.api.samples import DOCUMENT, TABLE, answered, refused
from tests.office import zipped

SECONDS = 60.0


def send(client: TestClient, files: dict[str, bytes], **more: Any) -> str:
    response = client.post("/v1/batches", files=[("files", item) for item in files.items()], **more)
    assert response.status_code == 202, response.text
    batch: str = response.json()["id"]
    return batch


def over(client: TestClient, batch: str) -> dict[str, Any]:
    """The state of the batch once it is over."""
    late = time.monotonic() + SECONDS
    while (state := answered(client.get(f"/v1/batches/{batch}")))["state"] in ("queued", "running"):
        assert time.monotonic() < late
        time.sleep(0.05)
    return state


def results(client: TestClient, batch: str) -> list[dict[str, Any]]:
    response = client.get(f"/v1/batches/{batch}/results.jsonl")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def test_a_batch(client: TestClient) -> None:
    data = DOCUMENT.read_bytes()
    batch = send(client, {"一.txt": data, "坏.docx": b"PK\x03\x04", "二.txt": TABLE.encode()}, data={"title": "某县"})
    state = over(client, batch)
    assert (state["state"], state["done"], state["total"], state["title"]) == ("done", 3, 3, "某县")
    assert [(problem["document"], problem["name"]) for problem in state["problems"]] == [(1, "坏.docx")]
    first, bad, second = results(client, batch)
    extraction = kpi.extract(data, filename="一.txt")
    assert first["extraction"] == extraction.model_dump(mode="json")
    assert first["review"] == kpi.review(extraction).model_dump(mode="json")
    assert (bad["state"], bad["problem"]["code"]) == ("failed", state["problems"][0]["code"])
    assert second["name"] == "二.txt"


def test_a_zip_is_opened_and_names_go_nowhere(client: TestClient) -> None:
    archive = zipped({"../../etc/一.txt": TABLE, "C:\\下级\\二.txt": TABLE, "空.txt": ""})
    batch = send(client, {"..\\全部.zip": archive})
    assert over(client, batch)["total"] == 3
    assert [line["name"] for line in results(client, batch)] == [
        "全部.zip!一.txt",
        "全部.zip!二.txt",
        "全部.zip!空.txt",
    ]


def test_a_retry_is_the_same_batch_and_another_content_is_none(client: TestClient) -> None:
    key = {"Idempotency-Key": "重试-1".encode().hex()}
    first = send(client, {"一.txt": b"x"}, headers=key)
    assert send(client, {"一.txt": b"x"}, headers=key) == first
    refused(client.post("/v1/batches", files=[("files", ("一.txt", b"y"))], headers=key), 409, "retry_differs")


def test_an_empty_key_says_nothing(client: TestClient) -> None:
    first, second = (send(client, {"一.txt": b"x"}, headers={"Idempotency-Key": ""}) for _ in range(2))
    assert first != second


def test_a_batch_is_deleted_with_its_uploads(client: TestClient) -> None:
    batch = send(client, {"一.txt": TABLE.encode()})
    over(client, batch)
    assert client.delete(f"/v1/batches/{batch}").status_code == 204
    for response in (client.get(f"/v1/batches/{batch}"), client.delete(f"/v1/batches/{batch}")):
        refused(response, 404, "unknown_batch")


def test_a_batch_is_cancelled_while_it_is_read(faulty: TestClient) -> None:
    batch = send(faulty, {f"{n}.txt": b"mock:sleep 1\n" + TABLE.encode() for n in range(8)})
    assert faulty.delete(f"/v1/batches/{batch}").status_code == 204
    after = send(faulty, {"一.txt": TABLE.encode()})
    assert over(faulty, after)["problems"] == []


def test_a_document_that_ends_its_process_costs_itself_only(faulty: TestClient) -> None:
    files = {f"{fault}.txt": f"mock:{fault}\n{TABLE}".encode() for fault in ("hang", "crash", "exit", "raise")}
    batch = send(faulty, {**files, "好.txt": TABLE.encode()})
    state = over(faulty, batch)
    assert [problem["code"] for problem in state["problems"]] == [
        "out_of_time", "damaged_file", "damaged_file", "not_readable",
    ]  # fmt: skip
    assert results(faulty, batch)[-1]["extraction"]["projects"]


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({}, 415, "unsupported_media_type"),
        ({"json": {}}, 415, "unsupported_media_type"),
        ({"files": [("file", ("a.txt", b"x"))]}, 422, "invalid_request"),
        ({"files": [("files", ("a.txt", b"x"))], "data": {"files": "x"}}, 422, "invalid_request"),
        ({"files": [("files", ("a.txt", b"x"))], "data": {"fiscal_year": "x"}}, 422, "invalid_request"),
        ({"files": [("files", ("a.txt", b"x"))], "data": {"title": ["x", "y"]}}, 422, "invalid_request"),
    ],
)
def test_what_is_no_batch(client: TestClient, request_: dict[str, Any], status: int, code: str) -> None:
    refused(client.post("/v1/batches", **request_), status, code)


def test_too_many_documents(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BATCH_FILES", 2)
    archive = zipped({f"{n}.txt": "x" for n in range(3)})
    refused(client.post("/v1/batches", files=[("files", ("a.zip", archive))]), 413, "too_many_files")


def test_what_the_files_of_a_batch_hold_counts_together(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BATCH_BYTES", 250_000)
    archives = {f"{n}.zip": zipped({f"{m}.txt": "x" * 50_000 for m in range(3)}) for n in range(3)}
    batch = send(client, {**archives, "后.txt": b"x" * 50_000})
    codes = {problem["name"]: problem["code"] for problem in over(client, batch)["problems"]}
    assert [name for name, code in codes.items() if code == "too_large"] == ["1.zip", "2.zip", "后.txt"]
    assert len(results(client, batch)) == 8


def test_a_file_larger_than_a_document_may_be(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DOCUMENT_BYTES", 1_000)
    batch = send(client, {"大.txt": b"x" * 1_001, "小.txt": TABLE.encode()})
    assert [problem["code"] for problem in over(client, batch)["problems"]] == ["too_large"]


def test_a_batch_is_never_in_memory_as_a_whole(client: TestClient) -> None:
    files = [("files", ("全部.zip", zipped({f"{n}.txt": "x" * 2**20 for n in range(60)})))]
    tracemalloc.start()
    try:
        response = client.post("/v1/batches", files=files)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert response.status_code == 202
    assert peak < 20 * 2**20  # not the 60 MiB of the zip
    assert client.delete(f"/v1/batches/{response.json()['id']}").status_code == 204


def plain(archive: bytes) -> bytes:
    return archive


def with_a_signature_for_its_counts(archive: bytes) -> bytes:
    """The counts of files, which zipfile does not look at, begin like another end of the zip."""
    return archive[:-14] + b"PK\x05\x06" + archive[-10:]


def with_a_zip64_record(archive: bytes) -> bytes:
    """The last record says that the list is empty; the zip64 record before it says how long it is, and goes."""
    end, count = archive[-22:], int.from_bytes(archive[-12:-10], "little")
    length, start = (int.from_bytes(end[at : at + 4], "little") for at in (12, 16))
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(archive) - 22, 1)
    return archive[:-22] + record + locator + end[:12] + bytes(8) + end[20:]


@pytest.mark.parametrize("written", [plain, with_a_signature_for_its_counts, with_a_zip64_record])
def test_a_zip_with_an_endless_list_of_files_is_not_opened(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, written: Callable[[bytes], bytes]
) -> None:
    archive = written(zipped({f"{n}.txt": "" for n in range(300)}))
    assert over(client, send(client, {"全部.zip": archive}))["total"] == 300
    monkeypatch.setattr(inputs, "_MAX_DIRECTORY_BYTES", 10_000)
    assert over(client, send(client, {"全部.zip": archive}))["total"] == 1


@pytest.mark.parametrize("limit", [{"queued_documents": 3}, {"queued_batches": 1}])
def test_a_batch_that_would_wait_too_long_is_refused(faulty: TestClient, limit: dict[str, int]) -> None:
    running = faulty.app.state.service  # type: ignore[attr-defined]
    told = running.settings
    first = send(faulty, {f"{n}.txt": b"mock:sleep 1\n" + TABLE.encode() for n in range(6)})
    running.settings = replace(told, **limit)
    try:
        response = faulty.post("/v1/batches", files=[("files", ("一.txt", b"x"))])
        refused(response, 429, "queue_full")
        assert int(response.headers["retry-after"]) > 0
        over(faulty, first)
        over(faulty, send(faulty, {"一.txt": b"x"}))
    finally:
        running.settings = told


def test_what_waits_is_read_after_a_new_start(tmp_path: Path) -> None:
    told = Settings(data=tmp_path, database="", workers=1, open=True)
    with TestClient(create_app(told)) as first:
        batch = send(first, {f"{n}.txt": TABLE.encode() for n in range(20)})
    with TestClient(create_app(told)) as second:
        state = over(second, batch)
    assert (state["done"], state["problems"]) == (20, [])
