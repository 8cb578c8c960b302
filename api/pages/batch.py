"""A batch: how far it is, its figures, organisations, projects, and what could not be read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api import service
from api.pages.render import page
from api.pages.session import Form, Reader
from api.routes.batches import BatchPath, known
from api.store import batches, lists, twins
from api.store.lists import Wanted
from kpi.rules import BY_CODE

router = APIRouter(prefix="/batches/{id}", include_in_schema=False)

_MAX_SEARCH = 200
Text = Annotated[str, Query(max_length=_MAX_SEARCH)]
# The states of review, as a filter offers them.
REVIEWED = {"open": "未审", "begun": "在审", "over": "已审完", "none": "无问题"}
SORTS = {
    "": "文档顺序", "name": "项目", "organisation": "单位", "year": "年度", "indicators": "指标数",
    "quantified": "量化率", "score": "得分(机审)", "findings": "问题", "reviewed": "审核进度",
}  # fmt: skip


@router.get("")
def batch_page(
    request: Request, _reader: Reader, batch: BatchPath, q: Text = "", organisation: Text = "", severity: Text = "",
    rule: Text = "", reviewed: Text = "", sort: Text = "", desc: Text = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:  # fmt: skip
    """The page; what is listed is told by the query, unknown choices ask for nothing."""
    running = service.of(request)
    progress, store = known(running, batch), running.store
    wanted = Wanted(
        q.strip(), organisation, severity, rule, reviewed, sort if sort in SORTS else "", desc == "1", number
    )
    return page(
        request, "batch.html", batch=progress, figures=lists.figures(store, batch),
        organisations=lists.organisations(store, batch), rules=lists.rules(store, batch), titles=_titles(),
        empty=lists.without_projects(store, batch), pairs=twins.years(store, batch), wanted=wanted,
        listed=lists.of_batch(store, batch, wanted), states_of_review=REVIEWED, sorts=SORTS, unnamed=lists.UNNAMED,
        parameters={
            "q": wanted.text, "organisation": organisation, "severity": severity, "rule": rule, "reviewed": reviewed,
            "sort": wanted.sort, "desc": "1" if wanted.descending else "",
        },
    )  # fmt: skip


def _titles() -> dict[str, str]:
    return {code: rule.title.removesuffix("。") for code, rule in BY_CODE.items()}


@router.get("/progress")
def progress(request: Request, _reader: Reader, batch: BatchPath) -> Response:
    """How far it is, for the script that asks again and again."""
    found = known(service.of(request), batch)
    return JSONResponse({"state": found.state, "done": found.done, "total": found.total})


@router.post("/cancel")
def cancel(request: Request, _sent: Form, batch: BatchPath) -> Response:
    """Stop reading; what was read stays."""
    running = service.of(request)
    known(running, batch)
    batches.cancel(running.store, batch)
    return RedirectResponse(f"/batches/{batch}", 303)


@router.post("/delete")
def delete(request: Request, _sent: Form, batch: BatchPath) -> Response:
    """Delete it with its uploads; what reviewers decided stays."""
    running = service.of(request)
    known(running, batch)
    batches.cancel(running.store, batch)
    batches.remove(running.store, batch)
    return RedirectResponse("/", 303)
