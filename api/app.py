"""The application: ``kpi serve``, or ``uvicorn --factory api.app:create_app``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api import access, pages, problems, routes, service
from api.limits import BodyLimit, RequestLimit
from api.metrics import Metrics, Observed
from api.openapi import Service
from api.pages import errors, session
from api.routes.health import VERSION
from api.settings import Settings
from kpi import processes

_DESCRIPTION = """读取绩效目标文档，识别指标值，并指出不够细化量化的目标。

- 全部内容使用 UTF-8 编码的 JSON，数字一律写成十进制字符串（`"0.9"`）。
- 密钥放在 `Authorization: Bearer` 或 `X-API-Key` 中；只在本机使用、还没有发过密钥的服务不要求密钥。
- 出错时返回 `application/problem+json`（RFC 9457），其中 `code` 是不会改变的英文代码，`detail` 是中文说明。

| `status` | `code` | 含义 |
|---|---|---|
| 400 | `malformed_body` `malformed_query` `incomplete_body` | 请求内容不是 UTF-8 的 JSON、不完整，或没有传完 |
| 401 | `unauthorized` | 没有密钥，或密钥无效 |
| 403 | `cross_site` `csrf` | 其他网站发来的请求，或页面已过期 |
| 404 | `unknown_path` `unknown_rule` `unknown_batch` | 没有这个地址、这条规则、这个批次 |
| 405 | `method_not_allowed` | 这个地址不支持这种请求方法 |
| 408 | `too_slow` | 请求内容传得太慢 |
| 409 | `retry_differs` `not_done` | 同一 `Idempotency-Key` 的内容不同；批次还没有做完 |
| 413 | `too_large` `too_many_files` | 请求内容、文件或文件个数超过上限 |
| 415 | `unsupported_media_type` `unsupported_format` | Content-Type 不受支持、文件格式不能读取 |
| 421 | `unknown_host` | 不认识的主机名 |
| 422 | `invalid_request` | 请求中有不符合要求的内容，`errors` 逐项列出 |
| 422 | 文档问题的代码，如 `empty_document` | 文档读不了 |
| 429 | `queue_full` | 等待读取的批次太多，过 `Retry-After` 秒再提交 |
| 500 | `internal_error` | 服务内部出错，`instance` 是这次错误的编号 |
| 503 | `busy` | 正在处理或等待处理的太多，过 `Retry-After` 秒再来 |
| 503 | `not_written` | 批次太大，评分表没有写成 |
"""


def create_app(settings: Settings | None = None) -> Service:
    """A new application. It serves no page that loads anything from outside: many networks it runs in are closed."""
    told = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: Service) -> AsyncIterator[None]:
        app.state.service = await run_in_threadpool(service.start, told)
        if settings is None:  # the only application of its process
            processes.settle()
        yield
        await run_in_threadpool(app.state.service.close)

    app = Service(
        title="绩效目标审核服务",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={**problems.HANDLERS, session.Elsewhere: session.sent_on},
        generate_unique_id_function=_operation_id,
        lifespan=lifespan,
    )
    hosts = access.known_hosts(told)
    app.state.metrics = Metrics()
    app.state.problem_page = errors.shown
    # The last one added sees a request first.
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestLimit, limit=told.requests)
    app.add_middleware(access.Guard, hosts=lambda: hosts)
    app.add_middleware(Observed, metrics=app.state.metrics)
    for router in (*routes.ROUTERS, *pages.ROUTERS):
        app.include_router(router)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
