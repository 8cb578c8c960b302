"""Sign in and out. An open service asks for a name alone, a closed one for the key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Form as Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import access
from api.labels import label
from api.pages import session
from api.pages.render import page
from api.store import reviewers

router = APIRouter(include_in_schema=False)

MAX_NAME = 32
_UNNAMED = "请写姓名。"
_UNKNOWN = "密钥无效。请核对，或向管理员要一个新的。"


@router.get("/sign-in")
def sign_in_page(request: Request, next_: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form; whoever is signed in already is sent on."""
    if access.session(request) is not None:
        return RedirectResponse(session.local(next_), 303)
    return _form(request, next_)


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Annotated[str, Field()] = "",
    key: Annotated[str, Field()] = "",
    next_: Annotated[str, Field(alias="next")] = "/",
) -> Response:
    """A new session, or the form again with what is wrong.

    There is no token to check yet; that the form was sent from our own page is checked for every request.
    """
    if access.is_open(request):
        who, wrong = (label(name.replace("/", "").replace("\\", "")) or "")[:MAX_NAME], _UNNAMED
    else:
        who, wrong = reviewers.of_key(request.app.state.service.store, key.strip()) or "", _UNKNOWN
    if not who:
        return _form(request, next_, wrong)
    return session.begin(request, RedirectResponse(session.local(next_), 303), who)


@router.post("/sign-out")
def sign_out(request: Request, _form: session.Form) -> Response:
    """End the session."""
    return session.end(request, RedirectResponse("/sign-in", 303))


def _form(request: Request, next_: str, wrong: str = "") -> Response:
    return page(
        request, "sign_in.html", status=422 if wrong else 200, next=session.local(next_), wrong=wrong,
        open=access.is_open(request), most=MAX_NAME,
    )  # fmt: skip
