"""Reads Chinese government performance targets (绩效目标) and tells good targets from empty ones.

The names below are loaded when they are first asked for: reading a value needs a small part of what a document needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kpi import settings

if TYPE_CHECKING:
    from kpi.configuration import Config
    from kpi.pipeline import extract
    from kpi.reviewing import review
    from kpi.values import find_values, parse_value

__all__ = ["Config", "extract", "find_values", "parse_value", "review"]

_MODULES = {
    "Config": "kpi.configuration",
    "extract": "kpi.pipeline",
    "find_values": "kpi.values",
    "parse_value": "kpi.values",
    "review": "kpi.reviewing",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if settings.LANGUAGE:
    from kpi import language
    from kpi.values import wording

    if language.is_shipped("sense"):
        wording.use(language.sense)
