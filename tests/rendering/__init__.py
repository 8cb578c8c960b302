"""Writes the facts of published documents (`corpus/documents/facts/`) in the text layouts users paste."""

from __future__ import annotations

from .facts import SLUGS, Facts, Indicator, Project, load, load_all
from .files import RENDERED, differences, rendered
from .layouts import LAYOUTS

__all__ = [
    "LAYOUTS",
    "RENDERED",
    "SLUGS",
    "Facts",
    "Indicator",
    "Project",
    "differences",
    "load",
    "load_all",
    "rendered",
]
