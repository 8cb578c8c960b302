"""``POST /v1/extract``: one document → what was read from it, and the review of it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api import access, bodies, problems, service
from api.bodies import Body, FiscalYear
from api.labels import label
from kpi.schema import Extraction, Review

router = APIRouter(tags=["文档"])

_FORM, _TEXT, _JSON = "multipart/form-data", "text/plain", "application/json"


class TextToExtract(Body):
    """The JSON form: a document's text."""

    text: str = Field(description="文档全文")
    filename: str | None = Field(None, description="文件名，只作标签")
    fiscal_year: FiscalYear | None = Field(None, description="预算年度；不写则从文档中读取")


class Upload(Body):
    """The multipart form: a document's file."""

    file: Annotated[UploadFile, WithJsonSchema({"type": "string", "contentMediaType": "application/octet-stream"})] = (
        Field(description="文档文件；格式和文字编码由内容判断")
    )
    fiscal_year: FiscalYear | SkipJsonSchema[None] = Field(None, description="预算年度；不写则从文档中读取")


class ExtractionAndReview(BaseModel):
    """A document read, and its review."""

    extraction: Extraction
    review: Review


class _Document(NamedTuple):
    """What to read, however it was sent."""

    source: bytes | str
    filename: str | None
    fiscal_year: int | None


_SAMPLE = """XX街道办事处2025年部门预算绩效目标

项目名称：社区服务专项

一级指标\t二级指标\t三级指标\t指标值
产出指标\t数量指标\t培训场次\t≥12场
\t时效指标\t完成时间\t2025年11月30日前
效益指标\t社会效益指标\t服务能力\t进一步提高
满意度指标\t服务对象满意度指标\t居民满意度\t≥90%
"""
_SAMPLES = {"一张绩效目标表": {"value": {"text": _SAMPLE, "filename": "绩效目标.txt", "fiscal_year": 2025}}}
_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {"schema": {"$ref": f"#/components/schemas/{Upload.__name__}"}},
            _TEXT: {"schema": {"type": "string"}, "examples": {"一张绩效目标表": {"value": _SAMPLE}}},
            _JSON: {"schema": {"$ref": f"#/components/schemas/{TextToExtract.__name__}"}, "examples": _SAMPLES},
        },
    }
}


@router.post(
    "/v1/extract",
    summary="读取一个文档并审核",
    description=f"""可以读 Word、Excel、PDF、网页、CSV、Markdown 和文本文件；格式由内容判断，不看文件名。
压缩包须先解压。

文档可以用三种形式提交，结果相同：

- `{_FORM}`：文件放在 `file` 中，可另附 `fiscal_year`；
- `{_TEXT}`：请求内容就是文档，文字编码由内容判断（UTF-8、UTF-16、GB18030），`charset` 不起作用；
- `{_JSON}`：`{{"text", "filename", "fiscal_year"}}`，不超过 {bodies.MAX_JSON_BYTES // 2**20} MB。

`fiscal_year` 和 `filename` 也可以写在查询参数中，请求内容中另有的，以请求内容为准。文件名只作标签，不会用来读写文件。

读不了的文档不返回结果：格式不支持为 415，超过大小上限为 413，其余（有密码、已损坏等）为 422，`code` 说明原因。
读了但有缺失的（例如没有找到绩效目标表，或者其中一张工作表已损坏），照常返回，原因见 `extraction.problems`。""",
    response_model=ExtractionAndReview,
    response_description="读取结果和审核结果",
    responses=problems.documented(400, 401, 403, 408, 413, 415, 421, 422, 500, 503),
    openapi_extra=_REQUEST,
)
async def extract(
    request: Request,
    _caller: Annotated[str, Depends(access.program)],
    fiscal_year: Annotated[FiscalYear | None, Query(description="预算年度；不写则从文档中读取")] = None,
    filename: Annotated[str | None, Query(description="文件名，只作标签")] = None,
) -> Response:
    """Read and review the document in the body; the work itself is another process's."""
    running = service.of(request)
    running.refuse_if_full()
    sent = await _sent(request)
    read = await running.read(sent.source, label(sent.filename or filename), sent.fiscal_year or fiscal_year)
    return Response(f'{{"extraction":{read.extraction},"review":{read.review}}}', media_type=_JSON)


async def _sent(request: Request) -> _Document:
    match bodies.media_type(request, _FORM, _TEXT, _JSON):
        case "multipart/form-data":
            return await _uploaded(request)
        case "text/plain":
            return _Document(await request.body(), None, None)
        case _:
            sent = await run_in_threadpool(bodies.from_json, TextToExtract, await request.body())
            return _Document(sent.text, sent.filename, sent.fiscal_year)


async def _uploaded(request: Request) -> _Document:
    try:
        sent = await bodies.from_form(Upload, request)
        return _Document(await sent.file.read(), sent.file.filename, sent.fiscal_year)
    finally:
        await request.close()
