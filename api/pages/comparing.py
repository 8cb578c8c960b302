"""Two projects side by side: copied rows, or the same project in two years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import regex
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
from kpi.correcting import corrected
from kpi.schema import Indicator, Project

router = APIRouter(include_in_schema=False)

_MAX_DIGITS = 9
Place = Annotated[str, Query(pattern=rf"^(|[0-9a-f]{{1,32}}\.\d{{1,{_MAX_DIGITS}}}\.\d{{1,{_MAX_DIGITS}}})$")]
Text = Annotated[str, Query(max_length=200)]
State = Literal["same", "changed", "left", "right"]
_BLANKS = regex.compile(r"\s+")


class Pair(NamedTuple):
    """An indicator of each side; ``changed`` has the same name and another value."""

    left: Indicator | None
    right: Indicator | None
    state: State


@router.get("/compare")
def compare_page(request: Request, _reader: Reader, left: Place = "", right: Place = "", q: Text = "") -> Response:
    """Both projects; where one is still to be chosen, what there is to choose."""
    store = service.of(request).store
    one, other = _project(store, left), _project(store, right)
    choice = twins.offered(store, one or other, q.strip()) if one is None or other is None else []
    shown = [] if one is None or other is None else paired(_read(store, one), _read(store, other))
    return page(
        request, "compare.html", left=one, right=other, q=q, choice=choice, pairs=shown,
        counts={state: sum(pair.state == state for pair in shown) for state in ("same", "changed", "left", "right")},
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


def paired(left: Project, right: Project) -> list[Pair]:
    """The rows of both, in the order of the left one; rows of the right one alone come last.

    Rows are the same where tier, name and value are, blanks aside; of the others, those of one name go together.
    """
    partners: dict[int, int] = {}
    states: dict[int, State] = {}
    free = dict(enumerate(right.indicators))
    passes: tuple[tuple[State, Callable[[Indicator], tuple[str, ...]]], ...] = (("same", _whole), ("changed", _named))
    for state, key in passes:
        there: dict[tuple[str, ...], list[int]] = {}
        for number, row in free.items():
            there.setdefault(key(row), []).append(number)
        for number, row in enumerate(left.indicators):
            if number not in partners and (candidates := there.get(key(row))):
                partners[number], states[number] = candidates.pop(0), state
                del free[partners[number]]
    pairs = [
        Pair(row, right.indicators[partners[n]], states[n]) if n in partners else Pair(row, None, "left")
        for n, row in enumerate(left.indicators)
    ]
    return pairs + [Pair(None, row, "right") for row in free.values()]


def _whole(row: Indicator) -> tuple[str, ...]:
    return (row.tier2 or row.tier1 or "", *_named(row), _BLANKS.sub("", row.raw_value))


def _named(row: Indicator) -> tuple[str, ...]:
    return (_BLANKS.sub("", row.name or ""),)
