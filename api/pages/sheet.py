"""The review sheet of a project (审核意见表): the machine's part, a person's part, as a page and as files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import service
from api.pages.opened import Number, Opened, address, opened, unknown
from api.pages.render import REVIEWED, page
from api.pages.session import Form, Reader, Sent
from api.problems import Refused
from api.routes.batches import BatchPath
from api.service import Service
from api.store import batches, neighbours, sheets
from api.store.sheets import BlockFilled, Filled, Saved
from kpi.reviewing import scheme_of
from kpi.schema import BlockScore, Problem
from kpi.scorecard import marked, opinion_book, opinions
from kpi.scorecard.names import file_name
from kpi.scorecard.opinions import BlockRows, Judged, ProblemRow
from kpi.scorecard.scored import Scored
from kpi.scorecard.views import ProjectView, projects_of
from kpi.scoring import Scheme

router = APIRouter(prefix="/batches/{id}/d/{document}", include_in_schema=False)

_VERSIONS = 20
_MOST_DIGITS = 12
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sheet(NamedTuple):
    """A sheet: what the machine says after what was decided, and what people wrote, the newest first."""

    shown: Opened
    document: Scored
    view: ProjectView
    scheme: Scheme
    saved: list[Saved]

    @property
    def filled(self) -> Filled:
        """What holds of the human part."""
        return self.saved[0].filled if self.saved else Filled()

    @property
    def blocks(self) -> list[BlockRows]:
        """The four blocks, point by point."""
        return opinions.blocks_of(self.view, self.scheme)

    @property
    def problems(self) -> list[ProblemRow]:
        """The findings that hold, block by block."""
        return opinions.problems_of(self.view, self.scheme)

    @property
    def open_points(self) -> dict[str, Decimal]:
        """What a person may give in each block."""
        return {block.block: block.points - block.checkable for block in self.view.score.blocks}

    @property
    def states(self) -> dict[str, str]:
        """What was decided of each finding that holds, in words."""
        return {one.finding.id: REVIEWED[self.shown.stands(one.finding).state] for one in self.problems}

    @property
    def judged(self) -> Judged:
        """The human part, for the files."""
        blocks = self.filled.blocks
        newest = self.saved[0] if self.saved else None
        return Judged(
            points={name: one.points for name, one in blocks.items() if one.points is not None},
            opinions={name: one.opinion for name, one in blocks.items() if one.opinion},
            grade=self.filled.grade,
            opinion=self.filled.opinion,
            reviewer=newest.reviewer if newest else "",
            day=newest.at.replace(tzinfo=UTC).astimezone().date() if newest else None,
            states=self.states,
        )


def _sheet(running: Service, batch: str, document: int, project: int) -> Sheet:
    shown = opened(running, batch, document, project)
    scored = Scored(shown.label, shown.extraction, shown.decided(running.config), b"", shown.amended(project))
    scheme = scheme_of(running.config.of(shown.extraction.organisation))
    saved = sheets.listed(running.store, batch, document, project, _VERSIONS)
    return Sheet(shown, scored, projects_of(scored)[project], scheme, saved)


@router.get("/p/{project}/sheet")
def sheet_page(request: Request, _reader: Reader, batch: BatchPath, document: Number, project: Number) -> Response:
    """The page."""
    running = service.of(request)
    return _shown(request, running, _sheet(running, batch, document, project))


def _shown(
    request: Request, running: Service, sheet: Sheet, *, status: int = 200, wrong: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    shown = sheet.shown
    before, after = neighbours.of(running.store, shown.batch.id, shown.document, shown.number)
    return page(
        request, "sheet.html", status=status, sheet=sheet, shown=shown, score=sheet.view.score, wrong=wrong,
        typed=_typed(sheet.filled) if typed is None else typed, grades=list(sheet.scheme.grades),
        total=opinions.total(sheet.view.score), reached=_reached(sheet), most=sheets.MAX_TEXT,
        markable=shown.extraction.source.media_type in marked.MARKED,
        before=before and address(shown.batch.id, *before), after=after and address(shown.batch.id, *after),
    )  # fmt: skip


def _typed(filled: Filled) -> dict[str, str]:
    """The fields of the form."""
    fields = {"grade": filled.grade, "opinion": filled.opinion}
    for name, block in filled.blocks.items():
        fields |= {
            f"points-{name}": "" if block.points is None else f"{block.points:f}",
            f"opinion-{name}": block.opinion,
        }
    return fields


def _reached(sheet: Sheet) -> Decimal | None:
    """Machine's and person's points together; null as long as the person's are missing somewhere."""
    total = Decimal(0)
    for block in sheet.view.score.blocks:
        given = sheet.filled.blocks.get(block.block, BlockFilled()).points
        if given is None and block.points > block.checkable:
            return None
        total += block.reached + (given or 0)
    return total


@router.post("/p/{project}/sheet")
async def save_sheet(
    request: Request, sent: Form, batch: BatchPath, document: Number, project: Number
) -> Response:  # fmt: skip
    """Keep what a person wrote. Where somebody else saved meanwhile, both are shown first."""
    return await run_in_threadpool(_save, request, sent, batch, document, project)


