"""Reads Chinese government performance targets (绩效目标) and tells good targets from empty ones."""

from kpi import language, settings
from kpi.configuration import Config
from kpi.pipeline import extract
from kpi.reviewing import review
from kpi.values import find_values, parse_value, wording

if settings.LANGUAGE and language.is_shipped("sense"):
    wording.use(language.sense)

__all__ = ["Config", "extract", "find_values", "parse_value", "review"]
