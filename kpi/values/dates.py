"""Deadlines, periods and recurring dates: ``2025年12月底``, ``6月至11月``, ``每年12月底前``, ``每季度末``, ``全年``."""

from __future__ import annotations

import calendar
from typing import Any, NamedTuple

import regex

from kpi.schema import DateOperator, DateValue, Note, Precision, Recurrence
from kpi.values import numerals
from kpi.values.readings import Reading, Surroundings

_CN = "零一二三四五六七八九"
_YEAR = rf"(?:(?P<year>(?:19|20)\d\d|[一二][零九][{_CN}]{{2}})|(?<!\d)(?P<short>\d\d)(?=年(?:1[0-2]|0?[1-9])月))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"

_NUMERIC = regex.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>1[0-2]|0[1-9]|[1-9](?!\d))"
    r"(?:(?P=sep)(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d.]\d|\d)日?"
)
_MONTHLY = regex.compile(
    rf"(?:{_YEAR} *年(?:度)? *)?(?:(?P<this>当年|本年|本年度|同年|今年) *)?{_MONTH} *月(?:份)?(?!刊|亮|嫂|子) *"
    rf"(?:{_DAY} *[日号](?!常|均|间)|(?P<part>上旬|中旬|下旬|月初|初|中(?![心央小])|底|末))?"
)
_QUARTERLY = regex.compile(
    rf"(?:{_YEAR} *年(?:度)? *)?"
    r"(?:第(?P<quarter>[一二三四1-4])季度?|(?P<plain>[一二三四1-4])季度(?!一)|Q(?P<q>[1-4])) *(?P<part>底|末)?"
)
_HALF_YEARLY = regex.compile(rf"(?:{_YEAR} *年(?:度)? *)?(?P<half>[上下])半年 *(?P<part>底|末)?")
_YEARLY = regex.compile(
    rf"(?:{_YEAR} *年(?!度?[以之]?[上下]|代|级|生|均)(?:度)? *(?P<part>年?底|年?末|终|初|内|全年|整年)?"
    r"|(?P<whole>全年度?|全年内|年度内|年内|当年内?|本年度?内?|整年)(?![均平])|(?P<end>(?:本年度?|当年|今年)?(?:年底|年末|年终|底前))|(?P<begin>年初))"
)
_SPAN_OF_MONTHS = regex.compile(
    rf"(?:{_YEAR} *年(?:度)? *)?(?P<first>1[0-2]|0?[1-9])"
    r"(?:月(?:份)?)? *(?:-|—|~|至|到) *(?P<last>1[0-2]|0?[1-9]) *月(?:份)?(?! *\d+ *[日号])(?P<part>底|末)?"
)
_SPAN_OF_YEARS = regex.compile(
    r"(?P<first>(?:19|20)\d\d)年? *(?:-|—|~|至|到) *(?P<last>(?:19|20)\d\d) *(?:年度?|(?!\d))(?! *\d+月)"
)
_DAY_ALONE = regex.compile(rf"{_DAY} *[日号](?!常|均|间)")
_TO = regex.compile(r" *(?:起)? *(?:-{1,2}|—{1,2}|~|至|到) *")

_LEAD = regex.compile(
    r"(?:(?P<limit>不晚于|不迟于|不得晚于|不得迟于|最晚于?|最迟于?|<=|≤|截止到?|截至|截止于)"
    r"|(?P<from>>=|≥|不早于)|(?P<exact>==?|=)|(?P<weak>自|从|于|在|力争|争取))+ *"
)
_TAIL = regex.compile(
    r" *(?:(?P<before>(?:之前|以前|前)(?![后期往提来沿台方端])|止)"
    r"|(?P<after>起|以后|之后|开始)|(?P<within>期间|之内|以内|内)|(?P<same>当[天日]))"
)
_RECURRING = regex.compile(
    r"(?:每个?|逐|按)(?:(?P<half_year>半年)|(?P<quarter>季度?)|(?P<year>年度?)|(?P<month>月份?)|(?P<week>周|星期)|(?P<day>日|天))(?!均|度?完|龄|限)"
)
_RECURRING_PRECISION: dict[Recurrence, Precision] = {
    "year": "year", "half_year": "half_year", "quarter": "quarter", "month": "month", "week": "day", "day": "day"
}  # fmt: skip
_RECURRING_END = regex.compile(r"(?P<part>年?底|年?末|月底|月末|末月底?)")


class Point(NamedTuple):
    """A day, month, … as written; an unwritten year is ``None``, a day of every month has no month."""

    year: int | None
    month: int | None
    day: int | None
    precision: Precision
    end: int
    first_month: int | None = None
    closing: bool = False
    opening: bool = False


def _number(text: str) -> int:
    return int(text) if text.isdigit() else int(numerals.chinese(text))


