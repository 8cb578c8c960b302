"""``/v1/batches``: many documents at once, read in the background; their results as JSON Lines and as a scorecard."""

from __future__ import annotations

import shutil
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request
from fastapi import Path as InPath
from pydantic import BaseModel, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response, StreamingResponse

from api import access, bodies, problems, results, scorecard, service
from api.bodies import Body, FiscalYear
from api.intake import Sent, take_in
from api.problems import Refused
from api.scorecard import Format
from api.store import batches
from api.store.batches import Progress
from kpi import settings
from kpi.scorecard.names import file_name

router = APIRouter(prefix="/v1/batches", tags=["批次"])

_FORM = "multipart/form-data"
_JSON_LINES = "application/x-ndjson"

File = Annotated[UploadFile, WithJsonSchema({"type": "string", "contentMediaType": "application/octet-stream"})]


class Uploads(Body):
    """The multipart form: the files of a batch."""

    files: list[File] = Field(min_length=1, description="文档文件，可以有多个；zip 压缩包会展开")
    fiscal_year: FiscalYear | SkipJsonSchema[None] = Field(None, description="预算年度；不写则从各文档中读取")
    title: str | SkipJsonSchema[None] = Field(None, max_length=200, description="批次名称，只作标签")


class BatchId(BaseModel):
    """A batch that was taken in."""

    id: str = Field(description="批次编号")


class BatchProblem(BaseModel):
    """A document that could not be read."""

    document: int = Field(description="文档序号，从 0 起")
    name: str = Field(description="文件名")
    code: str = Field(description="问题代码")
    message: str = Field(description="中文说明")


class BatchState(BaseModel):
    """How far a batch is."""

    id: str = Field(description="批次编号")
    title: str = Field(description="批次名称")
    state: Literal["queued", "running", "done", "cancelled"] = Field(description="状态")
    done: int = Field(description="已处理的文档数，含读不了的")
    total: int = Field(description="文档总数")
    problems: tuple[BatchProblem, ...] = Field(description="读不了的文档")


BatchPath = Annotated[str, InPath(alias="id", pattern="^[0-9a-f]{1,32}$", description="批次编号")]
Name = Annotated[str, Depends(access.program)]
_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": {"$ref": f"#/components/schemas/{Uploads.__name__}"}}},
    }
}


@router.post(
    "",
    status_code=202,
    summary="提交一批文档",
    description="""在后台逐个读取和审核。zip 压缩包会展开；每个文档的限制与 `/v1/extract` 相同。

带 `Idempotency-Key` 的请求可以放心重发：同一调用者、同一键、同样内容只建一个批次；内容不同为 409。""",
    response_model=BatchId,
    response_description="已受理",
    responses=problems.documented(400, 401, 403, 408, 409, 413, 415, 421, 422, 429, 500, 503),
    openapi_extra=_REQUEST,
)
async def create_batch(
    request: Request,
    creator: Name,
    idempotency_key: Annotated[str | None, Header(max_length=255, description="重发时不变的键")] = None,
) -> BatchId:
    """Take the files in."""
    bodies.media_type(request, _FORM)
    running = service.of(request)
    await run_in_threadpool(running.refuse_if_queued)
    try:
        sent = await bodies.from_form(Uploads, request, max_files=settings.MAX_BATCH_FILES, repeated="files")
        files = [Sent(file.filename, file.file) for file in sent.files]
        made = await run_in_threadpool(take_in, running, files, creator, sent.title, sent.fiscal_year, idempotency_key)
    finally:
        await request.close()
    return BatchId(id=made)


@router.get(
    "/{id}",
    summary="批次进度",
    description="处理到哪里、哪些文档读不了。",
    response_description="进度",
    responses=problems.documented(401, 404, 421, 422, 500),
)
async def show_batch(request: Request, _name: Name, batch: BatchPath) -> BatchState:
    """How far it is."""
    progress = await run_in_threadpool(known, service.of(request), batch)
    failed = tuple(BatchProblem(document=n, name=name, code=c, message=m) for n, name, c, m in progress.problems)
    return BatchState(
        id=progress.id, title=progress.title, state=progress.state, done=progress.done, total=progress.total,
        problems=failed,
    )  # fmt: skip


