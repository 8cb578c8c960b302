"""Clients that are slow on purpose, and lengths that lie: a connection is ended in time, and nobody waits for it."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.api.samples import TABLE, answered
from tests.browser.running import Server, resident

HEAD_SECONDS, PAUSE_SECONDS = 1.0, 1.5
_TESTED = (
    "from api import connections, limits; "
    f"connections.HEAD_SECONDS, limits.PAUSE_SECONDS, limits.BODY_SECONDS = {HEAD_SECONDS}, {PAUSE_SECONDS}, 4.0; "
    "from kpi.cli import main; main()"
)
HEAD = b"POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("slow"), program=("-c", _TESTED), WORKERS=1)
    running.start()
    yield running
    running.stop()
    assert "Traceback" not in running.log()


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def trickled(link: socket.socket, parts: Iterator[bytes], pause: float) -> tuple[float, bytes]:
    """Send part by part until the other side has enough; how long that took, and what it said."""
    began, said = time.monotonic(), b""
    link.settimeout(pause)
    with contextlib.suppress(ConnectionError):
        while True:
            with contextlib.suppress(TimeoutError):
                if not (got := link.recv(65536)):
                    break
                said += got
                continue
            link.sendall(next(parts))
    return time.monotonic() - began, said


def endless(part: bytes) -> Iterator[bytes]:
    while True:
        yield part


def served(server: Server) -> None:
    """Somebody else is served at once."""
    began = time.monotonic()
    answered(httpx.post(f"{server.address}/v1/extract", json={"text": TABLE}, timeout=30, trust_env=False))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("first", [b"", b"POST", HEAD], ids=["silent", "cut", "headers"])
def test_a_head_that_does_not_come_is_not_waited_for(server: Server, first: bytes) -> None:
    with connected(server) as link:
        link.sendall(first)
        # Of a head that keeps growing the limit is the same.
        took, _ = trickled(link, endless(b"X-A: b\r\n"), 0.2) if first == HEAD else closed(link)
    assert HEAD_SECONDS * 0.9 < took < HEAD_SECONDS + 10


def closed(link: socket.socket) -> tuple[float, bytes]:
    """Wait until the other side closes; how long that took, and what it said."""
    began, said = time.monotonic(), b""
    while got := link.recv(65536):
        said += got
    return time.monotonic() - began, said


def test_the_second_request_of_a_connection_has_the_same_limit(server: Server) -> None:
    with connected(server) as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert link.recv(65536).startswith(b"HTTP/1.1 200")
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
        took, _ = closed(link)
        assert took < HEAD_SECONDS + 10


def test_a_slow_answer_is_no_slow_head(server: Server) -> None:
    """What counts is the head: a request that is whole may take its time, and the connection serves the next one."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=30) as client:
        for _ in range(4):
            answered(client.post("/v1/extract", json={"text": TABLE}))
            time.sleep(HEAD_SECONDS / 2)


@pytest.mark.parametrize("declared", [b"Content-Length: 1000000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_body_that_stops_is_refused(server: Server, declared: bytes) -> None:
    with connected(server) as link:
        link.sendall(HEAD + declared + b"\r\n")
        served(server)
        took, said = closed(link)
    assert took < PAUSE_SECONDS + 10
    assert said.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in said


def test_a_body_that_trickles_is_refused_in_the_end(server: Server) -> None:
    with connected(server) as link:
        link.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
        took, said = trickled(link, endless(b"x"), 0.5)
        assert took < 20
    assert said.startswith(b"HTTP/1.1 408")


def test_hundreds_of_slow_ones_hold_nobody_up(server: Server) -> None:
    links = [connected(server) for _ in range(200)]
    for number, link in enumerate(links):
        link.sendall(HEAD + (b"Content-Length: 1000000\r\n\r\nx" if number % 2 else b""))
    served(server)
    time.sleep(max(HEAD_SECONDS, PAUSE_SECONDS) + 0.5)
    served(server)
    for link in links:
        with contextlib.suppress(ConnectionError):
            closed(link)
        link.close()


LYING = {
    "shorter than said": (b"Content-Length: 500\r\n\r\nabc", {b"400", b"408"}),
    "longer than said": (b"Content-Length: 3\r\n\r\n" + TABLE.encode() * 50, {b"200", b"400"}),
    "no number": (b"Content-Length: abc\r\n\r\nabc", {b"400"}),
    "negative": (b"Content-Length: -1\r\n\r\nabc", {b"400"}),
    "two of them": (b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", {b"400"}),
    "beyond all": (b"Content-Length: 99999999999999999999\r\n\r\nabc", {b"408", b"413"}),
    "too large": (b"Content-Length: 999999999\r\n\r\nabc", {b"413"}),
    "length and chunks": (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {b"400", b"422"}),
    "a chunk of no size": (b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", {b"400"}),
    "a chunk of too much": (b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nabc", {b"400", b"408", b"413"}),
    "compressed": (b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", {b"415"}),
    "coding unknown": (b"Transfer-Encoding: gzip\r\n\r\nabc", {b"400", b"501"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LYING)
def test_lengths_that_lie(server: Server, name: str) -> None:
    sent, expected = LYING[name]
    with connected(server) as link:
        link.sendall(HEAD + sent)
        if name == "shorter than said":
            link.shutdown(socket.SHUT_WR)
        said = link.recv(65536)
    assert said == b"" or said.split()[1] in expected, said
    served(server)


def test_chunks_without_end_are_cut_off(server: Server) -> None:
    """Nobody said how much would come: after 64 MB it is enough, and the connection is not kept for the rest."""
    chunk = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    before, began = resident(server.pid), time.monotonic()
    with connected(server) as link:
        link.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 60:
                link.sendall(chunk)
    assert time.monotonic() - began < 30
    assert resident(server.pid) - before < 300 * 2**20
    served(server)


def test_who_is_refused_is_told_why(server: Server) -> None:
    chunk = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    with connected(server) as link:
        link.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 66)
        assert link.recv(65536).startswith(b"HTTP/1.1 413")
