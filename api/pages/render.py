"""The pages' templates, and the static files, whose address holds the digest of their content."""

from __future__ import annotations

import hashlib
import mimetypes
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.problems import Refused
from kpi import explain
from kpi.explain import percent
from kpi.schema import Money, plain

router = APIRouter(include_in_schema=False)

_YEAR = 365 * 24 * 3600
STATES = {"queued": "等待中", "running": "正在读取", "done": "已完成", "cancelled": "已取消"}
REVIEWED = {"open": "未处理", "accepted": "已采纳", "dismissed": "不采纳"}


@cache
def _files() -> dict[str, bytes]:
    folder = resources.files("api") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@cache
def _digest() -> str:
    """Of all the files together: a module imports others by their names alone."""
    digest = hashlib.sha256()
    for name, content in sorted(_files().items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def static(name: str) -> str:
    """The address of a file of ``api/static``."""
    if name not in _files():
        raise KeyError(name)
    return f"/static/{_digest()}/{name}"


@router.get("/static/{digest}/{name}")
def static_file(digest: str, name: str) -> Response:
    """A static file; what lies under this address never changes."""
    content = _files().get(name)
    if content is None or digest != _digest():
        raise Refused(404, "unknown_path", "没有这个地址。")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers={"cache-control": f"public, max-age={_YEAR}, immutable"})


@cache
def environment() -> Environment:
    """The templates. What they print is escaped; null prints nothing; what is not given is a fault."""
    found = Environment(
        loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, finalize=_printable,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters.update(percent=percent, number=number, money=_money, clock=clock, query=query, place=explain.place)
    found.globals.update(
        static=static, severities=explain.SEVERITIES, certainties=explain.CERTAINTIES, families=explain.FAMILIES,
        states=STATES, reviewed=REVIEWED,
    )  # fmt: skip
    return found


def _printable(value: object) -> object:
    return "" if value is None else value


def number(value: Decimal) -> str:
    """Points as they are printed: without zeros at the end."""
    return plain(value.normalize())


def _money(money: Money | None) -> str:
    return "" if money is None else f"{plain(money.magnitude)}{money.unit}"


def clock(at: datetime) -> Markup:
    """A time of the store (UTC), as the clock of the service's place shows it."""
    here = at.replace(tzinfo=UTC).astimezone()
    return Markup('<time datetime="{}">{}</time>').format(here.isoformat(timespec="seconds"), f"{here:%Y-%m-%d %H:%M}")


def query(parameters: dict[str, Any], **changed: Any) -> str:
    """``?…`` with some parameters changed; what is empty is left out, and the page number with any change."""
    kept = {**parameters, "page": None, **changed}
    return "?" + urlencode({name: value for name, value in kept.items() if value not in (None, "", False)})


def page(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **shown: Any
) -> HTMLResponse:
    """A page. Every template knows ``reader`` (null before the sign-in), ``csrf`` and ``path``."""
    reader = getattr(request.state, "reader", None)
    common = {"reader": reader, "csrf": reader.csrf if reader else "", "path": request.url.path}
    return HTMLResponse(environment().get_template(template).render(**common, **shown), status, headers)
