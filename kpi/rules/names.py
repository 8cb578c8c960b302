"""What an indicator's name says about the value it wants, from ``nouns.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

_BRACKETS = re.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]*[）)】\]〕]")
_ENDS = " 　，。、；：:;,.*＊≥≤＝=>＜<＞%％"
# A value that stands behind the noun (贫困人口数≥**人, 达标率100%), and the word that only says what a name is.
_BEHIND = re.compile(r"[≥≤＝=>＜<＞≧≦][^\u4e00-\u9fff]{0,12}[\u4e00-\u9fff]{0,4}$|\d[\d.]*\s*[%％]?$")
_TAIL = "指标"


class NameFacts(NamedTuple):
    """What is certain of a name; empty and null where nothing is.

    ``plain`` is the name without brackets and signs, ``head`` the longest known noun at its end, ``dimension`` the one
    that a value must have (those of CONTRACT §1, or ``date``), ``also`` dimensions that will do, ``never`` those that
    will not where ``dimension`` is null; ``units`` the canonical units that count such things, ``not_units`` those
    that count others; ``second_tier`` where it belongs among the outputs, ``bounded`` whether it is a part in a whole,
    ``supplies`` whether the noun itself says in what is counted (批次, 份数).
    """

    plain: str
    head: str | None = None
    dimension: str | None = None
    units: frozenset[str] = frozenset()
    second_tier: str | None = None
    bounded: bool = False
    also: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    not_units: frozenset[str] = frozenset()
    supplies: bool = False


class _Nouns(NamedTuple):
    """Each noun with its group; the kinds of things that are counted, and the words that count them."""

    groups: dict[str, dict[str, Any]]
    kinds: dict[str, dict[str, Any]]
    counters: tuple[str, ...]
    most_chars: int


@cache
def _nouns() -> _Nouns:
    data = tomllib.loads(resources.files("kpi.rules").joinpath("nouns.toml").read_text(encoding="utf-8"))
    groups = {noun: group for group in data["group"] for noun in group["nouns"]}
    kinds = {noun: kind for kind in data["kind"] for noun in kind["nouns"]}
    return _Nouns(groups, kinds, tuple(data["counters"]), max(map(len, (*groups, *kinds))))


@lru_cache(maxsize=50_000)
def about(name: str | None) -> NameFacts:
    """What the name says, by the noun at its end."""
    bare = _BRACKETS.sub("", (name or "")[:_MOST_CHARS]).strip()
    plain = _BEHIND.sub("", bare).strip(_ENDS).removesuffix(_TAIL) or bare
    nouns = _nouns()
    if found := _counted(plain, nouns):
        return _facts(plain, *found)
    head = _longest(plain, nouns.groups)
    return _facts(plain, head, nouns.groups[head]) if head else NameFacts(plain)


_MOST_CHARS = 400  # no name is longer; what follows says nothing of it


def _longest(text: str, words: dict[str, Any]) -> str | None:
    """The longest of ``words`` at the end of ``text``."""
    for tail in range(max(len(text) - _nouns().most_chars, 0), len(text)):
        if text[tail:] in words:
            return text[tail:]
    return None


def _counted(plain: str, nouns: _Nouns) -> tuple[str, dict[str, Any]] | None:
    """A thing of a known kind with the word that counts it: 村干部 + 数量."""
    if not plain.endswith(nouns.counters):
        return None
    for counter in nouns.counters:
        if plain.endswith(counter) and (thing := _longest(plain[: -len(counter)], nouns.kinds)):
            return thing + counter, nouns.kinds[thing]
    return None


def _facts(plain: str, head: str, group: dict[str, Any]) -> NameFacts:
    return NameFacts(
        plain,
        head,
        group.get("dimension"),
        frozenset(group.get("units", ())),
        group.get("second_tier"),
        group.get("bounded", False) and not any(word in plain for word in group.get("unless", ())),
        frozenset(group.get("also", ())),
        frozenset(group.get("never", ())),
        frozenset(group.get("not_units", ())),
        group.get("supplies", False),
    )