def _year(found: regex.Match[str]) -> int | None:
    if found["year"]:
        return _number(found["year"])
    return 2000 + int(found["short"]) if found["short"] else None


_TEN_DAYS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "月初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
}


def _point(text: str, at: int) -> Point | None:
    if found := _NUMERIC.match(text, at):
        day = int(found["day"]) if found["day"] else None
        if day is None and (found["sep"] != "." or len(found["month"]) == 2) is False:
            return None
        return Point(int(found["year"]), int(found["month"]), day, "day" if day else "month", found.end())
    if found := _MONTHLY.match(text, at):
        month = _number(found["month"])
        if found["day"]:
            return Point(_year(found), month, _number(found["day"]), "day", found.end())
        if found["part"] in _TEN_DAYS:
            return Point(_year(found), month, _TEN_DAYS[found["part"]][1], "ten_days", found.end())
        return Point(_year(found), month, None, "month", found.end(), closing=found["part"] in ("底", "末"))
    if found := _QUARTERLY.match(text, at):
        quarter = _number(found["quarter"] or found["plain"] or found["q"])
        return Point(_year(found), quarter * 3, None, "quarter", found.end(), quarter * 3 - 2, bool(found["part"]))
    if found := _HALF_YEARLY.match(text, at):
        month = 6 if found["half"] == "上" else 12
        return Point(_year(found), month, None, "half_year", found.end(), month - 5, bool(found["part"]))
    if found := _YEARLY.match(text, at):
        closing = bool(found["end"]) or found["part"] in ("底", "末", "年底", "年末", "终")
        opening = bool(found["begin"]) or found["part"] == "初"
        return Point(_year(found), 12, None, "year", found.end(), 1, closing, opening)
    return None


def _last_day(year: int | None, month: int) -> int:
    return calendar.monthrange(year, month)[1] if year else 28 if month == 2 else calendar.monthrange(2001, month)[1]


