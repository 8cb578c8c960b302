"""The unit registry (``units.toml``): reading a unit, a multiplied unit (万平方米) and a rate (元/人·月)."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import NamedTuple

import regex

from kpi.schema import Dimension
from kpi.values import numerals
from kpi.values.fold import fold


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
    """``names``: folded spelling → unit; ``typos``: folded slip → unit; ``pattern`` matches the longest of all."""

    names: dict[str, Unit]
    typos: dict[str, Unit]
    pattern: regex.Pattern[str]


@cache
def registry() -> Registry:
    """The registry of ``units.toml``, read once."""
    entries = tomllib.loads(resources.files("kpi.values").joinpath("units.toml").read_text(encoding="utf-8"))
    names: dict[str, Unit] = {}
    typos: dict[str, Unit] = {}
    for symbol, entry in entries.items():
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
        for slip in entry.get("typos", []):
            typos.setdefault(fold(slip), unit)
    spellings = sorted({*names, *typos}, key=len, reverse=True)
    # A unit in Latin letters must not run on into further letters: 5m, not 5month.
    alternatives = [
        regex.escape(s) + ("(?![A-Za-z])" if s[-1].isascii() and s[-1].isalpha() else "") for s in spellings
    ]
    return Registry(names, typos, regex.compile("|".join(alternatives)))


# What follows a one-character classifier and makes it part of another word: 3年级, 2级, 5号楼.
_NOT_A_UNIT = regex.compile(
    r"季节|年级|年代|月亮|日常|分之|分管|分批|个别|项下|级别|点以|类别|路径|面对|面向"
    r"|部门|部分|对口|所有|家长|处理|处置|条件|条例|把握|站在|门户|首次|口径"
)
_SPACE = regex.compile(r" *")


def read(text: str, at: int) -> UnitAt | None:
    """The unit at ``at`` in folded text, with a multiplier before it where one stands there; ``None`` if none does."""
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    return _plain(text, at) or _multiplied(text, at)


def _plain(text: str, at: int) -> UnitAt | None:
    known = registry()
    found = known.pattern.match(text, at)
    if found is None or (_NOT_A_UNIT.match(text, at) and len(found[0]) == 1):
        return None
    unit = known.names.get(found[0])
    return UnitAt(unit, found.end()) if unit else UnitAt(known.typos[found[0]], found.end(), typo=True)


def _multiplied(text: str, at: int) -> UnitAt | None:
    best: UnitAt | None = None
    multiplier = numerals.multiplier(text, at)
    for length in range(1, len(multiplier) + 1):  # 万千瓦时 is 万 of 千瓦时, 千万元 is 千万 of 元
        inner = _plain(text, _SPACE.match(text, at + length).end())  # type: ignore[union-attr]
        if inner and (best is None or inner.end > best.end):
            best = inner._replace(multiplier=multiplier[:length])
    return best


_PER = regex.compile(r" *(?:/ *每?|每) *\(?")
_AND = regex.compile(r" *[·•・./*×、] *|每|")
_COUNTED = regex.compile(r"\d+[十百千万]*")
_CLOSE = regex.compile(r" *\)")
_PERSON_TIMES = {"人年": "人·年", "人月": "人·月", "人天": "人·日"}


def read_per(text: str, at: int) -> tuple[str, int] | None:
    """A denominator such as ``/人·月`` or ``/10万人`` at ``at`` → its canonical form (``人·月``) and where it ends."""
    opened = _PER.match(text, at)
    return _denominators(text, opened.end(), opened[0].endswith("(")) if opened else None


def _denominators(text: str, at: int, bracketed: bool = False) -> tuple[str, int] | None:
    parts: list[str] = []
    end = at
    while (part := _denominator(text, at)) is not None:
        parts.append(part[0])
        end = part[1]
        at = _AND.match(text, end).end()  # type: ignore[union-attr]
        if at == end and text[end : end + 1] not in (
            "月",
            "年",
            "日",
            "天",
        ):  # 元/人月 runs together, 元/人均 does not
            break
    if not parts:
        return None
    if bracketed and (closed := _CLOSE.match(text, end)):
        end = closed.end()
    return "·".join(parts), end


def _denominator(text: str, at: int) -> tuple[str, int] | None:
    counted = _COUNTED.match(text, at)
    unit = _plain(text, counted.end() if counted else at)
    if unit is None:
        return None
    if unit.unit.symbol == "个":  # 每个村: the noun says what is counted
        unit = _plain(text, unit.end) or unit
    symbol = _PERSON_TIMES.get(unit.unit.symbol, unit.unit.symbol)
    return (counted[0] if counted else "") + symbol, unit.end


_EACH = regex.compile(
    r"每|(?P<average>[人户亩]均|[年月日]均(?=[\d≥≤><=约增减提降不至达超]))|一(?=(?:年|个月|月|周|天|季度)(?:至少|不少于|不低于|≥|>=)?\d)"
)


def read_each(text: str, at: int) -> tuple[str, int] | None:
    """A rate before the number: ``每人每月`` → ``人·月``, ``人均`` → ``人``; and where it ends."""
    parts: list[str] = []
    end = at
    while found := _EACH.match(text, end):
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


@cache
def whole(text: str) -> Written | None:
    """The unit that ``text`` (a unit cell, or the inside of brackets) prints and nothing besides, or ``None``."""
    folded = fold(text.strip())
    found = read(folded, 0)
    if found is None or found.typo:
        return None
    per = read_per(folded, found.end)
    end = per[1] if per else found.end
    return Written(found.unit, found.multiplier, per[0] if per else None) if end == len(folded) else None
