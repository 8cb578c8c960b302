"""Stretches of time whose two ends share a unit: ``2024-2026年``, ``3-10月``, ``一至三季度``, ``3月5-20日``."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import regex

from kpi.schema import Note, Precision
from kpi.values import points

_FLAGS = regex.VERBOSE
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)\ *年(?:度)?\ *)?"
_TO = r"\ *(?:-|—|~|至|到)\ *"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"3[01]|[12]\d|0?[1-9]"


class Span(NamedTuple):
    """From ``first`` to ``last``, ISO with ``XXXX`` for an unknown year."""

    first: str
    last: str
    precision: Precision
    end: int
    year_written: bool
    notes: tuple[Note, ...] = ()


def _years(found: regex.Match[str], _year: int | None) -> Span | None:
    first, last = int(found["first"]), int(found["last"])
    if first > last:
        return None
    return Span(points.iso(first, 1, 1), points.iso(last, 12, 31), "year", found.end(), True)


def _months(found: regex.Match[str], year: int | None) -> Span | None:
    first, last = points.number(found["first"]), points.number(found["last"])
    return _of_year(found, year, first, last, "month") if first < last else None


def _quarters(found: regex.Match[str], year: int | None) -> Span | None:
    first, last = points.number(found["first"]), points.number(found["last"])
    return _of_year(found, year, first * 3 - 2, last * 3, "quarter") if first < last else None


def _of_year(found: regex.Match[str], year: int | None, first: int, last: int, precision: Precision) -> Span:
    written = int(found["year"]) if found["year"] else None
    year = written or year
    ends = points.iso(year, last, points.last_day(year, last))
    notes: tuple[Note, ...] = ("leap_year_unknown",) if last == 2 and year is None else ()
    return Span(points.iso(year, first, 1), ends, precision, found.end(), written is not None, notes)


def _first_months(found: regex.Match[str], year: int | None) -> Span | None:
    return _of_year(found, year, 1, points.number(found["last"]), "month")


def _days(found: regex.Match[str], year: int | None) -> Span | None:
    first, last, month = int(found["first"]), int(found["last"]), int(found["month"])
    written = int(found["year"]) if found["year"] else None
    if first >= last:
        return None
    between = (points.iso(written or year, month, first), points.iso(written or year, month, last))
    return Span(*between, "day", found.end(), written is not None)


def _dotted(found: regex.Match[str], _year: int | None) -> Span | None:
    """With dots only the two ends together show that they are dates: 2022.5-2023.2, 2025.03.05-04.10."""
    if (found["d1"] is None) != (found["d2"] is None) or not (found["y2"] or found["d2"]):
        return None
    year_1, year_2, month_2 = int(found["y1"]), int(found["y2"] or found["y1"]), int(found["m2"])
    last_day = int(found["d2"] or points.last_day(year_2, month_2))
    first = points.iso(year_1, int(found["m1"]), int(found["d1"] or 1))
    return Span(first, points.iso(year_2, month_2, last_day), "day" if found["d1"] else "month", found.end(), True)


_FORMS: tuple[tuple[regex.Pattern[str], Callable[[regex.Match[str], int | None], Span | None]], ...] = (
    (
        regex.compile(
            rf"(?P<first>(?:19|20)\d\d)年?{_TO}(?P<last>(?:19|20)\d\d)\ *(?:年度?|(?!\d))(?!\ *\d+月)(?!\.\d)", _FLAGS
        ),
        _years,
    ),
    (
        regex.compile(
            rf"""{_YEAR}(?P<first>{_MONTH})(?:月(?:份)?)?{_TO}(?P<last>{_MONTH})\ *月(?:份)?
                (?!\ *\d+\ *[日号])(?:底|末)?""",
            _FLAGS,
        ),
        _months,
    ),
    (
        regex.compile(rf"{_YEAR}第?(?P<first>[1-4一二三四])(?:季度)?{_TO}第?(?P<last>[1-4一二三四])\ *季度", _FLAGS),
        _quarters,
    ),
    (regex.compile(rf"{_YEAR}(?:今年|本年|当年)?前(?P<last>{_MONTH})个月", _FLAGS), _first_months),
    (
        regex.compile(
            rf"{_YEAR}(?P<month>1[0-2]|0?[1-9])\ *月\ *(?P<first>{_DAY}){_TO}(?P<last>{_DAY})\ *[日号]", _FLAGS
        ),
        _days,
    ),
    (
        regex.compile(
            rf"""(?P<y1>20\d\d)\.(?P<m1>1[0-2]|0?[1-9])(?:\.(?P<d1>{_DAY}))?{_TO}
                (?:(?P<y2>20\d\d)\.)?(?P<m2>1[0-2]|0?[1-9])(?:\.(?P<d2>{_DAY}))?(?![\d.%万元])""",
            _FLAGS,
        ),
        _dotted,
    ),
)
# Every form holds a dash, 至 or 前 near its beginning; most texts do not.
_LIKELY = regex.compile(r"[^\n]{0,14}?(?:[-—~至到]|前[^\n]{1,2}个月)")


def read(text: str, at: int, year: int | None) -> Span | None:
    """The span that starts at ``at`` in folded text, or ``None``; ``year`` is the document's."""
    if not _LIKELY.match(text, at):
        return None
    for pattern, make in _FORMS:
        if (found := pattern.match(text, at)) and (span := make(found, year)):
            return span
    return None
