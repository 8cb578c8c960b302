"""Who reads a page: the session of the browser; and the forms that come back with its token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple
from urllib.parse import quote

import regex
from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import access
from api.labels import storable
from api.problems import Refused
from api.store import reviewers

# A path of our own: no other host behind two slashes (browsers take a backslash for one), nothing invisible.
_LOCAL = regex.compile(r"/(?![/\\])[^\\\p{C}\p{Z}]*")
# A form of a page carries so many short fields; those of `/upload` are told apart there.
_MAX_FIELDS = 200
_MAX_FIELD_BYTES = 64 * 1024


class Elsewhere(HTTPException):
    """The page is another one: the browser is sent there by GET."""

    def __init__(self, path: str) -> None:
        super().__init__(303, path)
        self.path = path


async def sent_on(request: Request, elsewhere: Elsewhere) -> Response:
    """The handler of :class:`Elsewhere`."""
    return RedirectResponse(elsewhere.path, 303)


def local(path: str | None, default: str = "/") -> str:
    """``path`` where it leads to a page of ours, ``default`` otherwise."""
    return path if path and _LOCAL.fullmatch(path) else default


def reader(request: Request) -> access.Caller:
    """Who reads the page.

    Raises:
        Elsewhere: To the sign-in, which leads back here, where nobody is signed in.

    """
    found = access.session(request)
    if found is None:
        raise Elsewhere(f"/sign-in?next={quote(_back(request), safe='/')}")
    request.state.reader = found
    return found


Reader = Annotated[access.Caller, Depends(reader)]


def _back(request: Request) -> str:
    """The page to come back to; of a form that was sent, the page it stood on, one step up."""
    path = quote(request.scope["path"], safe="/")
    if request.method not in ("GET", "HEAD"):
        return path.rpartition("/")[0] or "/"
    query = request.scope["query_string"].decode("ascii", "ignore")
    return local(f"{path}?{query}" if query else path)


class Sent(NamedTuple):
    """A form that came from a page of ours."""

    form: FormData
    by: str

    def text(self, name: str) -> str:
        """A field without blanks around it; empty where it was not sent, or is a file."""
        value = self.form.get(name)
        return storable(value).strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """The values of a field that may come several times."""
        return [storable(value) for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field; a field that was left empty is none."""
        return [file for file in self.form.getlist(name) if isinstance(file, UploadFile) and file.filename]


def posted(max_files: int = 0, max_field_bytes: int = _MAX_FIELD_BYTES) -> object:
    """The dependency that reads a form and checks its ``csrf`` field; up to ``max_files`` files may come with it.

    Refused with 403 where the token is missing or another one, with 400 where it is no form.
    """

    async def sent(request: Request, who: Reader) -> AsyncIterator[Sent]:
        try:
            form = await request.form(max_files=max_files, max_fields=_MAX_FIELDS, max_part_size=max_field_bytes)
        except Refused:
            raise
        except (HTTPException, ValueError, LookupError) as error:
            raise Refused(400, "malformed_body", "表单内容不完整，或者过长。") from error
        try:
            token = form.get("csrf")
            access.proves(token if isinstance(token, str) else None, who)
            yield Sent(form, who.name)
        finally:
            await form.close()

    return Depends(sent)


Form = Annotated[Sent, posted()]


def begin(request: Request, response: Response, name: str) -> Response:
    """Sign ``name`` in: the cookie of a new session on ``response``."""
    token, _ = reviewers.sign_in(request.app.state.service.store, name)
    response.set_cookie(
        access.COOKIE, token, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return response


def end(request: Request, response: Response) -> Response:
    """End the session of the browser."""
    reviewers.sign_out(request.app.state.service.store, request.cookies.get(access.COOKIE, ""))
    response.delete_cookie(access.COOKIE, path="/", httponly=True, samesite="strict")
    return response
