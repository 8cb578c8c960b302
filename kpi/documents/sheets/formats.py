"""A number of a sheet as it is shown: ``0.95`` under the format ``0%`` is ``95%``, ``45000`` may be a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import isfinite
from typing import NamedTuple

import regex

_SIGNIFICANT = 15  # digits that a spreadsheet keeps; those beyond are an accident of its binary numbers
_EXACT = 10**_SIGNIFICANT
_MAX_PLACES = 15
_MAX_FORMAT = 255
_LARGEST_DAY = 2_958_465  # 9999-12-31
# Formats that a file names by number alone: 27 to 36 and 50 to 58 are those of a Chinese program.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
    32: "h时mm分", 33: "h时mm分ss秒", 34: "AM/PMh时mm分", 35: "AM/PMh时mm分ss秒", 36: "yyyy年m月",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
    50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "AM/PMh时mm分",
    56: "AM/PMh时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
# One piece of a format: quoted or escaped text, room for a character, brackets, a run of letters or digits, a sign.
_PIECE = regex.compile(
    r'"(?P<quoted>[^"]*+)"?|[\\!](?P<escaped>.)|[_*].|\[(?P<brackets>[^\]]*+)\]?|(?P<half>AM/PM|A/P|上午/下午)'
    r"|(?P<general>General|G/通用格式)|(?P<scientific>E[+-]0+)|(?P<date>y+|m+|d+|h+|s+|a{3,4}|b+|e+)(?P<part>\.0+)?"
    r"|(?P<digits>[0#?][0#?,]*+(?:\.[0#?]*+)?,*+|\.[0#?]++,*+)|(?P<fraction>/)|(?P<text>@)|(?P<other>.)",
    regex.IGNORECASE | regex.DOTALL,
)
_ELAPSED = regex.compile(r"[hms]+", regex.IGNORECASE)
_CURRENCY = regex.compile(r"\$([^-]*+)(?:-.*)?")
_CONDITION = regex.compile(r"[<>=]")
_WEEKDAYS = "一二三四五六日"


class _Piece(NamedTuple):
    kind: str
    text: str


class Format(NamedTuple):
    """A number format taken apart: for numbers above, below and at zero, each a row of pieces."""

    sections: tuple[tuple[_Piece, ...], ...]
    is_date: bool = False


GENERAL = Format(())
_BRACKETS = (_Piece("literal", "("), _Piece("literal", ")"))


@cache
def format_of(code: str) -> Format:
    """The format that ``code`` says; one that cannot be followed (fractions, conditions) shows the plain number."""
    sections: list[list[_Piece]] = [[]]
    for found in _PIECE.finditer(code[:_MAX_FORMAT]):
        kind, text = found.lastgroup or "", found[0]
        if kind == "other" and text == ";":
            sections.append([])
        elif kind == "brackets":
            inside = found["brackets"]
            if _CONDITION.search(inside):
                return GENERAL
            if _ELAPSED.fullmatch(inside):
                return GENERAL
            if currency := _CURRENCY.fullmatch(inside):
                sections[-1].append(_Piece("literal", currency[1]))
        elif kind == "fraction" and any(piece.kind == "digits" for piece in sections[-1]):
            return GENERAL
        elif kind in ("quoted", "escaped"):
            sections[-1].append(_Piece("literal", found[kind]))
        elif kind in ("other", "fraction"):
            sections[-1].append(_Piece("percent" if text in "%％" else "literal", text))
        elif kind == "part":
            sections[-1].append(_Piece("date", found["date"].lower()))
        elif kind:
            sections[-1].append(_Piece(kind, text.lower() if kind == "date" else text))
    is_date = any(piece.kind == "date" for piece in sections[0])
    if any(piece.kind == "scientific" for piece in sections[0]):
        return GENERAL
    return Format(tuple(map(tuple, sections)), is_date)


@cache
def built_in(number: int) -> Format:
    """The format that a file means by ``number``."""
    return format_of(_BUILT_IN[number]) if number in _BUILT_IN else GENERAL


def plain(number: float | str) -> str:
    """A number without a format: 95, 0.9, 0.3 (never 0.30000000000000004), no exponent. ``ValueError`` if it is none.

    >>> plain(95.0), plain("0.94999999999999996"), plain(0.1 + 0.2), plain(1e20), plain(-0.0)
    ('95', '0.95', '0.3', '100000000000000000000', '0')
    """
    if isinstance(number, float | int) and abs(number) < _EXACT and number == int(number):
        return str(int(number))
    return _plain(_decimal(number))


def shown(number: float | str, how: Format, *, from_1904: bool = False) -> str:
    """``number`` as the sheet shows it under the format ``how``."""
    exact = _decimal(number)
    if how.is_date:
        day = moment(float(exact), from_1904=from_1904)
        return _plain(exact) if day is None else shown_date(day, how)
    if not how.sections:
        return _plain(exact)
    at = 0 if exact > 0 or len(how.sections) == 1 else 1 if exact < 0 else min(2, len(how.sections) - 1)
    if exact == 0 and len(how.sections) == 2:
        at = 0
    section = how.sections[at]
    sign = "-" if exact < 0 and not any("-" in piece.text for piece in section if piece.kind == "literal") else ""
    if sign and at:
        if _words(section) not in ("", _words(how.sections[0])):
            sign = ""  # the section has a sign or a word of its own: ``0;"下降"0``
        # otherwise brackets or a colour alone say that the number is negative
        section = tuple(piece for piece in section if piece not in _BRACKETS)
    if any(piece.kind in ("digits", "general", "text") for piece in section):
        return _number(abs(exact), section, sign)
    # A section without a place for digits hides the number or replaces it (``0;;"—"``).
    return "".join(piece.text for piece in section if piece.kind == "literal").strip() if section or at else ""


def _words(section: tuple[_Piece, ...]) -> str:
    """What a section writes around the number, without brackets and blanks."""
    return "".join(piece.text for piece in section if piece.kind == "literal" and piece not in _BRACKETS).replace(
        " ", ""
    )


def moment(number: float, *, from_1904: bool = False) -> datetime | None:
    """The day (and time) of a serial number; ``None`` where there is none such."""
    if not 0 <= number <= _LARGEST_DAY:
        return None
    # Excel has a 29th of February 1900.
    begin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        return begin + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return None


def shown_date(day: datetime, how: Format) -> str:
    """A day as the format writes it; months are numbers, weekdays Chinese."""
    written: list[str] = []
    pieces = how.sections[0]
    kinds = [piece.text for piece in pieces if piece.kind == "date"]
    if _is_foreign(kinds, pieces):
        return _in_chinese(day, kinds)
    at = -1
    for piece in pieces:
        if piece.kind == "date":
            at += 1
            minutes = (at > 0 and kinds[at - 1][0] == "h") or (at + 1 < len(kinds) and kinds[at + 1][0] == "s")
            written.append(_part(day, piece.text, minutes))
        elif piece.kind == "half":
            written.append("上午" if day.hour < 12 else "下午")
        elif piece.kind in ("literal", "digits"):
            written.append(piece.text)
    return "".join(written).strip()


def _is_foreign(kinds: list[str], pieces: tuple[_Piece, ...]) -> bool:
    """Whether a day is not written from the year down, or with the month's name: 12-31-25 may be read in two ways."""
    if any(piece.text in "年月日" for piece in pieces if piece.kind == "literal"):
        return False
    clock = {"h", "s"} & {kind[0] for kind in kinds}
    return any(len(kind) > 2 and kind[0] == "m" for kind in kinds) or (not clock and kinds[0][0] in "md")


