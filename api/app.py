"""The application: ``uvicorn api.app:app``, or ``kpi serve``."""

from __future__ import annotations

from fastapi.routing import APIRoute

from api import problems, routes
from api.limits import BodyLimit
from api.openapi import Service
from api.routes.health import VERSION

_DESCRIPTION = """读取绩效目标文档，识别指标值，并指出不够细化量化的目标。

- 全部内容使用 UTF-8 编码的 JSON，数字一律写成十进制字符串（`"0.9"`）。
- 出错时返回 `application/problem+json`（RFC 9457），其中 `code` 是不会改变的英文代码，`detail` 是中文说明。

| `status` | `code` | 含义 |
|---|---|---|
| 400 | `malformed_body` `incomplete_body` | 请求内容不是 UTF-8 的 JSON、不是完整的 multipart，或没有传完 |
| 404 | `unknown_path` `unknown_rule` | 没有这个地址、没有这条规则 |
| 405 | `method_not_allowed` | 这个地址不支持这种请求方法 |
| 413 | `too_large` | 请求内容或文件超过上限 |
| 415 | `unsupported_media_type` `unsupported_format` | Content-Type 不受支持、文件格式不能读取 |
| 422 | `invalid_request` | 请求中有不符合要求的内容，`errors` 逐项列出 |
| 422 | 文档问题的代码，如 `empty_document` | 文档读不了 |
| 500 | `internal_error` | 服务内部出错，`instance` 是这次错误的编号 |
"""


def create_app() -> Service:
    """A new application. It serves no page that loads anything from outside: many networks it runs in are closed."""
    app = Service(
        title="绩效目标审核服务",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=problems.HANDLERS,
        generate_unique_id_function=_operation_id,
    )
    app.add_middleware(BodyLimit)
    for router in routes.ROUTERS:
        app.include_router(router)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


app = create_app()