def _iso(year: int | None, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"XXXX-{month:02d}-{day:02d}"


def _first(point: Point, year: int | None) -> str:
    assert point.month is not None
    if point.precision == "ten_days":
        assert point.day is not None
        return _iso(year, point.month, {10: 1, 20: 11, 31: 21}[point.day])
    return _iso(year, point.first_month or point.month, point.day or 1)


def _last(point: Point, year: int | None) -> str:
    assert point.month is not None
    last = _last_day(year, point.month)
    if point.precision == "ten_days":
        assert point.day is not None
        return _iso(year, point.month, min(point.day, last))
    return _iso(year, point.month, point.day or last)


def _notes(point: Point, year: int | None) -> tuple[Note, ...]:
    if point.month is None:
        return ()
    if (
        point.precision == "day"
        and point.day
        and point.day > (_last_day(year, point.month) if year or point.month != 2 else 29)
    ):
        return ("impossible_date",)
    if point.month == 2 and year is None and (point.day is None or point.day > 28):
        return ("leap_year_unknown",)
    return ()


def _reading(
    start: int, end: int, operator: DateOperator, written: bool, first: str | None, last: str | None,
    precision: Precision, year_written: bool, recurs: Recurrence | None = None, notes: tuple[Note, ...] = (),
) -> Reading:  # fmt: skip
    fields: dict[str, Any] = {
        "operator": operator,
        "operator_written": written,
        "start": first,
        "end": last,
        "precision": precision,
        "year_written": year_written,
        "recurs": recurs,
    }
    return Reading(start, end, DateValue, fields, notes)


def read(text: str, at: int, around: Surroundings) -> Reading | None:
    """The date or period that starts at ``at`` in folded text, or ``None``."""
    start = at
    lead = _LEAD.match(text, at)
    at = lead.end() if lead else at
    found = _spans(text, at, start, around) or _recurring(text, at, start)
    if found:
        return found
    point = _point(text, at)
    if point is None:
        return None
    if span := _from_to(text, at, point, start, around):
        return span
    if around.prose and point.precision == "year" and not (point.closing or point.opening):
        return None  # a bare year in running prose dates the sentence, not a target
    return _single(text, start, point, lead, around)


def _single(text: str, start: int, point: Point, lead: regex.Match[str] | None, around: Surroundings) -> Reading:
    year = point.year or around.year
    written_year = point.year is not None
    tail = _TAIL.match(text, point.end)
    end = tail.end() if tail else point.end
    notes = _notes(point, year)
    limit = bool(lead and lead["limit"])
    if (tail and tail["before"]) or limit:
        return _reading(start, end, "<=", True, None, _last(point, year), point.precision, written_year, notes=notes)
    if (tail and tail["after"]) or (lead and lead["from"]):
        return _reading(start, end, ">=", True, _first(point, year), None, point.precision, written_year, notes=notes)
    if point.opening:
        opening = point._replace(month=1, precision="month", first_month=None)
        return _reading(start, end, "in", False, _first(opening, year), _last(opening, year), "month", written_year)
    exact = bool((tail and tail["same"]) or (lead and lead["exact"]))
    if point.precision == "day":
        first = _first(point, year) if exact else None
        return _reading(
            start,
            end,
            "=" if exact else "<=",
            exact,
            first,
            _last(point, year),
            "day",
            written_year,
            notes=notes,
        )
    if point.closing:
        return _reading(start, end, "<=", False, None, _last(point, year), point.precision, written_year, notes=notes)
    return _reading(
        start,
        end,
        "in",
        False,
        _first(point, year),
        _last(point, year),
        point.precision,
        written_year,
        notes=notes,
    )


def _from_to(text: str, at: int, first: Point, start: int, around: Surroundings) -> Reading | None:
    to = _TO.match(text, first.end)
    if to is None:
        return None
    last = _point(text, to.end())
    if last is None and first.precision == "day" and (day := _DAY_ALONE.match(text, to.end())):
        last = Point(first.year, first.month, _number(day["day"]), "day", day.end())
    if last is None or (
        last.precision == "year" and last.year is None and first.precision != "day" and not last.closing
    ):
        return None
    first_year = first.year or around.year
    last_year = last.year or first_year
    tail = _TAIL.match(text, last.end)
    end = tail.end() if tail else last.end
    precision = (
        first.precision
        if first.precision == last.precision
        else "day"
        if "day" in (first.precision, last.precision)
        else "month"
    )
    notes = tuple(dict.fromkeys((*_notes(first, first_year), *_notes(last, last_year))))
    return _reading(
        start, end, "in", False, _first(first, first_year), _last(last, last_year), precision,
        first.year is not None or last.year is not None, notes=notes,
    )  # fmt: skip


def _spans(text: str, at: int, start: int, around: Surroundings) -> Reading | None:
    if found := _SPAN_OF_YEARS.match(text, at):
        begin, finish = int(found["first"]), int(found["last"])
        if begin <= finish and not around.prose:
            return _reading(start, found.end(), "in", False, _iso(begin, 1, 1), _iso(finish, 12, 31), "year", True)
    if found := _SPAN_OF_MONTHS.match(text, at):
        year = _year(found) or around.year
        first_month, last_month = int(found["first"]), int(found["last"])
        if first_month < last_month:
            last_day = _iso(year, last_month, _last_day(year, last_month))
            notes: tuple[Note, ...] = ("leap_year_unknown",) if last_month == 2 and year is None else ()
            first = _iso(year, first_month, 1)
            written = _year(found) is not None
            return _reading(start, found.end(), "in", False, first, last_day, "month", written, notes=notes)
    return None


def _recurring(text: str, at: int, start: int) -> Reading | None:
    found = _RECURRING.match(text, at)
    if found is None:
        return None
    recurs: Recurrence = next(name for name in ("half_year", "quarter", "year", "month", "week", "day") if found[name])
    at = found.end()
    if recurs == "year" and (point := _point(text, at)) and point.year is None and point.month:
        tail = _TAIL.match(text, point.end)
        before = bool(tail and tail["before"])
        end = tail.end() if tail else point.end
        if before or point.closing or point.precision == "day":
            return _reading(
                start,
                end,
                "<=",
                before,
                None,
                _last(point, None),
                point.precision,
                False,
                recurs,
                _notes(point, None),
            )
        return _reading(
            start,
            end,
            "in",
            False,
            _first(point, None),
            _last(point, None),
            point.precision,
            False,
            recurs,
            _notes(point, None),
        )
    if recurs == "month" and (day := _DAY_ALONE.match(text, at)):
        tail = _TAIL.match(text, day.end())
        before = bool(tail and tail["before"])
        return _reading(
            start,
            tail.end() if tail else day.end(),
            "<=",
            before,
            None,
            f"XXXX-XX-{_number(day['day']):02d}",
            "day",
            False,
            recurs,
        )
    if closing := _RECURRING_END.match(text, at):
        tail = _TAIL.match(text, closing.end())
        before = bool(tail and tail["before"])
        last = "XXXX-12-31" if recurs == "year" else None
        precision = _RECURRING_PRECISION[recurs]
        return _reading(
            start,
            tail.end() if tail and before else closing.end(),
            "<=",
            before,
            None,
            last,
            precision,
            False,
            recurs,
        )
    return None


def read_bare_recurrence(text: str, at: int) -> Reading | None:
    """``每月``, ``每季度`` with neither a day nor a number after it: a period that recurs."""
    found = _RECURRING.match(text, at)
    if found is None:
        return None
    recurs: Recurrence = next(name for name in ("half_year", "quarter", "year", "month", "week", "day") if found[name])
    precision = _RECURRING_PRECISION[recurs]
    return _reading(at, found.end(), "in", False, None, None, precision, False, recurs)
