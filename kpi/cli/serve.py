"""``kpi serve``: the HTTP service, named by an import string so that ``kpi`` never imports ``api``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

APP = "api.app:create_app"
_CONNECTION = "api.connections:Connection"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    host: Annotated[str, typer.Option(help="监听地址；本机以外须先有审核人（kpi reviewer add）")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8000,
    data: Annotated[Path | None, typer.Option(help="数据文件夹；默认 ~/.kpi，或 KPI_DATA", show_default=False)] = None,
) -> None:
    """Start the service."""
    import uvicorn

    if data is not None:
        os.environ["KPI_DATA"] = str(data)
    if host in _LOOPBACK:
        os.environ.setdefault("KPI_OPEN", "1")
    elif not _has_reviewer():
        raise typer.BadParameter("在本机以外监听须先建立审核人和密钥：kpi reviewer add 姓名。", param_hint="--host")
    else:
        os.environ.setdefault("KPI_HOSTS", host if host not in ("0.0.0.0", "::") else "*")
        os.environ["KPI_OPEN"] = "0"
    typer.echo(f"审核页面：http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/  （按 Ctrl+C 停止）")
    uvicorn.run(
        APP, factory=True, host=host, port=port, log_level="info", access_log=False, server_header=False,
        timeout_graceful_shutdown=_grace(), log_config=_logging(), http=_CONNECTION,
    )  # fmt: skip


def _has_reviewer() -> bool:
    from importlib import import_module

    return bool(import_module("api.command").any_reviewer())


def _grace() -> int:
    """What is accepted is finished; a browser that keeps its connection open must not hold the end up for ever."""
    from importlib import import_module

    return int(import_module("api.settings").Settings().grace)


def _logging() -> dict[str, object]:
    """Uvicorn's own lines, and those of the service: one JSON object a request, with its id (``api.metrics``)."""
    from copy import deepcopy

    from uvicorn.config import LOGGING_CONFIG

    config: dict[str, dict[str, object]] = deepcopy(LOGGING_CONFIG)
    config["formatters"]["bare"] = {"format": "%(message)s"}
    config["handlers"]["bare"] = {"class": "logging.StreamHandler", "formatter": "bare"}
    config["loggers"]["api.requests"] = {"handlers": ["bare"], "level": "INFO", "propagate": False}
    config["loggers"]["api"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return dict(config)
