"""Errors that no single endpoint answers for: addresses, methods, size, and faults of the service itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bodies import MAX_JSON_BYTES
from api.limits import ALLOWANCE_BYTES
from api.service import Service
from api.settings import Settings
from kpi import settings
from tests.api.samples import refused

LIMIT = 10_000


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_DOCUMENT_BYTES", LIMIT)


@pytest.mark.parametrize("path", ["/index.html", "/docs", "/redoc", "/v1/", "/v1/rules/", "/v1/rules/VAG001/x", "/%00"])
def test_an_unknown_address(client: TestClient, path: str) -> None:
    refused(client.get(path), 404, "unknown_path")


@pytest.mark.parametrize(
    ("path", "allowed"), [("/v1/extract", "POST"), ("/v1/values", "POST"), ("/v1/batches/abc", "DELETE, GET")]
)
def test_a_method_that_is_not_allowed(client: TestClient, path: str, allowed: str) -> None:
    response = client.put(path)
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allowed
    refused(client.delete("/v1/rules"), 405, "method_not_allowed")


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("path", ["/v1/extract", "/v1/values"])
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_a_declared_length_over_the_limit(client: TestClient, path: str, content_type: str) -> None:
    body = b"x" * (LIMIT + ALLOWANCE_BYTES + 1)
    refused(client.post(path, content=body, headers={"content-type": content_type}), 413, "too_large")


@pytest.mark.usefixtures("small_limit")
def test_a_document_between_its_limit_and_that_of_the_body(client: TestClient) -> None:
    refused(client.post("/v1/extract", files={"file": ("a.txt", b"x" * (LIMIT + 1))}), 413, "too_large")


def test_json_over_its_own_limit(client: TestClient) -> None:
    body = b'{"text": "' + b"x" * MAX_JSON_BYTES + b'"}'
    for path in ("/v1/extract", "/v1/values"):
        response = client.post(path, content=body, headers={"content-type": "application/json"})
        assert "8 MB" in refused(response, 413, "too_large")["detail"]


class _Connection:
    """A client of the bare application that sends ``chunks`` without a declared length, and counts those taken."""

    def __init__(self, content_type: str, chunks: Iterator[bytes], *, declared: bytes | None = None) -> None:
        self.chunks = chunks
        self.taken = 0
        self.sent: list[dict[str, Any]] = []
        headers = [(b"content-type", content_type.encode()), (b"host", b"127.0.0.1")]
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/extract",
            "query_string": b"",
            "headers": headers if declared is None else [*headers, (b"content-length", declared)],
        }

    async def receive(self) -> dict[str, Any]:
        chunk = next(self.chunks, None)
        if chunk is None:
            return {"type": "http.disconnect"}
        self.taken += 1
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def post(self, client: TestClient) -> tuple[int, bytes]:
        """The status and the body of the answer."""

        async def answer() -> None:
            await client.app(self.scope, self.receive, self.send)

        asyncio.run(answer())
        return self.sent[0]["status"], self.sent[1]["body"]


def _endless(first: bytes = b"") -> Iterator[bytes]:
    yield first
    while True:
        yield b"x" * 1000


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("declared", [None, b"-1", b"9" * 30, b"\xb2"])
@pytest.mark.parametrize(
    ("content_type", "first"),
    [
        ("text/plain", b""),
        ("application/json", b'{"text": "'),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
        ),
    ],
)
def test_an_undeclared_length_is_counted(
    client: TestClient, content_type: str, first: bytes, declared: bytes | None
) -> None:
    connection = _Connection(content_type, _endless(first), declared=declared)
    status, body = connection.post(client)
    assert status == 413
    assert b'"too_large"' in body
    assert connection.taken <= (LIMIT + ALLOWANCE_BYTES) // 1000 + 2


@pytest.mark.usefixtures("small_limit")
def test_a_declared_length_is_refused_unread(client: TestClient) -> None:
    connection = _Connection("text/plain", _endless(), declared=b"1000000")
    assert connection.post(client)[0] == 413
    assert connection.taken == 0


def test_a_client_that_goes_away_is_no_fault_of_the_service(client: TestClient) -> None:
    for content_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        assert _Connection(content_type, iter([b"half"])).post(client)[0] == 400


def test_a_fault_of_the_service_is_logged_and_told_without_details(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*args: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Service, "read", broken)
    with caplog.at_level(logging.ERROR, logger="api.problems"):
        response = client.post("/v1/extract", content="text", headers={"content-type": "text/plain"})
    problem = refused(response, 500, "internal_error")
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    [record] = [record for record in caplog.records if record.name == "api.problems"]
    assert problem["instance"] in record.getMessage()


def test_requests_beyond_those_that_are_answered_at_a_time(tmp_path: Path) -> None:
    told = Settings(data=tmp_path, database="", workers=1, open=True, requests=2)
    with TestClient(create_app(told), raise_server_exceptions=False) as client:

        async def crowd() -> list[tuple[int, bytes]]:
            gate = asyncio.Event()

            class Slow(_Connection):
                async def receive(self) -> dict[str, Any]:
                    await gate.wait()
                    return await super().receive()

            def asking(path: str) -> _Connection:
                made = Slow("text/plain", iter([b"half"]))
                made.scope["path"] = path
                return made

            several = [asking("/v1/extract") for _ in range(3)]
            waiting = asyncio.gather(*(client.app(one.scope, one.receive, one.send) for one in several))
            await asyncio.sleep(0.5)
            watched = asking("/healthz")
            watched.scope["method"] = "GET"
            await client.app(watched.scope, watched.receive, watched.send)
            gate.set()
            await waiting
            return [(one.sent[0]["status"], one.sent[1]["body"]) for one in (*several, watched)]

        answers = asyncio.run(crowd())
    assert [status for status, _ in answers] == [400, 400, 503, 200]
    assert b'"busy"' in answers[2][1]
