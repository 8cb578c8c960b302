"""The vocabularies of ``headers.toml`` and ``tiers.toml``: what a heading, a label, a tier name says."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, cast

import regex

from kpi.schema import Tier1, Tier2

_BRACKETS = regex.compile(r"\([^()]*\)?\)*")
_IGNORED = regex.compile(r"[\s:：]+$|\s+")
_TO_ASCII = str.maketrans("（）：", "():")


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.tables").joinpath(name).read_text(encoding="utf-8"))


@cache
def _spellings(file: str, section: str) -> dict[str, tuple[str, ...]]:
    """Spelling → the fields that claim it, in the order of the file."""
    claims: dict[str, list[str]] = {}
    for field, wordings in _load(file)[section].items():
        for wording in wordings:
            claims.setdefault(plain(wording), []).append(field)
    return {wording: tuple(fields) for wording, fields in claims.items()}


def plain(text: str) -> str:
    """A heading as it is compared: no spaces, brackets in ASCII, no closing colon."""
    return _IGNORED.sub("", text.translate(_TO_ASCII))


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text)


def _fields(file: str, section: str, text: str) -> tuple[str, ...]:
    if not text or len(text) > 40:
        return ()
    known = _spellings(file, section)
    whole = plain(text)
    return known.get(whole) or known.get(_bare(whole), ())


def column_fields(heading: str) -> tuple[str, ...]:
    """The fields that a heading cell may stand for, the likeliest first."""
    return _fields("headers.toml", "columns", heading)


def head_label(text: str) -> str | None:
    """The field of the project's head that a cell labels, or ``None``."""
    fields = _fields("headers.toml", "head", text)
    return fields[0] if fields else None


@cache
def _rows() -> tuple[tuple[str, ...], frozenset[str]]:
    rows = _load("headers.toml")["rows"]
    return tuple(map(plain, rows["remarks"])), frozenset(map(plain, rows["foreign"]))


def is_remark(text: str) -> bool:
    """Whether a row that begins with ``text`` is a note or a signature line, not an indicator."""
    return plain(text).startswith(_rows()[0])


def is_foreign(text: str) -> bool:
    """Whether ``text`` is a heading of some other table of a budget document."""
    return bool(text) and _bare(plain(text)) in _rows()[1]


def tier_text(text: str) -> str:
    """A tier name as printed, without inner spaces and without weights in brackets: 产出指标(50分) → 产出指标."""
    return _bare(plain(text))


def tier1(text: str | None) -> Tier1 | None:
    """The canonical first tier, or ``None`` for an unknown word."""
    return cast("Tier1 | None", _tier("first", text))


def tier2(text: str | None) -> Tier2 | None:
    """The canonical second tier, or ``None`` for an unknown word."""
    return cast("Tier2 | None", _tier("second", text))


def _tier(level: str, text: str | None) -> str | None:
    fields = _spellings("tiers.toml", level).get(tier_text(text), ()) if text else ()
    return fields[0] if fields else None
