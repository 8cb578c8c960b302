"""``GET /healthz``: whether the service answers, and which versions it runs."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api import problems
from kpi.rules import RULESET_VERSION
from kpi.schema import SCHEMA_VERSION

VERSION = version("kpi")

router = APIRouter(tags=["运行"])


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"
    version: str = Field(VERSION, description="程序版本")
    schema_version: str = Field(SCHEMA_VERSION, description="结果格式的版本")
    ruleset_version: str = Field(RULESET_VERSION, description="规则集的版本")


@router.get(
    "/healthz",
    summary="运行状态",
    description="服务能够应答时返回 `ok` 和各项版本。",
    response_description="服务正常",
    responses=problems.documented(500),
)
async def health() -> Health:
    """Answer."""
    return Health()
