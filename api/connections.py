"""How long a client may keep a connection busy to no purpose: uvicorn waits without end, and connections are few."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# The first line and the headers of a request must be whole within so many seconds of the connection, or of the first
# byte of a later request on it. The limits of the body are those of `api.limits`; of one that was refused unread, what
# still comes is dropped for as long, so that the client gets to see why.
HEAD_SECONDS = 20.0


class Connection(H11Protocol):
    """A connection that is closed where the head of a request does not come, or a body that nobody wants goes on."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head; no longer once it is whole."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Do not wait long for the rest of a request that is answered."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._settle()

    def _look(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self._wait()
        elif self.conn.our_state is not h11.DONE:
            self._settle()

    def _wait(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _settle(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
