"""Deadlines, periods, recurring dates: ``2025年12月底``, ``6月至11月``, ``每年12月底前``, ``每季度末``, ``全年``."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import regex

from kpi.schema import DateOperator, DateValue, Note, Operator, Precision, Recurrence
from kpi.values import operators, points, spans, vocabulary
from kpi.values.fold import after_spaces
from kpi.values.points import Point
from kpi.values.readings import NOWHERE, Reading, Surroundings

_TAIL = regex.compile(
    r"""\ *(?:\(含\))?(?:或者?|及其?)?(?:(?P<before>(?:之前|以前|前)(?![后期往提来沿台方端])|止)
       |(?P<after>起|以后|之后|开始)
       |(?P<within>期间|之内|以内|内)|(?P<same>当[天日]))""",
    regex.VERBOSE,
)
_BETWEEN = regex.compile(r" *之?间(?!接)")
_TO = regex.compile(r" *(?:起)? *(?:-{1,2}|—{1,2}|~|至|到|(?P<joint>和|与)) *")
_DAY_ALONE = regex.compile(rf"{points.DAY} *[日号](?!常|均|间)")


class _Lead(NamedTuple):
    """What stands before a date: where the value and its date begin, and the operator, if it is one.

    ``amount``: the words compare amounts as a rule (不超过3月), so that only a clear date may follow.
    """

    start: int
    end: int
    operator: Operator | None = None
    amount: bool = False


def _lead(text: str, at: int) -> _Lead:
    if "0" <= text[at : at + 1] <= "9":
        return _Lead(at, at)
    known = operators.vocabulary()
    start, operator, amount = at, None, False
    while True:
        if found := known.date_pattern.match(text, at):
            operator, at = known.before_date[found["word"]] or operator, found.end()
        elif before := operators.read_before(text, at):
            operator, at, amount = _ON_DATES[before.operator], before.end, amount or not before.sign
        else:
            break
    return _Lead(start if operator else at, at, operator, amount)


# What a comparison with a date says: 小于12月31日 gives no hour, so that it means a deadline like 小于等于.
_ON_DATES: dict[Operator, Operator | None] = {"<=": "<=", "<": "<=", ">=": ">=", ">": ">=", "=": "=", "~": None}
# 不低于2024年水平, 高于2023年5个百分点: the year's figure is meant, not the year.
_FIGURE_OF_YEAR = regex.compile(r" *(?:的|实际|年?平均)?(?:水平|同期|基数|平均|实际数|实际值)")
_MORE_THAN_YEAR = regex.compile(r" *\d")


def _clear(text: str, point: Point) -> bool:
    """Whether ``point`` is a date even after words that compare amounts: 3月 may be three months, 12月31日 is none."""
    if point.precision == "year" and not point.closing:
        return point.year is not None and not _MORE_THAN_YEAR.match(text, point.end)
    return point.precision == "day" or point.year is not None or point.closing


class _Edges(NamedTuple):
    """The words around a date: where they end, and what they make of it."""

    end: int
    before: bool = False
    after: bool = False
    same: bool = False


def _edges(text: str, at: int) -> _Edges:
    tail = _TAIL.match(text, at)
    if tail is None:
        return _Edges(at)
    return _Edges(tail.end(), bool(tail["before"]), bool(tail["after"]), bool(tail["same"]))


def _reading(
    span: tuple[int, int],
    operator: DateOperator,
    between: tuple[str | None, str | None],
    precision: Precision,
    *,
    written: bool = False,
    year_written: bool = False,
    recurs: Recurrence | None = None,
    notes: tuple[Note, ...] = (),
) -> Reading:
    fields: dict[str, Any] = {
        "operator": operator,
        "operator_written": written,
        "start": between[0],
        "end": between[1],
        "precision": precision,
        "year_written": year_written,
        "recurs": recurs,
    }
    return Reading(*span, DateValue, fields, notes)


def read(text: str, at: int, around: Surroundings) -> Reading | None:
    """The date or period that starts at ``at`` in folded text, or ``None``."""
    lead = _lead(text, at)
    start, at = lead.start, lead.end
    if not lead.amount and (found := _span(text, at, start, around) or _recurring(text, at, start)):
        return found
    if not lead.amount and (found := _hour(text, at, start)):
        return found
    point = points.read(text, at)
    if point is None or (lead.amount and not _clear(text, point)):
        return None
    if point.precision == "year" and _FIGURE_OF_YEAR.match(text, point.end):
        return None
    if not lead.amount and (period := _from_to(text, point, start, around)):
        return period
    limited = lead.operator == "<=" or _TAIL.match(text, point.end) is not None or text[point.end - 1] == "内"
    if around.prose and point.precision == "year" and not (point.closing or limited):
        return None  # a bare year in running prose dates the sentence, not a target
    return _single(text, point, lead, around)


def _year(point: Point, around: Surroundings) -> int | None:
    return point.year or (around.year + point.years_on if around.year else None)


def _single(text: str, point: Point, lead: _Lead, around: Surroundings) -> Reading:
    year, written_year = _year(point, around), point.year is not None
    edges = _edges(text, point.end)
    span, precision, notes = (lead.start, edges.end), point.precision, point.notes(year)
    first, last = point.ends(year) if point.closing else point.starts(year), point.ends(year)
    if edges.before or lead.operator == "<=":
        return _reading(span, "<=", (None, last), precision, written=True, year_written=written_year, notes=notes)
    if edges.after or lead.operator == ">=":
        return _reading(span, ">=", (first, None), precision, written=True, year_written=written_year, notes=notes)
    if precision == "day" and (edges.same or lead.operator == "="):
        return _reading(span, "=", (first, last), precision, written=True, year_written=written_year, notes=notes)
    if precision == "day" or point.closing:
        return _reading(span, "<=", (None, last), precision, year_written=written_year, notes=notes)
    return _reading(span, "in", (first, last), precision, year_written=written_year, notes=notes)


def _span(text: str, at: int, start: int, around: Surroundings, recurs: Recurrence | None = None) -> Reading | None:
    """Two ends that share their unit: 2024-2026年, 3-10月."""
    found = spans.read(text, at, around.year)
    if found is None:
        return None
    return _reading(
        (start, found.end), "in", (found.first, found.last), found.precision,
        year_written=found.year_written, recurs=recurs, notes=found.notes,
    )  # fmt: skip


def _from_to(text: str, first: Point, start: int, around: Surroundings) -> Reading | None:
    to = _TO.match(text, first.end)
    last = points.read(text, to.end()) if to else None
    if to and last is None and first.precision == "day" and (found := _DAY_ALONE.match(text, to.end())):
        day = (first.last[0], points.number(found["day"]))
        last = Point(first.year, day, day, "day", found.end())
    if last is None or (last.precision == "year" and last.year is None and not last.closing):
        return None
    first_year = _year(first, around)
    last_year = last.year or (first_year + last.years_on if first_year else None)
    if to and to["joint"] and not (closed := _BETWEEN.match(text, last.end)):
        return None  # 3月和5月 are two months, 3月和5月之间 is one stretch
    if to and to["joint"] and closed:
        last = last._replace(end=closed.end())
    precision = first.precision if first.precision == last.precision else _finer(first.precision, last.precision)
    notes = tuple(dict.fromkeys((*first.notes(first_year), *last.notes(last_year))))
    between = (first.starts(first_year), last.ends(last_year))
    written_year = first.year is not None or last.year is not None
    span = (start, _edges(text, last.end).end)
    return _reading(span, "in", between, precision, year_written=written_year, notes=notes)


_FINENESS: tuple[Precision, ...] = ("day", "ten_days", "month", "quarter", "half_year", "year")


def _finer(*precisions: Precision) -> Precision:
    return min(precisions, key=_FINENESS.index)


# ------------------------------------------------------------------------------------------ recurring

_RECURRING = regex.compile(
    r"""(?:每个?|逐|按)
        (?:(?P<half_year>半年)|(?P<quarter>季度?)|(?P<year>年度?)|(?P<month>月份?)|(?P<week>周|星期)|(?P<day>日|天))
        (?!均|度?完|龄|限)""",
    regex.VERBOSE,
)
_NEXT_MONTH = regex.compile("次月|下个?月|翌月")  # next after each: 次月10日前
_RECURRENCES: tuple[Recurrence, ...] = ("half_year", "quarter", "year", "month", "week", "day")
_PRECISIONS: dict[Recurrence, Precision] = {
    "year": "year", "half_year": "half_year", "quarter": "quarter", "month": "month", "week": "day", "day": "day"
}  # fmt: skip
# 每季度最后一个月25日前, 每季度结束后10日内: a day within each period, which no single date can say.
_WITHIN = regex.compile(
    rf"""(?:首月|末月|第[一二三]个月|最后一个月|次月|第一个?月|结束后|终了后)\ *(?:的)?
        (?:{points.DAY}\ *[日号]|\d{{1,2}}个?(?:工作)?日|底|末)
       |前\ *\d{{1,2}}\ *(?:个?工作)?[日天]""",
    regex.VERBOSE,
)
# 每季度首月, 每半年最后一个月: a month within each period.
_MONTH_WITHIN = regex.compile(r"(?:首个?|末|第[一二三1-3]个|最后[一1]个|头[一1]?个)月(?:份)?")
_PART_OF_MONTH = regex.compile(r"(?P<part>上旬|中旬|下旬|月?初)")
_SHORTEST = 28  # days of the shortest month: where another ends, no day of each month says
_CLOSING = regex.compile(r"年?底|年?末|月底|月末|末月底?")


@cache
def _act() -> regex.Pattern[str]:
    words = vocabulary.load("phrases.toml")["recurring"]
    return regex.compile(rf"(?:{vocabulary.any_of(words['begin'])})?(?:{vocabulary.any_of(words['acts'])})?(?:一次)?")


def _recurring(text: str, at: int, start: int) -> Reading | None:
    found = _RECURRING.match(text, at)
    recurs: Recurrence = _recurrence(found) if found else "month"
    found = found or _NEXT_MONTH.match(text, at)
    if found is None:
        return None
    at = after_spaces(text, found.end())
    if hour := _hour(text, at, start, recurs):
        return hour
    if recurs == "year" and (span := _span(text, at, start, NOWHERE, recurs)):
        return span
    if recurs == "year" and (point := points.read(text, at)) and point.year is None:
        return _yearly(text, start, point)
    if recurs in ("quarter", "half_year") and (within := _WITHIN.match(text, at)):
        edges = _edges(text, within.end())
        return _reading((start, edges.end), "<=", (None, None), "day", written=edges.before, recurs=recurs)
    if recurs in ("quarter", "half_year") and (month := _MONTH_WITHIN.match(text, at)):
        edges = _edges(text, month.end())
        operator: DateOperator = "<=" if edges.before else "in"
        return _reading((start, edges.end), operator, (None, None), "month", written=edges.before, recurs=recurs)
    if recurs == "month" and (part := _PART_OF_MONTH.match(text, at)):
        first, last = (f"XXXX-XX-{day:02d}" if day < _SHORTEST else None for day in points.TEN_DAYS[part["part"]])
        edges = _edges(text, part.end())
        if edges.before:
            return _reading((start, edges.end), "<=", (None, last), "ten_days", written=True, recurs=recurs)
        return _reading((start, edges.end), "in", (first, last), "ten_days", recurs=recurs)
    if recurs == "month" and (day := _DAY_ALONE.match(text, at)):
        edges = _edges(text, day.end())
        last = f"XXXX-XX-{points.number(day['day']):02d}"
        return _reading((start, edges.end), "<=", (None, last), "day", written=edges.before, recurs=recurs)
    if closing := _CLOSING.match(text, at):
        edges = _edges(text, closing.end())
        end = edges.end if edges.before else closing.end()
        last_or_none = "XXXX-12-31" if recurs == "year" else None
        precision = _PRECISIONS[recurs]
        return _reading((start, end), "<=", (None, last_or_none), precision, written=edges.before, recurs=recurs)
    if recurs == "half_year" and _act().fullmatch(text, at) and not text.endswith("次"):
        return _reading((start, len(text)), "in", (None, None), "half_year", recurs=recurs)  # no duration of 半年
    return None


_THAT_DAY = regex.compile(r"(?:当[日天晚]|次日|上午|下午|晚上?|早上?|中午|凌晨) *")


def _hour(text: str, at: int, start: int, recurs: Recurrence | None = None) -> Reading | None:
    """An hour by which something is done (每日10时前, 当日17时前): a deadline within a day, which no date says."""
    while found := _THAT_DAY.match(text, at):
        at = found.end()
    clock = points.CLOCK.match(text, at)
    edges = _edges(text, clock.end()) if clock else None
    if edges is None or not edges.before:
        return None
    return _reading((start, edges.end), "<=", (None, None), "day", written=True, recurs=recurs)


def _yearly(text: str, start: int, point: Point) -> Reading:
    edges = _edges(text, point.end)
    deadline = edges.before or point.closing or point.precision == "day"
    between = (None if deadline else point.starts(None), point.ends(None))
    return _reading(
        (start, edges.end), "<=" if deadline else "in", between, point.precision,
        written=edges.before, recurs="year", notes=point.notes(None),
    )  # fmt: skip


def _recurrence(found: regex.Match[str]) -> Recurrence:
    return next(name for name in _RECURRENCES if found[name])


def read_bare_recurrence(text: str, at: int) -> Reading | None:
    """``每月``, ``按季度发放`` and nothing else but a plain act: a period that recurs."""
    found = _RECURRING.match(text, at)
    if found is None or not _act().fullmatch(text, found.end()):
        return None
    recurs = _recurrence(found)
    return _reading((at, found.end()), "in", (None, None), _PRECISIONS[recurs], recurs=recurs)
