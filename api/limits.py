"""How much a client may send: a limit on the request body, counted while it streams in."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from kpi import settings
from kpi.documents import problem

# What a request carries beside the document: multipart boundaries, part headers, small fields.
ALLOWANCE_BYTES = 64 * 1024


def too_large(limit: int) -> problems.Refused:
    """The refusal (413) of what is larger than ``limit`` bytes."""
    return problems.Refused(413, "too_large", problem("too_large", f"{limit // 2**20} MB").message)


class BodyLimit:
    """ASGI middleware: a body larger than a document may be is answered with 413.

    A declared length is refused before anything is read, an undeclared one as soon as the count passes the limit.
    Nothing is buffered here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _declared(scope) > settings.MAX_DOCUMENT_BYTES + ALLOWANCE_BYTES:
            await problems.refusal(too_large(settings.MAX_DOCUMENT_BYTES))(scope, receive, send)
        else:
            await self.app(scope, _counted(receive), send)


def _declared(scope: Scope) -> int:
    """The declared length of the body; 0 where none is declared or it is no number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _counted(receive: Receive) -> Receive:
    """``receive``, raising :class:`~api.problems.Refused` once more than a document has come in."""
    left = settings.MAX_DOCUMENT_BYTES + ALLOWANCE_BYTES

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large(settings.MAX_DOCUMENT_BYTES)
        return message

    return counted
