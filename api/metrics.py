"""What the service counts, in the form that Prometheus reads, and the log line of each request."""

from __future__ import annotations

import json
import logging
import time
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("api.requests")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 150)
_ID_CHARS = 64
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kpi_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "kpi_request_seconds", "Time to the end of the answer.", ("route",), buckets=_BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self.in_progress = Gauge("kpi_requests_in_progress", "Requests being answered.", registry=self.registry)
        self.waiting = Gauge("kpi_documents_waiting", "Documents that wait for a process.", registry=self.registry)


class Observed:
    """ASGI middleware: gives each request an id, counts it, and logs one JSON line when it is over.

    The id is the client's ``X-Request-ID`` where it is a plain one; it goes back in the answer. Neither what was sent
    nor the query is logged.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        status, began = 500, time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        self.metrics.in_progress.inc()
        try:
            await self.app(scope, receive, observed)
        finally:
            self.metrics.in_progress.dec()
            self._over(scope, request_id, status, time.perf_counter() - began)

    def _over(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")  # never the path itself: it would name every batch
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.requests.labels(method, route, status).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        said = {
            "request_id": request_id, "method": scope["method"], "route": route, "status": status,
            "ms": round(seconds * 1000, 1), "client": (scope.get("client") or ("",))[0],
        }  # fmt: skip
        _log.info(json.dumps(said, ensure_ascii=True))


def _id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    plain = 0 < len(sent) <= _ID_CHARS and all(char.isascii() and (char.isalnum() or char in "-_.") for char in sent)
    return sent if plain else uuid4().hex
