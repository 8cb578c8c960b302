"""Request bodies → checked models. What is malformed is refused with a problem, never an exception of a parser."""

from __future__ import annotations

import codecs
from typing import Annotated, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.limits import too_large
from api.problems import Refused

# A parsed JSON tree takes some thirty times its bytes, so JSON is kept smaller than a document may be.
MAX_JSON_BYTES = 8 * 1024 * 1024
# A form carries one file and a few short fields.
_MAX_FIELDS = 8
_MAX_FIELD_BYTES = 4 * 1024

FiscalYear = Annotated[int, Field(ge=1949, le=2100)]


class Body(BaseModel):
    """Base of all request bodies: unknown members are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


BodyT = TypeVar("BodyT", bound=Body)


def media_type(request: Request, *accepted: str) -> str:
    """The media type of the body, one of ``accepted``; any other, none at all, or a compressed body gives 415."""
    written = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if written not in accepted or coding != "identity":
        detail = f"请求的 Content-Type 应为 {'、'.join(accepted)}，且内容不压缩。"
        raise Refused(415, "unsupported_media_type", detail, headers={"Accept": ", ".join(accepted)})
    return written


def from_json(model: type[BodyT], body: bytes) -> BodyT:
    """``body`` as ``model``; 413 beyond :data:`MAX_JSON_BYTES`, 400 where it is no JSON, 422 where it does not fit."""
    if len(body) > MAX_JSON_BYTES:
        raise too_large(MAX_JSON_BYTES)
    try:
        return model.model_validate_json(body.removeprefix(codecs.BOM_UTF8))
    except ValidationError as error:
        raise _refusal(error) from error


async def from_form(model: type[BodyT], request: Request, *, max_files: int = 1, repeated: str | None = None) -> BodyT:
    """The multipart form of ``request`` as ``model``; the field ``repeated`` may come several times.

    400 where it is no such form, 422 where it does not fit.
    """
    try:
        form = await request.form(max_files=max_files, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
    except Refused:
        raise
    except (HTTPException, ValueError, LookupError) as error:
        detail = f"multipart 内容不完整或格式有误；每次最多上传 {max_files} 个文件。"
        raise Refused(400, "malformed_body", detail) from error
    try:
        # A field that comes twice is no text, and refused as such.
        fields: dict[str, object] = {name: sent if len(sent := form.getlist(name)) > 1 else sent[0] for name in form}
        if repeated and repeated in form:
            fields[repeated] = form.getlist(repeated)
        return model.model_validate(fields)
    except ValidationError as error:
        raise _refusal(error) from error


def _refusal(error: ValidationError) -> HTTPException | RequestValidationError:
    errors = error.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        return Refused(400, "malformed_body", "请求内容不是 UTF-8 编码的 JSON。")
    return RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in errors])
