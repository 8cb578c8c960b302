"""What the commands share that work on the store of the service."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[Path | None, typer.Option(help="数据文件夹；默认 ~/.kpi，或 KPI_DATA", show_default=False)]


def of(data: Path | None) -> Any:
    """The module of the service that works on its store, named by a string so that ``kpi`` never imports ``api``."""
    if data is not None:
        os.environ["KPI_DATA"] = str(data)
    return import_module("api.command")
