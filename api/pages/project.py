"""The page of a project: the table as it is read, what is found in it, what reviewers decide and put right."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import service
from api.pages import project_history, project_view
from api.pages.opened import Number, Opened, address, cells, opened, unknown
from api.pages.render import page
from api.pages.session import Form, Reader, Sent
from api.problems import Refused
from api.routes.batches import BatchPath
from api.service import Service
from api.store import corrections, decisions, neighbours
from api.store.decisions import ACTIONS, Action
from kpi import reviewing
from kpi.correcting import HEAD, Cell, corrected, fields_of, is_readable, written
from kpi.schema import Finding

router = APIRouter(prefix="/batches/{id}/d/{document}/p/{project}", include_in_schema=False)

MAX_TEXT = 2_000
# What has no sense without words, and how the page asks for them.
_WORDS = {"dismiss": "请写明不采纳的理由。", "edit": "请写下修改后的建议。", "note": "请写下备注。"}
# How what a cell must hold is asked for; numbers otherwise.
_AMOUNT = "带单位的金额，如 260万元"
_KINDS = {
    "budget": _AMOUNT,
    "fiscal_funding": _AMOUNT,
    "other_funding": _AMOUNT,
    "fiscal_year": "四位数的年份，如 2025",
}
_Row = Annotated[int | None, Query(ge=0, lt=10**6)]
_Count = Annotated[int | None, Query(ge=0, lt=10**6)]


@router.get("")
def project_page(
    request: Request, _reader: Reader, batch: BatchPath, document: Number, project: Number, correct: _Row = None,
    since: _Count = None, done: _Count = None, head: bool = False,
) -> Response:  # fmt: skip
    """The page.

    ``correct`` is the row whose cells are put right, ``head`` whether it is the head, ``since`` the number of
    corrections from which on the changes are shown, ``done`` how many findings a decision was about.
    """
    running = service.of(request)
    shown = opened(running, batch, document, project)
    below = correct if correct is not None and correct < len(shown.project.indicators) else None
    score = shown.decided(running.config).scores[project]
    before, after = neighbours.of(running.store, batch, document, project)
    view = project_view.page_of(shown, score.blocks, score.share_reached, below)
    return page(
        request, "project.html", shown=shown, view=view, below=below, head=head, decided=done, most=MAX_TEXT,
        fields=_fields(shown, HEAD if head else below), change=_change(running, shown, since),
        history=project_history.history(shown), actions=project_history.ACTIONS,
        before=before and address(batch, *before), after=after and address(batch, *after),
    )  # fmt: skip


def _fields(shown: Opened, row: int | None) -> list[tuple[str, str, str]]:
    """The cells of a row, or of the head, that can be put right: field, name, text."""
    if row is None:
        return []
    return [
        (field, project_history.FIELDS[field], written(shown.extraction, Cell(shown.number, row, field, "")) or "")
        for field in fields_of(shown.project, row)
    ]


def _change(running: Service, shown: Opened, since: int | None) -> project_history.Change | None:
    """What the corrections from a certain one on did to the findings; null where there are none."""
    if since is None or since >= len(shown.corrections):
        return None
    earlier = corrected(shown.read, cells(shown.corrections[:since]))
    return project_history.changed(reviewing.review(earlier, config=running.config).findings, shown.review.findings)


@router.post("/decide")
async def decide(
    request: Request, sent: Form, batch: BatchPath, document: Number, project: Number
) -> Response:  # fmt: skip
    """Say something of a finding, or of all that a rule found in the project or in the batch."""
    return await run_in_threadpool(_decide, service.of(request), sent, batch, document, project)


def _decide(running: Service, sent: Sent, batch: str, document: int, project: int) -> Response:
    shown = opened(running, batch, document, project)
    finding = next((one for one in shown.findings() if one.id == sent.text("finding")), None)
    if finding is None:
        raise Refused(
            404, "unknown_finding", "这个问题已经不在了：可能有人更正了单元格，规则已重新运行。请回到项目页面查看。"
        )
    action, text = _said(sent)
    told = _told(running, shown, finding, sent.text("scope") if action == "dismiss" else "one")
    count = decisions.add(running.store, told, action, text, sent.by)
    many = f"?done={count}" if len(told) > 1 or (told and told[0][0] != finding.id) else ""
    return RedirectResponse(f"{shown.address}{many}#f-{finding.id}", 303)


def _said(sent: Sent) -> tuple[Action, str | None]:
    action = next((one for one in ACTIONS if one == sent.text("action")), None)
    if action is None:
        raise Refused(422, "invalid_request", "请选择采纳、不采纳、修改建议、备注或重新打开。")
    if action not in _WORDS:
        return action, None
    text = "\n".join(sent.text("text").splitlines())
    if not text:
        raise Refused(422, "invalid_request", _WORDS[action])
    if len(text) > MAX_TEXT:
        raise Refused(422, "invalid_request", f"最多 {MAX_TEXT} 字，现有 {len(text)} 字。")
    return action, text


def _told(running: Service, shown: Opened, finding: Finding, scope: str) -> list[tuple[str, str]]:
    """The findings that a decision is about: the one, with the open ones of its rule in the project or the batch.

    What others decided of the further ones stays.
    """
    found = {finding.id: finding.rule}
    if scope == "project":
        same = (one for one in shown.findings() if one.rule == finding.rule)
        found |= {one.id: one.rule for one in same if shown.stands(one).state == "open"}
    elif scope == "batch":
        found |= dict.fromkeys(neighbours.open_of_rule(running.store, shown.batch.id, finding.rule), finding.rule)
    return list(found.items())


@router.post("/correct")
async def correct_row(
    request: Request, sent: Form, batch: BatchPath, document: Number, project: Number
) -> Response:  # fmt: skip
    """Put cells of a row right; the rules run again."""
    return await run_in_threadpool(_correct, service.of(request), sent, batch, document, project)


def _correct(running: Service, sent: Sent, batch: str, document: int, project: int) -> Response:
    shown = opened(running, batch, document, project)
    row = _row(sent.text("row"), len(shown.project.indicators))
    wanted = [
        Cell(project, row, field, _line(sent, field))
        for field in fields_of(shown.project, row)
        if _differs(sent, field)
    ]
    if any(len(cell.text) > MAX_TEXT for cell in wanted):
        raise Refused(422, "invalid_request", f"一个单元格最多 {MAX_TEXT} 字。")
    for cell in wanted:
        if not is_readable(shown.extraction, cell):
            name = project_history.FIELDS[cell.field]
            raise Refused(
                422, "invalid_request", f"{name}写作“{cell.text}”认不出来，请写{_KINDS.get(cell.field, '数字')}。"
            )
    if not wanted:
        return RedirectResponse(f"{shown.address}#{'head' if row == HEAD else f'row-{row}'}", 303)
    since = len(shown.corrections)
    if corrections.add(running.store, batch, document, wanted, sent.by, running.config) is None:
        raise unknown()
    return RedirectResponse(f"{shown.address}?since={since}#changed", 303)


def _row(text: str, rows: int) -> int:
    """The row that is put right, or the head.

    Raises:
        Refused: 404 where there is no such row.

    """
    if text == "head":
        return HEAD
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) < rows):
        raise Refused(404, "unknown_indicator", "没有这个指标。")
    return int(text)


def _line(sent: Sent, field: str) -> str:
    return "\n".join(sent.text(field).splitlines())


def _differs(sent: Sent, field: str) -> bool:
    """Whether the form that was filled in holds something else than what it showed.

    Other cells stay as they are now, so that what somebody else put right meanwhile is not undone.
    """
    return field in sent.form and _line(sent, field) != "\n".join(sent.text(f"was-{field}").splitlines())
