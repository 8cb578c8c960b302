"""The unit registry (``units.toml``): reading a unit, a multiplied unit (万平方米) and a rate (元/人·月)."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from kpi.schema import Dimension
from kpi.values import numerals, vocabulary
from kpi.values.fold import after_spaces, fold


class Unit(NamedTuple):
    """A unit: one of it is ``factor`` of ``base``. ``bare``: it only says what the number is (0.97比例)."""

    symbol: str
    dimension: Dimension
    base: str
    factor: Decimal
    bare: bool = False
    prose: bool = True


class UnitAt(NamedTuple):
    """A unit read at a place. ``multiplier`` stands before it (万平方米), ``typo``: a slip was read as the unit."""

    unit: Unit
    end: int
    multiplier: str = ""
    typo: bool = False


class Registry(NamedTuple):
    """``names``: folded spelling → unit; ``typos``: folded slip → unit; ``pattern`` matches the longest of all.

    ``spoken``: the unit that another one is behind a number in Chinese characters (三块 are 三元).
    ``currencies``: what may stand before an amount of money (¥, 人民币) → its unit, with a pattern of its own.
    """

    names: dict[str, Unit]
    typos: dict[str, Unit]
    currencies: dict[str, Unit]
    pattern: regex.Pattern[str]
    currency_pattern: regex.Pattern[str]
    not_a_unit: regex.Pattern[str]
    spoken: dict[str, Unit]


@cache
def registry() -> Registry:
    """The registry of ``units.toml``, read once."""
    names: dict[str, Unit] = {}
    typos: dict[str, Unit] = {}
    currencies: dict[str, Unit] = {}
    spoken: dict[str, Unit] = {}
    for symbol, entry in vocabulary.load("units.toml").items():
        unit = Unit(
            symbol,
            entry.get("dimension", "count"),
            entry.get("base", symbol),
            Decimal(entry.get("factor", "1")),
            entry.get("bare", False),
            entry.get("prose", True),
        )
        for spelling in [symbol, *entry.get("aliases", [])]:
            names[fold(spelling)] = unit
        for sign in entry.get("before", []):
            currencies[fold(sign)] = unit
        for word in entry.get("spoken", []):
            spoken[word] = unit
        for slip in entry.get("typos", []):
            typos.setdefault(fold(slip), unit)
    for spelling in [s for s in names if _POWER.fullmatch(s)]:  # KM², Km2: no other unit is meant
        for cased in (spelling.upper(), spelling.capitalize()):
            names.setdefault(cased, names[spelling])
    spellings = sorted({*names, *typos}, key=len, reverse=True)
    # A slip is one only where nothing follows that would make it a word (15加, not 15加强; 50明, not 50明细).
    # A unit in Latin letters must not run on into further letters or a power: 5m, not 5month, not 5m⁴.
    alternatives = [
        regex.escape(s)
        + (r"(?![A-Za-z²³⁴^])" if s[-1].isascii() and s[-1].isalpha() else "")
        + (_AFTER_SLIP if s not in names else "")
        for s in spellings
    ]
    return Registry(
        names,
        typos,
        currencies,
        regex.compile("|".join(alternatives)),
        regex.compile(rf"(?P<sign>{vocabulary.any_of(currencies)}) *"),
        regex.compile(vocabulary.any_of(vocabulary.load("phrases.toml")["not_a_unit"]["words"])),
        spoken,
    )


_AFTER_SLIP = r"(?!(?!及?以[上下内]|之内|左右|上下|每)\p{Han})"
_POWER = regex.compile(r"[A-Za-z]+[²³23]")


def read(text: str, at: int) -> UnitAt | None:
    """The unit at ``at`` in folded text, with a multiplier before it where one stands there; ``None`` if none does."""
    at = after_spaces(text, at)
    if text[at : at + 1] == "(":  # 1000（人）
        inner = _plain(text, at + 1) or _multiplied(text, at + 1)
        return inner._replace(end=inner.end + 1) if inner and text[inner.end : inner.end + 1] == ")" else None
    return _plain(text, at) or _multiplied(text, at)


def _plain(text: str, at: int) -> UnitAt | None:
    known = registry()
    found = known.pattern.match(text, at)
    if found is None or (len(found[0]) == 1 and known.not_a_unit.match(text, at)):
        return None
    unit = known.names.get(found[0])
    return UnitAt(unit, found.end()) if unit else UnitAt(known.typos[found[0]], found.end(), typo=True)


def read_currency(text: str, at: int) -> UnitAt | None:
    """The currency that stands at ``at`` before its amount: ``¥``, ``人民币``, ``$``."""
    known = registry()
    found = known.currency_pattern.match(text, at)
    return UnitAt(known.currencies[found["sign"]], found.end()) if found else None


def _multiplied(text: str, at: int) -> UnitAt | None:
    best: UnitAt | None = None
    multiplier = numerals.multiplier(text, at)
    for length in range(1, len(multiplier) + 1):  # 万千瓦时 is 万 of 千瓦时, 千万元 is 千万 of 元
        inner = _plain(text, after_spaces(text, at + length))
        if inner and (best is None or inner.end > best.end):
            best = inner._replace(multiplier=multiplier[:length])
    return best


_PER = regex.compile(r" *(?:/ *每?|每) *\(?")
_AND = regex.compile(r" *[·•・./*×、] *|每")
_FACTORS = 4  # 元/人·月·次: no rate is longer
_COUNTED = regex.compile(r"\d+[十百千万]*|(?P<spelt>[两二三四五六七八九十])(?=年|学年|个?月|个?季度|周|天|日)|半(?=年)")
_CLOSE = regex.compile(r" *\)")
_PERSON_TIMES = {"人年": "人·年", "人月": "人·月", "人天": "人·日"}


def read_per(text: str, at: int) -> tuple[str, int] | None:
    """A denominator such as ``/人·月`` or ``/10万人`` at ``at`` → its canonical form (``人·月``) and where it ends."""
    opened = _PER.match(text, at)
    return _denominators(text, opened.end(), opened[0].endswith("(")) if opened else None


def _denominators(text: str, at: int, bracketed: bool = False) -> tuple[str, int] | None:
    parts: list[str] = []
    end = at
    while len(parts) < _FACTORS and (part := _denominator(text, at)) is not None:
        parts.append(part[0])
        end = part[1]
        at = joint.end() if (joint := _AND.match(text, end)) else end
        if at == end and text[end : end + 1] not in ("月", "年", "日", "天"):
            break  # 元/人月 runs together, 元/人均 does not
    if not parts:
        return None
    if bracketed and (closed := _CLOSE.match(text, end)):
        end = closed.end()
    return "·".join(parts), end


def _denominator(text: str, at: int) -> tuple[str, int] | None:
    counted = _COUNTED.match(text, at)
    unit = _plain(text, counted.end() if counted else at)
    if unit is None and counted is None and (many := _multiplied(text, at)):  # 件/万人
        return many.multiplier + many.unit.symbol, many.end
    if unit is None or unit.unit.dimension == "ratio":  # 100%/95% is two shares
        return None
    if unit.unit.symbol == "个":  # 每个村: the noun says what is counted
        unit = _plain(text, unit.end) or unit
    symbol = _PERSON_TIMES.get(unit.unit.symbol, unit.unit.symbol)
    number = (counted[0] if not counted["spelt"] else str(numerals.chinese(counted[0]))) if counted else ""
    return number + symbol, unit.end


_EACH = regex.compile(
    r"""每|(?P<average>[人户亩]均|[年月日]均(?=[\d≥≤><=约增减提降不至达超]))
       # A period without 每: 一年4次, 半年一次, 两周一次.
       |(?:一|(?=[半两]))(?=[半两]?(?:年|个?月|周|天|季度|学期|学年)(?:至少|不少于|不低于|≥|>=)?
           (?:\d(?![\d.]*[%‰])|[一二两三四五六七八九十][次场期回轮]))""",
    regex.VERBOSE,
)


def read_each(text: str, at: int) -> tuple[str, int] | None:
    """A rate before the number: ``每人每月`` → ``人·月``, ``人均`` → ``人``; and where it ends."""
    parts: list[str] = []
    end = at
    while len(parts) < _FACTORS and (found := _EACH.match(text, end)):
        if found["average"]:
            parts.append(found["average"][0])
            end = found.end()
            continue
        part = _denominator(text, found.end())
        if part is None:
            break
        parts.append(part[0])
        end = part[1]
    return ("·".join(parts), end) if parts else None


class Written(NamedTuple):
    """A unit with its rate, as a column or a name's brackets print it: ``元/人·月``."""

    unit: Unit
    multiplier: str
    per: str | None
    typo: bool = False


LONGEST = 64  # no unit cell is longer


@lru_cache(maxsize=1024)
def whole(text: str) -> Written | None:
    """The unit that ``text`` (a unit cell, or the inside of brackets) prints and nothing besides, or ``None``.

    Callers keep ``text`` within ``LONGEST`` characters, so that what is remembered stays small.
    """
    found = _whole(text)
    return None if found is None or found.typo else found


def misspelt(text: str) -> Written | None:
    """The unit that ``text``, a unit cell, means with a slip of the pen (加 for 家), or ``None``."""
    found = _whole(text)
    return found if found and found.typo else None


def _whole(text: str) -> Written | None:
    folded = fold(text.strip())
    found = read(folded, 0)
    if found is None:
        return None
    per = read_per(folded, found.end)
    end = per[1] if per else found.end
    written = Written(found.unit, found.multiplier, per[0] if per else None, found.typo)
    return written if end == len(folded) else None
