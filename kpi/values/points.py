"""Points and stretches of time as written: a day, a part of a month, a month, quarter, half-year or year."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import regex

from kpi.schema import Note, Precision
from kpi.values import numerals, vocabulary

_CN = "零一二三四五六七八九"
_FLAGS = regex.VERBOSE

# The year before what follows: 2025年, 二零二四年, 25年 (only before a month), 次年, 当年.
_YEAR = rf"""
    (?:(?P<year>(?:19|20)\d\d|[两二]千(?=年)|[一二][零九][{_CN}]{{2}})|(?<!\d)(?P<short>\d\d|零[{_CN}])
        (?=\ *年(?:(?:1[0-2]|0?[1-9]|[{_CN}十]{{1,2}})月|第?[一二三四1-4]季|[上下]半年|[底末])
           |(?<=0\d)\ *年(?=以?之?[前后])))
    \ *年(?:度)?\ *
"""
_RELATIVE = r"(?P<this>当年|本年度?|同年|今年|次年|下年|翌年|第二年|去年|上一?年)\ *"
_YEARS_ON = {"次年": 1, "下年": 1, "翌年": 1, "第二年": 1, "去年": -1, "上年": -1, "上一年": -1}
_MONTH = r"(?P<month>元|正|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"

_COMPACT = regex.compile(
    r"""(?P<year>20[0-4]\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])
        (?=日|前|之|止|起|以|[-—~至到,、。;)\ ]|$)日?""",
    _FLAGS,
)
_NUMERIC = regex.compile(
    r"""(?P<year>(?:19|20)\d\d)(?:(?P<sep>[-/.])|(?P<gap>\ ))(?P<month>1[0-2]|0[1-9]|[1-9](?!\d))
        (?(gap)\ (?P<day>3[01]|[12]\d|0[1-9])|(?:(?P=sep)(?P<day>3[01]|[12]\d|0?[1-9]))?)(?![\d.]\d|\d)日?""",
    _FLAGS,
)
_MONTHLY = regex.compile(
    rf"""(?:{_YEAR})?(?:{_RELATIVE})?{_MONTH}\ *月(?:份)?(?!刊|亮|嫂|子)\ *
        (?:{DAY}\ *(?:[日号](?!常|均|间)|(?=$|[^\d.\s个万亿元%人次户场期台套年月天名家件项份批]))
          |(?P<part>上旬|中旬|下旬|月初|初|中(?![心央小])|月?底|月?末))?""",
    _FLAGS,
)
_QUARTERLY = regex.compile(
    rf"""(?:{_YEAR})?(?:{_RELATIVE})?
        (?:第(?P<quarter>[一二三四1-4])季度?|前(?P<until>[一二三1-3])个?季度|(?P<plain>[一二三四1-4])季度(?!一)|Q(?P<q>[1-4]))
        \ *(?P<part>底|末)?""",
    _FLAGS,
)
_HALF_YEARLY = regex.compile(rf"(?:{_YEAR})?(?:{_RELATIVE})?(?P<half>[上下前后])半年\ *(?P<part>底|末)?", _FLAGS)
# An hour after a day says no more than the day: 12月31日24时前.
CLOCK = regex.compile(r" *\d{1,2}(?:[时点](?:整|\d{1,2}分)?|:\d{2}(?::\d{2})?)(?!间|长|效)")

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TEN_DAYS = {
    "上旬": (1, 10), "初": (1, 10), "月初": (1, 10), "中旬": (11, 20), "中": (11, 20), "下旬": (21, 31)
}  # fmt: skip
MonthDay = tuple[int, int]


class Point(NamedTuple):
    """A stretch of time from ``first`` to ``last`` (month, day; day 31 stands for the month's end).

    ``year`` is ``None`` where it is not written; ``closing`` (底, 末) means the end of the stretch only, ``years_on``
    how many years after the document's it lies (次年 1, 去年 -1).
    """

    year: int | None
    first: MonthDay
    last: MonthDay
    precision: Precision
    end: int
    closing: bool = False
    years_on: int = 0

    def starts(self, year: int | None) -> str:
        """The first day, ISO, in ``year`` (``XXXX`` where it is not known)."""
        return iso(year, *self.first)

    def ends(self, year: int | None) -> str:
        """The last day, ISO; a written day stays as written, even where the calendar has none."""
        month, day = self.last
        return iso(year, month, day if self.precision == "day" else min(day, last_day(year, month)))

    def notes(self, year: int | None) -> tuple[Note, ...]:
        """What is odd about it: a day that does not exist, an end of February in an unknown year."""
        month, day = self.last
        if self.precision == "day" and day > (29 if month == 2 and year is None else last_day(year, month)):
            return ("impossible_date",)
        return ("leap_year_unknown",) if month == 2 and year is None and day > 28 else ()


def iso(year: int | None, month: int, day: int) -> str:
    """``2025-06-30``; ``XXXX-06-30`` without a year."""
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"XXXX-{month:02d}-{day:02d}"


def last_day(year: int | None, month: int) -> int:
    """The month's last day; of February 28 where the year is not known."""
    leap = month == 2 and year is not None and ((year % 4 == 0 and year % 100 != 0) or year % 400 == 0)
    return 29 if leap else _DAYS[month - 1]


def number(text: str) -> int:
    """A day, month or year in Arabic or Chinese digits."""
    if text in ("元", "正"):
        return 1
    return int(text) if text.isdigit() else int(numerals.chinese(text))


def year_of(found: regex.Match[str]) -> int | None:
    """The written year of a match that holds the groups ``year`` and ``short``."""
    if found["year"]:
        return number(found["year"])
    return 2000 + number(found["short"]) if found["short"] else None


@cache
def _yearly() -> regex.Pattern[str]:
    """A year, its beginning or end; 年末余额 and 年初预算 name a figure by when it stood and set no date."""
    words = vocabulary.load("phrases.toml")["not_a_date"]
    balance, fixed = vocabulary.any_of(words["balances"]), vocabulary.any_of(words["fixed_then"])
    return regex.compile(
        rf"""{_YEAR}(?!度?[以之]?[上下]|代|级|生|均|的?基础)(?P<part>年?底|年?末|终|年?初|内|全年|整年)?
          |(?<![上去前学])(?P<end>(?:本年度?|当年度?|今年|本|(?P<next>次年|下年|翌年))?(?:年底|年末|年终)|(?:本年|当年|今年)[底末])
              (?!{balance})
          |(?P<whole>全年度?|常年|终年|(?<!学)年度?内|当年内?|今年内?|本年度?内?|整年)(?![均平])
          |(?<![较比同与])(?P<begin>年初)(?!{balance}|{fixed})""",
        _FLAGS,
    )


def read(text: str, at: int) -> Point | None:
    """The point or stretch of time that starts at ``at`` in folded text, or ``None``."""
    if found := _COMPACT.match(text, at) or _NUMERIC.match(text, at):
        return _numeric(found)
    if found := _MONTHLY.match(text, at):
        return _monthly(found, text)
    if found := _QUARTERLY.match(text, at):
        quarter = number(found["until"] or found["quarter"] or found["plain"] or found["q"])
        first = 1 if found["until"] else quarter * 3 - 2
        years_on = _YEARS_ON.get(found["this"], 0)
        end = (quarter * 3, 31)
        return Point(year_of(found), (first, 1), end, "quarter", found.end(), bool(found["part"]), years_on)
    if found := _HALF_YEARLY.match(text, at):
        last = 6 if found["half"] in "上前" else 12
        years_on = _YEARS_ON.get(found["this"], 0)
        return Point(year_of(found), (last - 5, 1), (last, 31), "half_year", found.end(), bool(found["part"]), years_on)
    if found := _yearly().match(text, at):
        if found["begin"] or found["part"] in ("初", "年初"):
            return Point(year_of(found), (1, 1), (1, 31), "month", found.end())
        closing = bool(found["end"]) or found["part"] in ("底", "末", "年底", "年末", "终")
        return Point(year_of(found), (1, 1), (12, 31), "year", found.end(), closing, int(bool(found["next"])))
    return None


def _numeric(found: regex.Match[str]) -> Point | None:
    year, month = int(found["year"]), int(found["month"])
    if found["day"]:
        day = (month, int(found["day"]))
        return Point(year, day, day, "day", found.end())
    if found["sep"] == "." and len(found["month"]) < 2:
        return None  # 2024.5 is a number
    return Point(year, (month, 1), (month, 31), "month", found.end())


def _monthly(found: regex.Match[str], text: str) -> Point:
    year, month, years_on = year_of(found), number(found["month"]), _YEARS_ON.get(found["this"], 0)
    if found["day"]:
        day = (month, number(found["day"]))
        end = clock.end() if (clock := CLOCK.match(text, found.end())) else found.end()
        return Point(year, day, day, "day", end, years_on=years_on)
    if found["part"] in TEN_DAYS:
        begin, end_day = TEN_DAYS[found["part"]]
        return Point(year, (month, begin), (month, end_day), "ten_days", found.end(), years_on=years_on)
    closing = found["part"] in ("底", "末", "月底", "月末")
    return Point(year, (month, 1), (month, 31), "month", found.end(), closing, years_on)
