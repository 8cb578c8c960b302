"""``POST /v1/values``: many indicator values at once → typed values in the same order."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, BeforeValidator, Field, StrictBool
from starlette.responses import Response

import kpi
from api import access, bodies, problems, service
from api.bodies import Body, FiscalYear
from kpi import explain, settings
from kpi.schema import SCHEMA_VERSION, Value

router = APIRouter(tags=["指标值"])

MAX_VALUES = 10_000
MAX_TEXT_CHARS = 10_000
MAX_UNIT_CHARS = 100
MAX_NAME_CHARS = 1_000
# A larger body does not hold the smaller ones up.
_LARGE_BYTES = 64 * 1024

Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]


class CellToParse(Body):
    """One value with what stands around it in the table."""

    text: Text = Field(description="指标值原文")
    unit: str | None = Field(None, max_length=MAX_UNIT_CHARS, description="单列的计量单位")
    name: str | None = Field(None, max_length=MAX_NAME_CHARS, description="指标名称，括号中的计量单位也会用到")


def _cell(sent: object) -> object:
    """A bare string is a cell with nothing around it."""
    return {"text": sent} if isinstance(sent, str) else sent


class ValuesToParse(Body):
    """The request: values, and the fiscal year that dates without one belong to."""

    values: list[Annotated[CellToParse, BeforeValidator(_cell, json_schema_input_type=Text | CellToParse)]] = Field(
        max_length=MAX_VALUES, description="指标值：文本，或带有单位、指标名称的对象"
    )
    year: FiscalYear | None = Field(None, description="预算年度，用于没有写年份的日期")
    explain: StrictBool = Field(False, description="为 true 时，回答中另有 explained：每个值的中文说明")


class Explained(BaseModel):
    """A value in words."""

    said: str = Field(description="读作什么，如“不低于 90%”")
    kind: str = Field(description="哪一类，如“数量”")
    base: str = Field(description="换算成基本单位，如“4000 元”；不必换算的为空")
    notes: tuple[str, ...] = Field(description="识别时注意到的，如“单位有错字”")

    @classmethod
    def of(cls, value: Value) -> Explained:
        """``value``, in words."""
        notes = tuple(explain.NOTES[note] for note in value.notes)
        base = explain.in_base_units(value)
        return cls(said=explain.explain(value), kind=explain.KINDS[value.kind], base=base, notes=notes)


class ParsedValues(BaseModel):
    """The answer: one typed value for each one sent, in the same order."""

    schema_version: str = SCHEMA_VERSION
    values: tuple[Value, ...]
    explained: tuple[Explained, ...] | None = Field(None, description="每个值的中文说明，仅当请求中 explain 为 true")


_EXAMPLE = {"values": ["≥90%", "12月底前", {"text": "95", "unit": "%", "name": "设备使用率"}], "year": 2025}
_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{ValuesToParse.__name__}"},
                "examples": {"三个指标值": {"value": _EXAMPLE}},
            }
        },
    }
}


@router.post(
    "/v1/values",
    summary="识别一批指标值",
    description=f"""把指标值逐个识别成带类型的值，顺序与提交的一致。任何文本都有结果，不会因内容报错。

一次最多 {MAX_VALUES:,} 个，请求内容不超过 {bodies.MAX_JSON_BYTES // 2**20} MB；每个原文不超过 {MAX_TEXT_CHARS:,} 个字符
（超过 {settings.MAX_VALUE_CHARS:,} 个字符的只识别前面部分，并注明 `truncated`），
单位不超过 {MAX_UNIT_CHARS} 个字符，指标名称不超过 {MAX_NAME_CHARS:,} 个字符。""",
    response_model=ParsedValues,
    response_description="识别结果",
    responses=problems.documented(400, 401, 403, 408, 413, 415, 421, 422, 500, 503),
    openapi_extra=_REQUEST,
)
async def parse_values(request: Request, _caller: Annotated[str, Depends(access.program)]) -> Response:
    """Parse the values in the body, in a thread."""
    bodies.media_type(request, "application/json")
    body = await request.body()
    lane = service.of(request).lanes[len(body) > _LARGE_BYTES]
    answer = await to_thread.run_sync(_parse, body, limiter=lane)
    return Response(answer, media_type="application/json")


def _parse(body: bytes) -> str:
    sent = bodies.from_json(ValuesToParse, body)
    parsed = tuple(kpi.parse_value(cell.text, year=sent.year, unit=cell.unit, name=cell.name) for cell in sent.values)
    if not sent.explain:
        return ParsedValues(values=parsed).model_dump_json(exclude={"explained"})
    return ParsedValues(values=parsed, explained=tuple(map(Explained.of, parsed))).model_dump_json()
