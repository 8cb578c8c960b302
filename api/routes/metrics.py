"""``GET /metrics``: figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api import problems, service
from api.metrics import Metrics

router = APIRouter(tags=["运行"])


@router.get(
    "/metrics",
    summary="运行指标",
    description="Prometheus 文本格式：请求数、用时、正在处理和等待处理的数量。不含任何文档内容和名称。",
    response_description="指标",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems.documented(421, 500)},
)
async def show_metrics(request: Request) -> Response:
    """The figures now."""
    figures: Metrics = request.app.state.metrics
    figures.waiting.set(service.of(request).pool.waiting)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)
