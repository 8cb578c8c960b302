"""Who may come in: keys for programs, sessions for browsers, and the checks that every request passes first.

On the loopback nobody needs a key as long as nobody has one (``Settings.open``); a browser then says only a name.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.problems import Refused
from api.settings import Settings
from api.store import reviewers
from api.store.store import Store

COOKIE = "kpi_session"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
# What a browser may load and do on our pages: nothing from elsewhere, no script but our own files.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # Not no-referrer: under that, browsers send the forms of our own pages with `Origin: null`.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Caller(NamedTuple):
    """Who asks; ``csrf`` is null for a program, which sends its key with each request."""

    name: str
    csrf: str | None


def caller(request: Request) -> Caller | None:
    """Who asks, by key or by session; null where nobody is known and somebody must be.

    The key decides where there is one: a wrong key is refused even beside a valid session.
    """
    store: Store = request.app.state.service.store
    if key := _key(request.headers):
        name = reviewers.of_key(store, key)
        return None if name is None else Caller(name, None)
    if found := session(request):
        return found
    return Caller("本机", None) if is_open(request) else None


def session(request: Request) -> Caller | None:
    """Who is signed in; a name that was given while nobody had a key is worth nothing as soon as somebody has one."""
    store: Store = request.app.state.service.store
    token = request.cookies.get(COOKIE)
    found = reviewers.of_token(store, token) if token else None
    if found is None or not (is_open(request) or found.reviewer in reviewers.names(store)):
        return None
    return Caller(found.reviewer, found.csrf)


def is_open(request: Request) -> bool:
    """Whether nobody needs a key."""
    settings: Settings = request.app.state.service.settings
    return settings.open and not reviewers.any_there(request.app.state.service.store)


def _key(headers: Headers) -> str | None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return headers.get("x-api-key") or (key.strip() if scheme.lower() == "bearer" else None)


def program(request: Request) -> str:
    """The name of whoever calls the API.

    Raises:
        Refused: 401 without a valid key; 403 for a browser's request that does not prove to come from our pages.

    """
    found = caller(request)
    if found is None:
        raise Refused(
            401, "unauthorized", "请在 Authorization: Bearer 或 X-API-Key 中提供有效的密钥。",
            headers={"WWW-Authenticate": 'Bearer realm="kpi"'},
        )  # fmt: skip
    if found.csrf is not None and request.method not in ("GET", "HEAD"):
        proves(request.headers.get("x-csrf-token"), found)
    return found.name


def proves(token: str | None, known: Caller) -> None:
    """Check the token that our own pages send with everything they change.

    Raises:
        Refused: 403 where it is missing or another one.

    """
    if known.csrf is None or not hmac.compare_digest((token or "").encode("utf-8", "replace"), known.csrf.encode()):
        raise Refused(403, "csrf", "页面已过期，请刷新后重试。")


class Guard:
    """ASGI middleware: refuses what a foreign page sends from the user's browser, and sets the security headers."""

    def __init__(self, app: ASGIApp, hosts: Callable[[], frozenset[str]]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        # The calls of /v1 take care of what they are sent themselves.
        if b"%00" in scope.get("query_string", b"") and not scope["path"].startswith("/v1/"):
            malformed = Refused(400, "malformed_query", "查询参数中有不允许的字符。")
            answer = problems.refusal(malformed, scope)
            await answer(scope, receive, guarded)
            return
        refused = _foreign(scope["method"], Headers(scope=scope), self.hosts())
        await (self.app if refused is None else problems.refusal(refused, scope))(scope, receive, guarded)


def _foreign(method: str, headers: Headers, hosts: frozenset[str]) -> Refused | None:
    """A host that is not ours (a name that was made to point here), or a change asked for by another site."""
    host = headers.get("host", "").lower()
    if "*" not in hosts and _name(host) not in hosts:
        return Refused(421, "unknown_host", "不认识的主机名；可用环境变量 KPI_HOSTS 添加。")
    if method in ("GET", "HEAD", "OPTIONS"):
        return None
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return Refused(403, "cross_site", "不接受其他网站发来的请求。")
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2].lower() != host:
        return Refused(403, "cross_site", "不接受其他网站发来的请求。")
    return None


def _name(host: str) -> str:
    """The host without its port: ``[::1]:8000`` → ``[::1]``."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]


def known_hosts(settings: Settings) -> frozenset[str]:
    """The names under which the service is reached."""
    return _LOOPBACK | frozenset(settings.hosts)
