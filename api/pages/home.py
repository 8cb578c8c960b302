"""The first page: documents to hand in, as files or pasted, and the batches that were."""

from __future__ import annotations

import io
import secrets
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import service
from api.bodies import MAX_JSON_BYTES
from api.intake import Sent as Handed
from api.intake import take_in
from api.pages import session
from api.pages.render import page
from api.pages.session import Reader, Sent
from api.problems import Refused
from api.store import batches, lists
from kpi import settings

router = APIRouter(include_in_schema=False)

PAGE = 30
MAX_TITLE = 200
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_PASTED = "粘贴的内容.txt"
Number = Annotated[int, Query(alias="page", ge=1, le=10_000)]
Upload = Annotated[Sent, session.posted(settings.MAX_BATCH_FILES, MAX_JSON_BYTES)]


@router.get("/")
def home(request: Request, _reader: Reader, number: Number = 1) -> Response:
    """The page."""
    return _shown(request, number)


def _shown(request: Request, number: int = 1, wrong: str = "") -> Response:
    store = service.of(request).store
    total = lists.total_batches(store)
    pages = max(1, -(-total // PAGE))
    number = min(number, pages)
    listed = batches.listed(store, PAGE, (number - 1) * PAGE)
    return page(
        request, "home.html", status=422 if wrong else 200, batches=listed,
        summaries=lists.summaries(store, [one.id for one in listed]), number=number, pages=pages, total=total,
        wrong=wrong, retry=secrets.token_hex(12), most_files=settings.MAX_BATCH_FILES,
        most_bytes=settings.MAX_BATCH_BYTES, most_each=settings.MAX_DOCUMENT_BYTES,
    )  # fmt: skip


@router.post("/upload")
async def upload(request: Request, sent: Upload) -> Response:
    """Take documents in and show their batch. A form that is sent twice gives one batch."""
    files = [Handed(file.filename, file.file) for file in sent.files("files")]
    text, title, year = sent.text("text"), sent.text("title")[:MAX_TITLE], sent.text("fiscal_year")
    if text:
        files.append(Handed(_PASTED, io.BytesIO(text.encode("utf-8", "replace"))))
    if not files:
        return await run_in_threadpool(_shown, request, wrong="请选择文件，或粘贴绩效目标表。")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4 and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
        wrong = f"预算年度应为 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间的年份。"
        return await run_in_threadpool(_shown, request, wrong=wrong)
    if len(files) > 1 and not title:
        title = f"{files[0].label} 等 {len(files)} 个文件"
    await run_in_threadpool(service.of(request).refuse_if_queued)
    made = await run_in_threadpool(_taken, request, files, sent, title or None, int(year) if year else None)
    return RedirectResponse(f"/batches/{made}", 303)


def _taken(request: Request, files: list[Handed], sent: Sent, title: str | None, year: int | None) -> str:
    running = service.of(request)
    try:
        return take_in(running, files, sent.by, title, year, f"page-{sent.text('retry')[:64]}")
    except Refused as refused:
        if refused.code != "retry_differs":  # the page was gone back to, for another upload
            raise
        return take_in(running, files, sent.by, title, year)
