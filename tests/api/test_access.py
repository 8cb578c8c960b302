"""Who may come in: keys, foreign pages and hosts, slow senders; headers on every answer; metrics and request ids."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import limits
from api.app import create_app
from api.settings import Settings
from api.store import reviewers
from tests.api.samples import TABLE, answered, refused

BODY: dict[str, Any] = {"json": {"text": TABLE}}


@pytest.fixture
def closed(tmp_path: Path) -> TestClient:
    """A service that asks for a key."""
    return TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=False)))


def test_without_a_key_nothing_is_answered(closed: TestClient) -> None:
    with closed as client:
        for response in (
            client.post("/v1/extract", **BODY),
            client.post("/v1/values", json={"values": []}),
            client.post("/v1/batches", files=[("files", ("a", b"x"))]),
            client.get("/v1/batches/abc"),
            client.get("/v1/batches/abc/results.jsonl"),
            client.get("/v1/batches/abc/scorecard.xlsx"),
            client.delete("/v1/batches/abc"),
        ):
            refused(response, 401, "unauthorized")
            assert response.headers["www-authenticate"].startswith("Bearer")
        answered(client.get("/healthz"))


def test_keys(closed: TestClient) -> None:
    with closed as client:
        store = client.app.state.service.store  # type: ignore[attr-defined]
        key = reviewers.add(store, "张三")
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"authorization": f"bearer {key}"},
            {"X-API-Key": f"{key}"},
        ):
            answered(client.post("/v1/extract", headers=headers, **BODY))
        for headers in ({"X-API-Key": f"{key}x"}, {"Authorization": f"Basic {key}"}, {"X-API-Key": "x" * 10_000}):
            refused(client.post("/v1/extract", headers=headers, **BODY), 401, "unauthorized")
        reviewers.disable(store, "张三")
        refused(client.post("/v1/extract", headers={"X-API-Key": f"{key}"}, **BODY), 401, "unauthorized")


def test_an_open_service_asks_for_a_key_as_soon_as_somebody_has_one(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        answered(client.post("/v1/extract", **BODY))
        reviewers.add(client.app.state.service.store, "张三")  # type: ignore[attr-defined]
        refused(client.post("/v1/extract", **BODY), 401, "unauthorized")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_another_site_cannot_use_the_browser(client: TestClient, headers: dict[str, str]) -> None:
    refused(client.post("/v1/extract", headers=headers, **BODY), 403, "cross_site")
    refused(client.post("/v1/extract", headers=headers, content="x"), 403, "cross_site")


def test_our_own_pages_can(client: TestClient) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
    answered(client.post("/v1/extract", headers=headers, **BODY))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:80", "localhost.", "localhost@x"]
)
def test_a_name_that_was_made_to_point_here_is_refused(client: TestClient, host: str) -> None:
    refused(client.get("/healthz", headers={"host": host}), 421, "unknown_host")


def test_hosts_that_are_told_are_known(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, hosts=("jx.example.cn",)))) as client:
        answered(client.get("/healthz", headers={"host": "JX.example.cn:8000"}))


def test_every_answer_has_its_headers(client: TestClient) -> None:
    for response in (client.get("/healthz"), client.get("/none"), client.get("/", headers={"host": "x"})):
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe" not in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert len(response.headers["x-request-id"]) == 32


def test_request_ids_are_logged_and_nothing_that_was_sent_is(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="api.requests"):
        sent = client.post("/v1/extract?filename=secret.txt", headers={"x-request-id": "a-1"}, **BODY)
        forged = client.get("/healthz", headers={"x-request-id": 'x" , "status": 1'})
    assert sent.headers["x-request-id"] == "a-1"
    assert len(forged.headers["x-request-id"]) == 32
    first = json.loads(next(r.getMessage() for r in caplog.records if "a-1" in r.getMessage()))
    assert (first["route"], first["status"], first["method"]) == ("/v1/extract", 200, "POST")
    assert "secret" not in caplog.text
    assert "培训" not in caplog.text


def test_metrics_name_no_document_and_no_batch(client: TestClient) -> None:
    client.get("/v1/batches/abcdef")
    client.get("/no/such/path")
    text = client.get("/metrics").text
    assert 'kpi_requests_total{method="GET",route="/v1/batches/{id}",status="404"}' in text
    assert "abcdef" not in text
    assert "/no/such/path" not in text
    assert "kpi_documents_waiting 0.0" in text


def test_a_slow_sender_is_not_waited_for(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAUSE_SECONDS", 0.2)
    sent: list[MutableMapping[str, Any]] = []
    scope = {
        "type": "http", "method": "POST", "path": "/v1/extract", "query_string": b"",
        "headers": [(b"content-type", b"text/plain"), (b"host", b"localhost")],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(5)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send_(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def ask() -> None:
        await client.app(scope, receive, send_)

    asyncio.run(ask())
    assert sent[0]["status"] == 408


def test_the_loopback_is_all_that_is_open_without_a_key(tmp_path: Path) -> None:
    from tests.test_cli import BAD_USAGE, kpi

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = kpi("serve", "--host", "0.0.0.0", "--port", str(port), "--data", tmp_path)
    assert run.code == BAD_USAGE
    assert "kpi reviewer add" in run.err
