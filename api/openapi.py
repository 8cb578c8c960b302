"""The OpenAPI description: what FastAPI derives from the routes, and the types that only their bodies mention."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.problems import ProblemDetails
from api.routes.batches import Uploads
from api.routes.extractions import TextToExtract, Upload
from api.routes.values import ValuesToParse

_REQUESTS: tuple[type[BaseModel], ...] = (TextToExtract, Upload, Uploads, ValuesToParse)


class Service(FastAPI):
    """FastAPI, with the request and problem types among the components of its OpenAPI description."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, made once."""
        description = super().openapi()
        description["components"]["schemas"].update(_own_schemas())
        return description


def _own_schemas() -> dict[str, Any]:
    models = [*((model, "validation") for model in _REQUESTS), (ProblemDetails, "serialization")]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    definitions: dict[str, Any] = schemas["$defs"]
    return definitions
