"""Reads Chinese government performance targets (绩效目标) and tells good targets from empty ones."""

from kpi.configuration import Config
from kpi.pipeline import extract
from kpi.reviewing import review
from kpi.values import find_values, parse_value

__all__ = ["Config", "extract", "find_values", "parse_value", "review"]
