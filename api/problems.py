"""Every error as ``application/problem+json`` (RFC 9457), with a stable ``code`` and Chinese texts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, Literal
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
# Of a request with more faults than this, only the first ones are listed.
MAX_VIOLATIONS = 20

_log = logging.getLogger(__name__)

_TITLES = {
    400: "请求格式有误",
    401: "需要密钥",
    403: "不允许",
    404: "没有找到",
    405: "不支持这种请求方法",
    408: "请求超时",
    409: "与已有内容冲突",
    413: "内容过大",
    415: "不支持的类型",
    421: "主机名不符",
    422: "内容无法处理",
    429: "请求过多",
    500: "服务内部错误",
    503: "服务繁忙",
}
# What may be asked again later; the answer says when.
_LATER: frozenset[int | str] = frozenset({429, 503})
# What the framework itself refuses: status → code and sentence.
_FRAMEWORK = {
    404: ("unknown_path", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
}


class Violation(BaseModel):
    """One part of a request that is not as it must be; ``pointer`` is a JSON Pointer (RFC 6901) into ``location``."""

    location: Literal["body", "query", "path", "header", "cookie"] = Field(description="在请求的哪一部分")
    pointer: str = Field(description="具体位置（JSON Pointer），如 /values/3/text")
    detail: str = Field(description="哪里不符合要求")


class ProblemDetails(BaseModel):
    """The body of every error response."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "内容无法处理",
                    "status": 422,
                    "detail": "文件是空的，没有可读的内容。",
                    "code": "empty_document",
                }
            ]
        }
    )

    type: str = Field("about:blank", description="固定为 about:blank：含义由 status 和 code 说明")
    title: str = Field(description="状态码的中文名称")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="一句中文说明")
    code: str = Field(description="不会改变的英文代码，供程序判断")
    instance: str | None = Field(None, description="这一次错误的编号，与服务日志中的一致（仅 500）")
    errors: tuple[Violation, ...] | None = Field(
        None, description=f"逐项列出不符合要求的地方，最多 {MAX_VIOLATIONS} 项（仅 code 为 invalid_request 时）"
    )


class Refused(HTTPException):
    """A request that is answered with a problem: ``status``, stable ``code``, one Chinese sentence."""

    def __init__(self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.code = code


def busy() -> Refused:
    """The refusal of what cannot be done soon."""
    return Refused(503, "busy", "正在处理的请求太多，请稍后再试。", headers={"Retry-After": "2"})


# What shows a problem to a reader; it gives null where a program asked. The application may have one in its state.
Shown = Callable[[Scope, ProblemDetails, Mapping[str, str] | None], Response | None]


def response(details: ProblemDetails, scope: Scope, headers: Mapping[str, str] | None = None) -> Response:
    """``details`` as a response, a page where a browser asked; absent members are left out."""
    shown: Shown | None = getattr(scope["app"].state, "problem_page", None) if "app" in scope else None
    if shown is not None and (page := shown(scope, details, headers)) is not None:
        return page
    return Response(details.model_dump_json(exclude_none=True), details.status, headers, MEDIA_TYPE)


def refusal(refused: Refused, scope: Scope) -> Response:
    """The response for a request that is refused."""
    return response(_details(refused.status_code, refused.code, refused.detail), scope, refused.headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of an operation, as its OpenAPI description lists them; ``default`` stands for all others."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
    named: dict[int | str, dict[str, Any]] = {
        status: {"description": _TITLES[status], "content": content} for status in statuses
    }
    for status in _LATER & named.keys():
        named[status]["headers"] = {"Retry-After": {"description": "多少秒以后再来", "schema": {"type": "integer"}}}
    return named | {"default": {"description": "其他错误", "content": content}}


def _details(status: int, code: str, detail: str) -> ProblemDetails:
    return ProblemDetails(title=_TITLES.get(status, "请求未能完成"), status=status, detail=detail, code=code)


async def _refused(request: Request, refused: Refused) -> Response:
    return refusal(refused, request.scope)


async def _framework(request: Request, error: HTTPException) -> Response:
    code, detail = _FRAMEWORK.get(error.status_code, (f"http_{error.status_code}", "请求未能完成。"))
    # The framework names the methods of the first route alone that has the path.
    headers = {"Allow": ", ".join(_methods(request))} if error.status_code == 405 else error.headers
    return response(_details(error.status_code, code, detail), request.scope, headers)


def _methods(request: Request) -> list[str]:
    """The methods that the path of a request has."""
    asked = ({**request.scope, "method": method} for method in ("DELETE", "GET", "HEAD", "POST"))
    routes = request.app.routes
    return [scope["method"] for scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)]


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    details = _details(422, "invalid_request", "请求中有不符合要求的内容，见 errors。")
    return response(details.model_copy(update={"errors": _violations(error.errors()[:MAX_VIOLATIONS])}), request.scope)


async def _disconnected(request: Request, error: ClientDisconnect) -> Response:
    """Nobody reads this answer; it only keeps an aborted upload from being logged as a fault of the service."""
    return response(_details(400, "incomplete_body", "请求内容没有传完。"), request.scope)


async def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of the service. The server logs the traceback; this line ties it to what the client was told."""
    instance = uuid4().urn
    _log.error("%s: %s on %s %r", instance, type(error).__name__, request.method, request.scope["path"])
    details = _details(500, "internal_error", "服务内部出错，请把 instance 中的编号告诉管理员。")
    return response(details.model_copy(update={"instance": instance}), request.scope)


# ------------------------------------------------------------------------------------------ violations

# pydantic's error types, in Chinese; ``{…}`` is filled from the error's context.
_SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "string_type": "应为文本",
    "string_too_long": "不得超过 {max_length} 个字符",
    "list_type": "应为数组",
    "too_long": "不得超过 {max_length} 项",
    "model_type": "应为对象",
    "is_instance_of": "应为上传的文件",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "应为整数",
    "int_from_float": "应为整数",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
}


def _violations(errors: Iterable[Mapping[str, Any]]) -> tuple[Violation, ...]:
    return tuple(
        Violation(
            location=error["loc"][0],
            pointer="".join(f"/{_escaped(step)}" for step in error["loc"][1:]),
            detail=_SENTENCES.get(error["type"], "不符合要求").format(**error.get("ctx", {})),
        )
        for error in errors
    )


def _escaped(step: str | int) -> str:
    """A step of a JSON Pointer. A name that the client made up may be long, or hold what UTF-8 cannot carry."""
    return str(step)[:100].replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    Refused: _refused,
    HTTPException: _framework,
    RequestValidationError: _invalid,
    ClientDisconnect: _disconnected,
    Exception: _unexpected,
}
