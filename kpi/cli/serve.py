"""``kpi serve``: the HTTP service, named by an import string so that ``kpi`` never imports ``api``."""

from __future__ import annotations

from typing import Annotated

import typer

APP = "api.app:app"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    host: Annotated[str, typer.Option(help="监听地址；目前只允许本机")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8000,
) -> None:
    """启动本机服务（HTTP 接口）。"""
    if host not in _LOOPBACK:
        raise typer.BadParameter("服务尚无访问控制，只能在本机（127.0.0.1）监听。", param_hint="--host")
    import uvicorn

    uvicorn.run(APP, host=host, port=port, log_level="info")
