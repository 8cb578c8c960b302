"""The vocabularies of ``headers.toml`` and ``tiers.toml``: what a heading, a label, a tier name says."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, cast

import regex

from kpi.schema import Tier1, Tier2

_BRACKETS = regex.compile(r"\([^()]*\)?\)*")
_IGNORED = regex.compile(r"[\s:：]+$|\s+")
_WEIGHT = regex.compile(r"\d+(?:\.\d+)?分?$")
MAX_HEADING_CHARS = 40
_TO_ASCII = str.maketrans("（）：", "():")


@cache
def load(name: str) -> dict[str, Any]:
    """A file of this package, read once."""
    return tomllib.loads(resources.files("kpi.tables").joinpath(name).read_text(encoding="utf-8"))


class Claim(NamedTuple):
    """A field that a wording may stand for; ``rank`` is its place in the field's list, 0 for the surest."""

    field: str
    rank: int


@cache
def _claims(file: str, section: str) -> dict[str, tuple[Claim, ...]]:
    """Spelling → its claims, in the order of the file."""
    claims: dict[str, list[Claim]] = {}
    for field, wordings in load(file)[section].items():
        for rank, wording in enumerate(wordings):
            claims.setdefault(plain(wording), []).append(Claim(field, rank))
    return {wording: tuple(found) for wording, found in claims.items()}


def plain(text: str) -> str:
    """A heading as it is compared: no spaces, brackets in ASCII, no closing colon."""
    return _IGNORED.sub("", text.translate(_TO_ASCII))


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text)


def _found(file: str, section: str, text: str) -> tuple[Claim, ...]:
    if not text or len(text) > MAX_HEADING_CHARS:
        return ()
    known = _claims(file, section)
    whole = plain(text)
    return known.get(whole) or known.get(_bare(whole), ())


def column_claims(heading: str) -> tuple[Claim, ...]:
    """The fields that a heading cell may stand for, the likeliest first."""
    return _found("headers.toml", "columns", heading)


def wordings(field: str) -> list[str]:
    """The wordings of a column's heading."""
    return list(load("headers.toml")["columns"][field])


def head_label(text: str) -> str | None:
    """The field of the project's head that a cell labels, or ``None``."""
    claims = _found("headers.toml", "head", text)
    return claims[0].field if claims else None


def goal_heading(text: str) -> int | None:
    """The rank of a sub-heading beside the goals (年度目标, 实际完成情况), or ``None``."""
    claims = _found("headers.toml", "goal_columns", text)
    return claims[0].rank if claims else None


_LABELLED = regex.compile(r"(?P<label>[^:：]{2,16})[:：]\s*(?P<value>\S.*)")


def labelled(text: str) -> tuple[str, str] | None:
    """``项目名称：甲`` → the label's field and the value, where the text is one label and its value."""
    found = _LABELLED.fullmatch(text)
    field = head_label(found["label"]) if found else None
    return (field, found["value"]) if found and field else None


@cache
def _rows() -> tuple[tuple[str, ...], frozenset[str]]:
    rows = load("headers.toml")["rows"]
    return tuple(map(plain, rows["remarks"])), frozenset(map(plain, rows["signatures"]))


def is_remark(text: str) -> bool:
    """Whether a text begins a note rather than an indicator."""
    return plain(text).startswith(_rows()[0])


def is_signature(text: str) -> bool:
    """Whether a text is the label of a signature line."""
    return _bare(plain(text.split("：")[0].split(":")[0])) in _rows()[1]


@cache
def _furniture() -> tuple[frozenset[str], tuple[str, ...]]:
    page = load("headers.toml")["page"]
    return frozenset(page["furniture"]), tuple(page["beginnings"])


def is_furniture(text: str) -> bool:
    """Whether a text is what a web page prints around its content: 附件下载, 关闭窗口, 版权所有：…."""
    whole, beginnings = _furniture()
    text = text.strip("【】[]［］ ")
    return text in whole or text.startswith(beginnings)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load("headers.toml")["organisations"]["endings"])


_TRAILING_BRACKETS = regex.compile(r"[（(][^（）()]*[)）]$")


def is_organisation(name: str) -> bool:
    """Whether a name ends as the names of organisations do."""
    return _TRAILING_BRACKETS.sub("", name).endswith(_endings())


def tier_text(text: str) -> str:
    """A tier name as printed, without inner spaces and without weights in brackets: 产出指标(50分) → 产出指标."""
    return _WEIGHT.sub("", _bare(plain(text)))


@cache
def tier_names() -> tuple[str, ...]:
    """The spellings of all tiers that can be told within running text (…指标, …目标), the longest first."""
    spellings = {*_claims("tiers.toml", "first"), *_claims("tiers.toml", "second")}
    told = [name for name in spellings if len(name) > 3 and name.endswith(("指标", "目标"))]
    return tuple(sorted(told, key=lambda name: (-len(name), name)))


def tier1(text: str | None) -> Tier1 | None:
    """The canonical first tier, or ``None`` for an unknown word."""
    return cast("Tier1 | None", _tier("first", text))


def tier2(text: str | None) -> Tier2 | None:
    """The canonical second tier, or ``None`` for an unknown word."""
    return cast("Tier2 | None", _tier("second", text))


def _tier(level: str, text: str | None) -> str | None:
    claims = _claims("tiers.toml", level).get(tier_text(text), ()) if text else ()
    return claims[0].field if claims else None
