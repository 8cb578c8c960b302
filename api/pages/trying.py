"""A box that reads a value as it is written."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

import kpi
from api.pages.render import page
from api.pages.session import Reader
from api.routes.values import MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_UNIT_CHARS, Explained

router = APIRouter(include_in_schema=False)

EXAMPLES = ("≥90%", "2025年12月底前", "95%以上", "不超过5万元", "较上年提高3个百分点", "3-5个工作日", "是", "逐步提升")
# What an address may hold; longer values are typed by script alone.
_MAX_IN_ADDRESS = min(MAX_TEXT_CHARS, 2_000)


@router.get("/try")
def try_page(
    request: Request, _reader: Reader,
    text: Annotated[str, Query(max_length=_MAX_IN_ADDRESS)] = "",
    unit: Annotated[str, Query(max_length=MAX_UNIT_CHARS)] = "",
    name: Annotated[str, Query(max_length=MAX_NAME_CHARS)] = "",
    year: Annotated[str, Query(max_length=4, pattern="^(|(19|20)[0-9]{2})$")] = "",
) -> Response:  # fmt: skip
    """The page, with what was read of ``text``."""
    sent = {"text": text, "unit": unit, "name": name, "year": year}
    value = kpi.parse_value(text, year=int(year) if year else None, unit=unit or None, name=name or None)
    return page(
        request, "try.html", sent=sent, examples=EXAMPLES, most=_MAX_IN_ADDRESS,
        explained=Explained.of(value) if text else None, value=value.model_dump_json(indent=2),
    )  # fmt: skip