def _in_chinese(day: datetime, kinds: list[str]) -> str:
    parts = {kind[0] for kind in kinds}
    year = f"{day.year}年" if parts & {"y", "e"} else ""
    return year + (f"{day.month}月" if "m" in parts else "") + (f"{day.day}日" if "d" in parts else "")


def _part(day: datetime, code: str, minutes: bool) -> str:
    match code[0]:
        case "y" | "e":
            return str(day.year)  # all of it even for ``yy``: 25-12-31 may be read in two ways
        case "m":
            number = day.minute if minutes else day.month
            return f"{number:02}" if len(code) == 2 else str(number)
        case "d":
            return f"{day.day:02}" if len(code) == 2 else str(day.day) if len(code) == 1 else _weekday(day)
        case "h":
            return f"{day.hour:02}" if len(code) > 1 else str(day.hour)
        case "s":
            return f"{day.second:02}"
        case "a":
            return _weekday(day).removeprefix("星期" if len(code) == 3 else "")
        case _:
            return ""


def _weekday(day: datetime) -> str:
    return f"星期{_WEEKDAYS[day.weekday()]}"


def _decimal(number: float | str) -> Decimal:
    value = float(number)
    if not isfinite(value):
        raise ValueError(number)
    return Decimal(f"{value:.{_SIGNIFICANT}g}")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _number(number: Decimal, section: tuple[_Piece, ...], sign: str) -> str:
    number *= 100 ** sum(piece.kind == "percent" for piece in section)
    places = [piece.text for piece in section if piece.kind == "digits"]
    first = places[0] if places else ""
    if len(places) == 2 and _Piece("literal", ".") in section:  # 0!.0,"万": a point set between the digits shows tenths
        first, number = f"{first}.{places[1]}", number / 10 ** len(places[1].rstrip(","))
    elif len(places) > 1:
        return sign + _plain(number)
    while first.endswith(","):  # a comma behind the digits shows thousands
        first, number = first[:-1], number / 1000
    digits = _digits(number, first)
    section = tuple(piece for piece in section if len(places) < 2 or piece != _Piece("literal", "."))
    if places and not any(character in "123456789" for character in digits):
        sign = ""
    written = [sign]
    for piece in section:
        if piece.kind in ("digits", "general", "text"):
            written.append(digits if piece.kind == "digits" else _plain(number))
            digits = ""
        elif piece.kind in ("literal", "percent"):
            written.append(piece.text)
    return "".join(written).strip()


def _digits(number: Decimal, code: str) -> str:
    whole, _, part = code.partition(".")
    places = min(len(part), _MAX_PLACES)
    fits = number.adjusted() + places < _SIGNIFICANT + 10  # longer ones have nothing behind the point to be rounded
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if fits else number
    text = f"{rounded:{',' if ',' in whole else ''}f}"
    for optional in reversed(part[:places]):
        if optional == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.rstrip(".")
    before, dot, after = text.partition(".")
    least = sum(character == "0" for character in whole)
    if before == "0" and not least:
        before = ""
    return before.rjust(least, "0") + dot + after
