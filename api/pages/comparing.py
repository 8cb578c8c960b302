"""Two projects side by side: copied rows, or the same project in two years."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.pages.render import page
from api.pages.session import Reader
from api.problems import Refused
from api.store import batches, corrections, twins
from api.store.lists import Listed
from api.store.store import Store
from kpi import trend
from kpi.correcting import corrected
from kpi.explain import CHANGES
from kpi.schema import Change, Indicator, Project
from kpi.scorecard.changes import said

router = APIRouter(include_in_schema=False)

_MAX_DIGITS = 9
Place = Annotated[str, Query(pattern=rf"^(|[0-9a-f]{{1,32}}\.\d{{1,{_MAX_DIGITS}}}\.\d{{1,{_MAX_DIGITS}}})$")]
Text = Annotated[str, Query(max_length=200)]
# Which side alone has a row is said by its place on the page.
_WORDS = {**CHANGES, "dropped": "仅左", "new": "仅右"}


class Pair(NamedTuple):
    """An indicator of each side, what became of it from left to right, and that in words."""

    left: Indicator | None
    right: Indicator | None
    state: Change
    said: str


@router.get("/compare")
def compare_page(request: Request, _reader: Reader, left: Place = "", right: Place = "", q: Text = "") -> Response:
    """Both projects; where one is still to be chosen, what there is to choose."""
    store = service.of(request).store
    one, other = _project(store, left), _project(store, right)
    choice = twins.offered(store, one or other, q.strip()) if one is None or other is None else []
    shown = [] if one is None or other is None else paired(store, one, other)
    return page(
        request, "compare.html", left=one, right=other, q=q, choice=choice, pairs=shown,
        counts=[(state, word, sum(pair.state == state for pair in shown)) for state, word in _WORDS.items()],
        words=_WORDS,
        parameters={"left": left, "right": right, "q": q.strip()},
    )  # fmt: skip


def _project(store: Store, place: str) -> Listed | None:
    if not place:
        return None
    batch, document, number = place.split(".")
    found = twins.project(store, batch, int(document), int(number))
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Refused:
    return Refused(404, "unknown_project", "没有这个项目；它所在的批次可能已被删除。")


def _read(store: Store, one: Listed) -> Project:
    """The project, with what was put right."""
    kept = batches.document(store, one.batch, one.document)
    if kept is None or kept.extraction is None:
        raise _unknown()
    cells = [said.cell for said in corrections.listed(store, one.batch, one.document)]
    return corrected(kept.extraction, cells).projects[one.number]


def paired(store: Store, one: Listed, other: Listed) -> list[Pair]:
    """The rows of both, in the order of the left one, and what became of each; rows of the right one come last."""
    left, right = _read(store, one), _read(store, other)
    return [
        Pair(
            left.indicators[row.before.indicator] if row.before else None,
            right.indicators[row.after.indicator] if row.after else None,
            row.change,
            said(row),
        )
        for row in trend.compared(left, right, (one.fiscal_year, other.fiscal_year))
    ]
