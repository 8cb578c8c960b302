"""How much a client may send: a limit on the request body, counted while it streams in."""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from kpi import settings
from kpi.documents import problem

# What a request carries beside the document: multipart boundaries, part headers, small fields.
ALLOWANCE_BYTES = 64 * 1024
# Where several documents are taken in at once.
BATCH_PATHS = frozenset({"/v1/batches", "/upload"})
_WATCHED = frozenset({"/healthz", "/metrics"})
# A body must be whole after so many seconds, and no part of it may let the service wait for so long.
BODY_SECONDS = 600.0
PAUSE_SECONDS = 30.0


def too_large(limit: int) -> problems.Refused:
    """The refusal (413) of what is larger than ``limit`` bytes."""
    return problems.Refused(413, "too_large", problem("too_large", f"{limit // 2**20} MB").message)


class RequestLimit:
    """ASGI middleware: of more requests at a time than ``limit``, the further ones are answered with 503 at once.

    Whoever watches the service is always answered.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit, self.running = app, limit, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _WATCHED:
            await self.app(scope, receive, send)
            return
        if self.running >= self.limit:
            await problems.refusal(problems.busy(), scope)(scope, receive, send)
            return
        self.running += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.running -= 1


class BodyLimit:
    """ASGI middleware: a body larger than a document may be is answered with 413.

    A declared length is refused before anything is read, an undeclared one as soon as the count passes the limit; a
    client that sends too slowly is refused with 408.
    Nothing is buffered here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _declared(scope) > (limit := _limit(scope)) + ALLOWANCE_BYTES:
            await problems.refusal(too_large(limit), scope)(scope, receive, send)
        else:
            await self.app(scope, _counted(receive, limit), send)


def _limit(scope: Scope) -> int:
    """What a request may carry: a document, or where several are taken, a batch."""
    return settings.MAX_BATCH_BYTES if scope["path"] in BATCH_PATHS else settings.MAX_DOCUMENT_BYTES


def _declared(scope: Scope) -> int:
    """The declared length of the body; 0 where none is declared or it is no number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _counted(receive: Receive, limit: int) -> Receive:
    """``receive``, raising :class:`~api.problems.Refused` where more than ``limit`` comes in, or comes too slowly."""
    left = limit + ALLOWANCE_BYTES
    until = time.monotonic() + BODY_SECONDS
    whole = False

    async def counted() -> Message:
        nonlocal left, whole
        if whole:  # what comes now is the client going away, whenever that is
            return await receive()
        try:
            async with asyncio.timeout(min(PAUSE_SECONDS, until - time.monotonic())):
                message = await receive()
        except TimeoutError as late:
            raise problems.Refused(408, "too_slow", "请求内容传得太慢。", headers={"Connection": "close"}) from late
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large(limit)
        whole = not message.get("more_body", False)
        return message

    return counted
