"""``kpi serve``: the HTTP service, named by an import string so that ``kpi`` never imports ``api``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kpi.cli.service import Data, of

APP = "api.app:create_app"
_CONNECTION = "api.connections:Connection"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Every address of the machine: the browser is told the loopback.
_ANY = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
_OPEN_TRIES, _OPEN_PAUSE = 240, 0.5


def serve(
    host: Annotated[str, typer.Option(help="监听地址；本机以外须先有审核人（kpi reviewer add）")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口")] = 8000,
    data: Data = None,
    load: Annotated[
        list[Path] | None,
        typer.Option(exists=True, help="启动时载入的文件或文件夹，可写多次；已载入过的不重复", show_default=False),
    ] = None,
    title: Annotated[str, typer.Option(help="载入的批次的名称")] = "示例",
    browse: Annotated[bool, typer.Option("--open", help="启动后打开浏览器")] = False,
) -> None:
    """Start the service."""
    import uvicorn

    if data is not None:
        os.environ["KPI_DATA"] = str(data)
    if host in _LOOPBACK:
        os.environ.setdefault("KPI_OPEN", "1")
    elif not of(data).any_reviewer():
        raise typer.BadParameter("在本机以外监听须先建立审核人和密钥：kpi reviewer add 姓名。", param_hint="--host")
    else:
        os.environ.setdefault("KPI_HOSTS", "*" if host in _ANY else host)
        os.environ["KPI_OPEN"] = "0"
    if load:
        _load(load, title, data)
    shown = _ANY.get(host, f"[{host}]" if ":" in host else host)
    address = f"http://{shown}:{port}/"
    typer.echo(f"审核页面：{address}  （按 Ctrl+C 停止）")
    if browse:
        _open_when_ready(address)
    uvicorn.run(
        APP, factory=True, host=host, port=port, log_level="info", access_log=False, server_header=False,
        timeout_graceful_shutdown=_grace(), log_config=_logging(), http=_CONNECTION,
    )  # fmt: skip


def _load(paths: list[Path], title: str, data: Path | None) -> None:
    try:
        count = of(data).load(paths, title)
    except ValueError as error:
        raise typer.BadParameter(f"{error}。", param_hint="--load") from error
    typer.echo(f"批次“{title}”：{count} 个文档")


def _open_when_ready(address: str) -> None:
    """Open the browser as soon as the service answers; a machine without one loses nothing."""
    import threading
    import time
    import webbrowser
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    def wait() -> None:
        ask = build_opener(ProxyHandler({})).open  # the service is near, whatever proxy there is
        for _ in range(_OPEN_TRIES):
            try:
                ask(f"{address}healthz", timeout=1).close()
            except (URLError, OSError):
                time.sleep(_OPEN_PAUSE)
            else:
                webbrowser.open(address)
                return

    threading.Thread(target=wait, daemon=True).start()


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