def known(running: service.Service, batch: str) -> Progress:
    """The progress of a batch.

    Raises:
        Refused: 404 where there is none of that id.

    """
    progress = batches.progress(running.store, batch)
    if progress is None:
        raise Refused(404, "unknown_batch", "没有这个批次。")
    return progress


@router.delete(
    "/{id}",
    status_code=204,
    summary="取消或删除批次",
    description="正在处理的批次先取消，再连同上传的文件和读取结果一起删除；审核人的意见保留。",
    response_description="已删除",
    response_class=Response,
    responses=problems.documented(401, 403, 404, 421, 422, 500),
)
async def delete_batch(request: Request, _name: Name, batch: BatchPath) -> Response:
    """Cancel it, then delete it with its uploads."""
    running = service.of(request)
    await run_in_threadpool(known, running, batch)
    await run_in_threadpool(batches.cancel, running.store, batch)
    await run_in_threadpool(batches.remove, running.store, batch)
    return Response(status_code=204)


@router.get(
    "/{id}/results.jsonl",
    summary="批次结果（JSON Lines）",
    description="""每个文档一行：`document`、`name`、`state`，读了的有 `extraction`、`review`，读不了的有 `problem`。
未做完的批次只有已处理的文档。

审核人更正过的单元格已写入 `extraction`，`review` 是更正后重新检查的结果；`corrections` 逐项列出更正，
`decisions` 列出已处理的问题（`accepted` 采纳、`dismissed` 不采纳、`open` 只改了建议或加了备注）。""",
    response_description="结果，每行一个文档",
    response_class=Response,
    responses={
        200: {"content": {_JSON_LINES: {"schema": {"type": "string"}}}},
        **problems.documented(401, 404, 421, 422, 500),
    },
)
async def batch_results(request: Request, _name: Name, batch: BatchPath) -> Response:
    """The documents that are over, one by one."""
    running = service.of(request)
    await run_in_threadpool(known, running, batch)
    return StreamingResponse(results.lines(running.store, batch), media_type=_JSON_LINES)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: dict[Format, str] = {"xlsx": _XLSX, "html": "text/html; charset=utf-8", "csv.zip": "application/zip"}


def _scorecard_of(format: Format, what: str) -> dict[str, Any]:
    """How the description shows the operation that gives the scorecard in that format."""
    body = {"schema": {"type": "string", "contentMediaType": _KINDS[format]}}
    return {
        "summary": f"批次评分表（{what}）",
        "description": f"""{what}，与 `kpi score` 所写的相同。
审核人更正的单元格、修改的建议已写入，不采纳的问题不列出、不扣分；表中写明作了哪些处理。批次还在读取时为 409。""",
        "response_description": "评分表",
        "response_class": Response,
        "responses": {
            200: {"content": {_KINDS[format].partition(";")[0]: body}},
            **problems.documented(401, 404, 409, 421, 422, 500, 503),
        },
    }


@router.get("/{id}/scorecard.xlsx", **_scorecard_of("xlsx", "Excel 工作簿"))
async def batch_scorecard_workbook(request: Request, _name: Name, batch: BatchPath) -> Response:
    """The workbook."""
    return await _scorecard(request, batch, "xlsx")


@router.get("/{id}/scorecard.html", **_scorecard_of("html", "网页报告"))
async def batch_scorecard_report(request: Request, _name: Name, batch: BatchPath) -> Response:
    """The report. Always a download: among our own pages its script would be one of ours."""
    return await _scorecard(request, batch, "html")


@router.get("/{id}/scorecard.csv.zip", **_scorecard_of("csv.zip", "压缩的 csv，项目、指标、问题各一个文件"))
async def batch_scorecard_tables(request: Request, _name: Name, batch: BatchPath) -> Response:
    """The tables."""
    return await _scorecard(request, batch, "csv.zip")


async def _scorecard(request: Request, batch: str, format: Format) -> Response:
    running = service.of(request)
    progress = await run_in_threadpool(known, running, batch)
    if progress.state in ("queued", "running"):
        raise Refused(409, "not_done", "这一批还没有读完，读完后再生成评分表。")
    folder = await run_in_threadpool(scorecard.folder)
    path = folder / f"scorecard.{format}"
    try:
        await running.written(batch, format, path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    named = file_name(progress.title, f"_评分.{format}", set())
    away = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(path, media_type=_KINDS[format], filename=named, background=away)
