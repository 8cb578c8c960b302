"""What an indicator's name says about the value it wants, from ``nouns.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

_BRACKETS = re.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]*[）)】\]〕]")
_ENDS = " 　，。、；：:;,.*＊≥≤＝=>＜<＞%％"
_MOST_CHARS = 12  # the longest noun looked for


class NameFacts(NamedTuple):
    """What is certain of a name; empty and null where nothing is.

    ``plain`` is the name without brackets and signs, ``head`` the longest known noun at its end, ``dimension`` the one
    that a value must have (those of CONTRACT §1, or ``date``), ``units`` the canonical units that count such things,
    ``second_tier`` where it belongs among the outputs, ``bounded`` whether it is a part in a whole.
    """

    plain: str
    head: str | None = None
    dimension: str | None = None
    units: frozenset[str] = frozenset()
    second_tier: str | None = None
    bounded: bool = False


@cache
def _groups() -> dict[str, dict[str, Any]]:
    """Each noun with its group."""
    data = tomllib.loads(resources.files("kpi.rules").joinpath("nouns.toml").read_text(encoding="utf-8"))
    return {noun: group for group in data["group"] for noun in group["nouns"]}


@lru_cache(maxsize=50_000)
def about(name: str | None) -> NameFacts:
    """What the name says, by the noun at its end."""
    plain = _BRACKETS.sub("", name or "").strip(_ENDS)
    groups = _groups()
    for length in range(min(_MOST_CHARS, len(plain)), 0, -1):
        head = plain[-length:]
        if group := groups.get(head):
            return NameFacts(
                plain,
                head,
                group.get("dimension"),
                frozenset(group.get("units", ())),
                group.get("second_tier"),
                group.get("bounded", False),
            )
    return NameFacts(plain)
