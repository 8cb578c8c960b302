"""What a project or a row is about, by ``topics.toml``: subjects named by telling words, and the core of a name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from operator import add
from typing import Any, NamedTuple

_MOST_CHARS = 2_000  # of a text that is looked at; goals run longer only in damaged documents
_LONG = 3  # a common piece of that many characters ties two names, whatever else they name


class Topic(NamedTuple):
    """A subject; subjects of one ``field`` go together, and anything may stand under an ``umbrella``. Rows of any
    project may touch a subject that is found ``anywhere``.
    """

    name: str
    field: str
    umbrella: bool
    anywhere: bool


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("kpi.rules.relevance").joinpath("topics.toml").read_text(encoding="utf-8"))


@cache
def _by_beginning() -> dict[str, list[tuple[str, Topic]]]:
    """The telling words with their subjects, by their first two characters."""
    found: dict[str, list[tuple[str, Topic]]] = {}
    for entry in _data()["topic"]:
        topic = Topic(entry["name"], entry["field"], entry.get("umbrella", False), entry.get("anywhere", False))
        for word in entry["words"]:
            found.setdefault(word[:2], []).append((word, topic))
    return found


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters."""
    return set(map(add, text, text[1:]))


@lru_cache(maxsize=50_000)
def topics_in(text: str | None) -> frozenset[Topic]:
    """The subjects that telling words of a text name."""
    if not text:
        return frozenset()
    text, known = text[:_MOST_CHARS], _by_beginning()
    begun = known.keys() & pairs(text)
    return frozenset(topic for start in begun for word, topic in known[start] if word in text)


def topics_of(texts: Iterable[str | None]) -> frozenset[Topic]:
    """The subjects of several texts."""
    return frozenset().union(*map(topics_in, texts))


def fields(topics: Iterable[Topic]) -> set[str]:
    """Their fields."""
    return {topic.field for topic in topics}


_DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,8}[\[［〔【(（﹝]\s*(?:19|20)\d\d\s*[\]］〕】)）﹞]\s*第?\s*\d{0,5}\s*号?"
)
_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{2,8}?(?:自治区|自治州|自治县|省|(?<!城)市(?![场容政民级直])|县(?!级)|(?<![社小园校景片库林灾辖城地山牧矿湖街])区(?!级)"
    r"|旗|镇|(?<!城)乡(?!村)|街道)"
)
_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")


@cache
def _generic() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_data()["generic"], key=len, reverse=True))))


@lru_cache(maxsize=50_000)
def core(name: str | None) -> tuple[str, ...]:
    """What is left of a name without its place, years, numbers and the words that any project has.

    >>> core("提前下达2024年市级车辆保险费")
    ('车辆保险',)
    """
    text = _DOCUMENT_NUMBER.sub(" ", (name or "")[:_MOST_CHARS])
    for _ in range(3):
        text = _PLACE.sub("", text.strip(), count=1)
    return tuple(piece for piece in _generic().sub(" ", _OTHER.sub(" ", text)).split() if len(piece) > 1)


@lru_cache(maxsize=50_000)
def pieces(name: str | None, length: int) -> frozenset[str]:
    """The pieces of ``length`` characters that the core of a name holds."""
    return frozenset(part[at : at + length] for part in core(name) for at in range(len(part) - length + 1))


def related(one: str | None, other: str | None) -> bool:
    """Whether two names share a topic; names whose topic is unknown may.

    Telling words decide where both names have some, else two characters in common; a longer common piece always ties.
    """
    if one == other or not core(one) or not core(other):
        mine, theirs = topics_in(one), topics_in(other)
        return one == other or not mine or not theirs or bool(mine & theirs)
    if pieces(one, _LONG) & pieces(other, _LONG):
        return True
    mine, theirs = topics_in(one), topics_in(other)
    if mine and theirs:
        return bool(mine & theirs)
    return bool(pieces(one, 2) & pieces(other, 2))


def share_no_words(one: str | None, other: str | None) -> bool:
    """Whether the cores of two names, where both have one, have no two characters in common, whatever their fields."""
    return bool(core(one) and core(other)) and not pieces(one, 2) & pieces(other, 2)


@cache
def endings() -> tuple[str, ...]:
    """How names of projects end."""
    return tuple(_data()["endings"])