def _save(request: Request, sent: Sent, batch: str, document: int, project: int) -> Response:
    running = service.of(request)
    sheet = _sheet(running, batch, document, project)
    typed = {name: sent.text(name) for name in sent.form if isinstance(name, str)}
    filled = _filled(sheet, sent)
    if isinstance(filled, str):
        return _shown(request, running, sheet, status=422, wrong=filled, typed=typed)
    if not sheet.saved or sheet.saved[0].filled != filled:
        seen = sent.text("seen")
        known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= _MOST_DIGITS else 0
        try:
            sheets.save(running.store, batch, document, project, filled, sent.by, known)
        except sheets.Gone as gone:
            raise unknown() from gone
        except sheets.Outdated:
            return _outdated(request, running, _sheet(running, batch, document, project), typed)
    return RedirectResponse(f"{sheet.shown.address}/sheet#saved", 303)


def _outdated(request: Request, running: Service, sheet: Sheet, typed: Mapping[str, str]) -> Response:
    """The page with what was typed beside what somebody else saved meanwhile."""
    who = sheet.saved[0].reviewer if sheet.saved else "有人"
    wrong = f"{who}在您填写时另存了一份（见“保存记录”）。您写的内容还在下面，没有丢失；请核对后再保存。"
    return _shown(request, running, sheet, status=409, wrong=wrong, typed=typed)


def _filled(sheet: Sheet, sent: Sent) -> Filled | str:
    """The human part as it was sent, or what is wrong with it."""
    blocks = {}
    for block in sheet.view.score.blocks:
        points = _points(sent.text(f"points-{block.block}"), block)
        if isinstance(points, str):
            return points
        opinion = _text(sent, f"opinion-{block.block}")
        if points is not None or opinion:
            blocks[block.block] = BlockFilled(points=points, opinion=opinion)
    grade = sent.text("grade")
    if grade and grade not in sheet.scheme.grades:
        return "请在所列的等级中选择。"
    texts = [_text(sent, "opinion"), *(one.opinion for one in blocks.values())]
    if any(len(text) > sheets.MAX_TEXT for text in texts):
        return f"一项意见最多 {sheets.MAX_TEXT} 字。"
    return Filled(blocks=blocks, grade=grade, opinion=texts[0])


def _text(sent: Sent, name: str) -> str:
    return "\n".join(sent.text(name).splitlines())[: sheets.MAX_TEXT + 1]


_CENT = Decimal("0.01")


def _points(text: str, block: BlockScore) -> Decimal | str | None:
    """The points of a block's open part; null where none were given, a sentence where they cannot be."""
    if not text:
        return None
    most = block.points - block.checkable
    wrong = f"{block.block}的人工评分应为 0 至 {most:f} 之间的数。"
    try:
        points = Decimal(text) if len(text) <= _MOST_DIGITS and text.isascii() else Decimal("NaN")
    except InvalidOperation:
        return wrong
    if not points.is_finite() or not 0 <= points <= most:
        return wrong
    return points.quantize(_CENT) if points == points.quantize(_CENT) else wrong


@router.get("/p/{project}/sheet.docx")
def sheet_docx(request: Request, _reader: Reader, batch: BatchPath, document: Number, project: Number) -> Response:
    """The sheet as a Word document."""
    sheet = _sheet(service.of(request), batch, document, project)
    content = opinions.form(sheet.document, sheet.view, sheet.scheme, sheet.judged)
    return _file(content, _named(sheet, ".docx"), _DOCX)


@router.get("/p/{project}/sheet.xlsx")
def sheet_xlsx(request: Request, _reader: Reader, batch: BatchPath, document: Number, project: Number) -> Response:
    """The sheet as an Excel workbook."""
    sheet = _sheet(service.of(request), batch, document, project)
    content = opinion_book.book(sheet.document, sheet.view, sheet.scheme, sheet.judged)
    return _file(content, _named(sheet, ".xlsx"), _XLSX)


def _named(sheet: Sheet, ending: str) -> str:
    return file_name("_".join(filter(None, (sheet.view.project.code, sheet.view.name))), f"_审核意见{ending}", set())


def _file(content: bytes, name: str, kind: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"content-disposition": disposition})


@router.get("/marked")
def marked_copy(request: Request, _reader: Reader, batch: BatchPath, document: Number) -> Response:
    """The uploaded Word or Excel file with a comment on every cell that has a finding which was not dismissed."""
    running = service.of(request)
    shown = opened(running, batch, document, 0)
    kind = shown.extraction.source.media_type
    content = batches.content(running.store, batch, document)
    if kind not in marked.MARKED:
        raise Refused(422, "not_markable", "只有 Word（docx）和 Excel（xlsx）文件可以加批注；请改用审核意见表。")
    if content is None:
        raise Refused(422, "not_markable", "上传的文件已按保存期限删除，不能再加批注。")
    scored = Scored(shown.label, shown.extraction, shown.decided(running.config), content, shown.amended())
    copy = marked.mark(scored)
    if isinstance(copy, Problem):
        raise Refused(422, "not_markable", copy.message)
    return _file(copy or content, marked.name_of(scored), kind)
