"""The source of what was read: lines of a text, a page of a PDF, rows of a table; the place marked."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.pages.opened import Number, Opened, opened
from api.pages.render import page
from api.pages.session import Reader
from api.problems import Refused
from api.routes.batches import BatchPath
from api.service import Service
from api.store import batches
from kpi.documents.encoding import decode
from kpi.documents.kinds import Kind
from kpi.schema import Finding, Indicator, Location

router = APIRouter(prefix="/batches/{id}/d/{document}", include_in_schema=False)

_TEXTS = frozenset({Kind.TEXT.value, Kind.MARKDOWN.value, Kind.CSV.value})
_LINES_AROUND, _ROWS_AROUND = 5, 3
_MOST_CHARS = 6_000  # of an excerpt on either side of the place
_In = Annotated[int, Query(ge=0, lt=10**9)]
_Row = Annotated[int | None, Query(ge=0, lt=10**9)]
_Id = Annotated[str, Query(max_length=32)]


class Place(NamedTuple):
    """What is looked for: where it was read, and its words; ``row`` is its indicator's number."""

    location: Location | None
    row: int | None
    near: str
    texts: tuple[str, ...]


class Excerpt(NamedTuple):
    """Lines of a text with the place in them; ``first`` is the number of the first line."""

    first: int
    before: str
    marked: str
    after: str


@router.get("/source")
def source_page(
    request: Request, _reader: Reader, batch: BatchPath, document: Number, project: _In = 0, row: _Row = None,
    finding: _Id = "",
) -> Response:  # fmt: skip
    """The page; of a finding, or of a row."""
    running = service.of(request)
    shown = opened(running, batch, document, project)
    place = _place(shown, row, finding)
    kind, location = shown.extraction.source.media_type, place.location
    content = batches.content(running.store, batch, document) if kind in _TEXTS or kind == Kind.PDF.value else None
    query = {"project": f"{project}", "row": "" if row is None else f"{row}", "finding": finding}
    return page(
        request, "source.html", shown=shown, place=place, about=_named(shown, place, finding),
        excerpt=excerpt(decode(content)[0], location) if content and location and kind in _TEXTS else None,
        pictured=bool(content and location and location.page and kind == Kind.PDF.value),
        gone=kind in (*_TEXTS, Kind.PDF.value) and content is None,
        rows=_around(shown, place), query=query,
    )  # fmt: skip


@router.get("/page.png")
async def page_picture(
    request: Request, _reader: Reader, batch: BatchPath, document: Number, project: _In = 0, row: _Row = None,
    finding: _Id = "",
) -> Response:  # fmt: skip
    """The page of a PDF that the place is on, marked."""
    running = service.of(request)
    place, content = await run_in_threadpool(_pdf, running, batch, document, project, row, finding)
    assert place.location is not None
    drawn = await running.drawn(content, place.location.page or 1, place.near, place.texts)
    if drawn is None:
        raise Refused(422, "page_not_drawn", "这一页画不出来，请打开原文件查看。")
    return Response(drawn.png, media_type="image/png", headers={"cache-control": "private, max-age=600"})


def _pdf(
    running: Service, batch: str, document: int, project: int, row: int | None, finding: str
) -> tuple[Place, bytes]:
    shown = opened(running, batch, document, project)
    place = _place(shown, row, finding)
    content = batches.content(running.store, batch, document)
    if shown.extraction.source.media_type != Kind.PDF.value or content is None:
        raise Refused(404, "unknown_path", "没有这一页；上传的文件可能已按期限删除。")
    if place.location is None or place.location.page is None:
        raise Refused(404, "unknown_path", "不知道是哪一页。")
    return place, content


def _place(shown: Opened, row: int | None, finding_id: str) -> Place:
    """Where a finding or a row was read.

    Raises:
        Refused: 404 where there is none.

    """
    finding = _finding(shown, finding_id)
    if finding is not None and finding.project == shown.number:
        row = finding.indicator
    if row is not None and row < len(shown.read.projects[shown.number].indicators):
        indicator = shown.read.projects[shown.number].indicators[row]
        location = (finding.location if finding else None) or indicator.location
        return Place(location, row, indicator.name or "", _texts(indicator))
    if finding is None:
        raise Refused(404, "unknown_finding", "没有这个问题或指标；可能有人更正了单元格，规则已重新运行。")
    evidence = tuple(fact.text for fact in finding.evidence if fact.text)
    whole = shown.project.location if finding.project is not None else None
    return Place(finding.location or whole, None, shown.project.name or "", evidence)


def _finding(shown: Opened, id: str) -> Finding | None:
    return next((one for one in shown.findings() if one.id == id), None) if id else None


def _texts(indicator: Indicator) -> tuple[str, ...]:
    """The words of a value as a page may print them: whole, or in cells of their own."""
    cells = indicator.cells
    return tuple(text for text in (indicator.raw_value, cells.value) if text)


def _named(shown: Opened, place: Place, finding_id: str) -> str:
    finding = _finding(shown, finding_id)
    if place.row is not None:
        return shown.project.indicators[place.row].name or f"第 {place.row + 1} 个指标"
    return f"{finding.rule}：{finding.message}" if finding else ""


def excerpt(text: str, location: Location) -> Excerpt | None:
    """The lines around a place of a text; null where the place is not in it."""
    start, end = location.start, location.end
    if start is None or end is None or not 0 <= start <= end <= len(text):
        return None
    begin, finish = text.rfind("\n", 0, start) + 1, _line_end(text, end)
    for _ in range(_LINES_AROUND):
        begin = text.rfind("\n", 0, begin - 1) + 1 if begin else 0
        finish = _line_end(text, finish + 1)
    begin, finish = max(begin, start - _MOST_CHARS), min(finish, end + _MOST_CHARS)
    marked = text[start : min(end, start + _MOST_CHARS)]
    return Excerpt(text.count("\n", 0, begin) + 1, text[begin:start], marked, text[end:finish])


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def _around(shown: Opened, place: Place) -> list[tuple[int, Indicator]]:
    """The rows beside a row, as they were read; the first rows of the project where the place is no row."""
    indicators = shown.read.projects[shown.number].indicators
    if place.row is None:
        return []
    begin = max(place.row - _ROWS_AROUND, 0)
    return list(enumerate(indicators))[begin : place.row + _ROWS_AROUND + 1]
