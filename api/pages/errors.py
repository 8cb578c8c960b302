"""Errors as pages, for browsers; programs get the problem itself."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api import access
from api.pages.render import page
from api.problems import ProblemDetails

_PROGRAMS = ("/v1/", "/healthz", "/metrics", "/openapi.json", "/static/")


def shown(scope: Scope, details: ProblemDetails, headers: Mapping[str, str] | None) -> Response | None:
    """The page that says what is wrong; null where a program asked."""
    request = Request(scope)
    if scope["path"].startswith(_PROGRAMS) or "text/html" not in request.headers.get("accept", ""):
        return None
    if not hasattr(request.state, "reader") and details.status in (404, 405):
        request.state.reader = access.session(request)
    return page(request, "error.html", status=details.status, headers=dict(headers or {}), problem=details)
