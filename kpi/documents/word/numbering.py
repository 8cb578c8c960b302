"""Automatic numbering in Word files: the file holds a level, the reader of the page sees ``（一）``; it is restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import regex
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MAX_NUMBER = 9_999
_PLACE = regex.compile(r"%(\d)")
_DIGITS = "〇一二三四五六七八九"
_SEPARATORS = {"tab": "\t", "space": " ", "nothing": ""}


def chinese(number: int) -> str:
    """Up to 9999 as it is counted in Chinese.

    >>> chinese(7), chinese(10), chinese(12), chinese(105), chinese(2010)
    ('七', '十', '十二', '一百零五', '二千零一十')
    """
    written, gap = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            written += ("零" if gap and written else "") + _DIGITS[digit] + unit
        gap = not digit
    return written.removeprefix("一") if written.startswith("一十") else written or "零"


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""


def _roman(number: int) -> str:
    signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
             (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    written = ""
    for worth, sign in signs:
        written += sign * (number // worth)
        number %= worth
    return written


def _from(first: str, last: int) -> Callable[[int], str]:
    """Characters that stand in a row in Unicode (①, ⑴, ⒈), for 1 to ``last``; beyond that the digits."""
    return lambda number: chr(ord(first) + number - 1) if 1 <= number <= last else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in str(number)),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


class _Level(NamedTuple):
    start: int
    format: Callable[[int], str] | None  # None: a bullet, or something that is not counted
    text: str
    separator: str


class _List(NamedTuple):
    levels: dict[int, _Level]
    counters: list[int | None]


class Numbering:
    """The lists of a document, counted up as its paragraphs are met in order."""

    def __init__(self, numbering: etree._Element | None, styles: dict[str, tuple[str, int]]) -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._restart: dict[str, dict[int, int]] = {}
        for one in () if numbering is None else numbering.iter(f"{_W}abstractNum"):
            self._abstract[one.get(f"{_W}abstractNumId", "")] = _List(_levels(one), [None] * _LEVELS)
        for one in () if numbering is None else numbering.iter(f"{_W}num"):
            self._add(one)
        self.styles = styles

    def _add(self, num: etree._Element) -> None:
        number = num.get(f"{_W}numId", "")
        shared = self._abstract.get(_value(num, "abstractNumId"))
        if shared is None:
            return
        own = {}
        for override in num.iter(f"{_W}lvlOverride"):
            at = _int(override.get(f"{_W}ilvl"))
            own.update(_levels(override))
            if (start := override.find(f"{_W}startOverride")) is not None:
                self._restart.setdefault(number, {})[at] = _int(start.get(f"{_W}val"), 1)
        self._lists[number] = shared._replace(levels=shared.levels | own) if own else shared

    def prefix(self, properties: etree._Element | None) -> str:
        """The number before a paragraph with these properties (``w:pPr``); every call counts."""
        if properties is None or not self._lists:
            return ""
        number, at = self._place(properties)
        found = self._lists.get(number)
        if found is None or not 0 <= at < _LEVELS or at not in found.levels:
            return ""
        self._begin_anew(number, found, at)
        level, counters = found.levels[at], found.counters
        before = counters[at]
        counters[at] = level.start if before is None else min(before + 1, _MAX_NUMBER)
        counters[at + 1 :] = [None] * (_LEVELS - at - 1)
        if level.format is None or not level.text:
            return ""
        return _PLACE.sub(lambda place: _written(found, int(place[1]) - 1), level.text) + level.separator

    def _place(self, properties: etree._Element) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else those of its style."""
        direct = properties.find(f"{_W}numPr")
        style = self.styles.get(_value(properties, "pStyle"), ("", 0))
        if direct is None:
            return style
        return _value(direct, "numId") or style[0], _int(_value(direct, "ilvl"), style[1])

    def _begin_anew(self, number: str, found: _List, at: int) -> None:
        """A list may say that it starts its numbers over, though it shares them with another; it does so once."""
        start = self._restart.get(number, {}).pop(at, None)
        if start is not None:
            found.counters[at] = start - 1


def _written(found: _List, at: int) -> str:
    level = found.levels.get(at)
    if level is None or level.format is None:
        return ""
    number = found.counters[at]
    return level.format(level.start if number is None else number)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    return {_int(one.get(f"{_W}ilvl")): _level(one) for one in parent.iter(f"{_W}lvl")}


def _level(one: etree._Element) -> _Level:
    return _Level(
        min(_int(_value(one, "start"), 1), _MAX_NUMBER),
        _FORMATS.get(_value(one, "numFmt") or "decimal"),
        _value(one, "lvlText")[:40],
        _SEPARATORS.get(_value(one, "suff") or "tab", "\t"),
    )


_STYLE_ID = regex.compile(rb'styleId="([^"]{0,100})"')
_STYLE_NUMBER = regex.compile(rb'numId\s++(?:\w++:)?+val="(\d{1,9}+)"')
_STYLE_LEVEL = regex.compile(rb'ilvl\s++(?:\w++:)?+val="(\d)"')
_OPENED = b"numPr>"


def numbered_styles(styles: bytes) -> dict[str, tuple[str, int]]:
    """The styles that number their paragraphs, each with its list and level.

    Found by the bytes of the part: parsing the hundreds of styles of a usual file takes longer than its tables.
    """
    found = {}
    at = styles.find(_OPENED)
    while at >= 0:
        end = styles.find(_OPENED, at + 1)
        begin = styles.rfind(b"styleId=", 0, at)
        style = _STYLE_ID.match(styles, begin) if begin >= 0 else None
        place = styles[at:end]
        number, level = _STYLE_NUMBER.search(place), _STYLE_LEVEL.search(place)
        if style and number:
            found[style[1].decode("utf-8", "replace")] = (number[1].decode(), int(level[1]) if level else 0)
        at = styles.find(_OPENED, end + 1) if end >= 0 else -1
    return found


def _value(parent: etree._Element, name: str) -> str:
    child = parent.find(_W + name)
    return "" if child is None else child.get(f"{_W}val", "")


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
