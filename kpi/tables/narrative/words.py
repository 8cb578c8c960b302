"""The words of ``narrative.toml``, in the forms that the readers of running text compare with."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import regex

from kpi.remembering import remembered

_IGNORED = regex.compile(r"[\s“”\"'‘’「」《》]+")
_TO_ASCII = str.maketrans("（）：【】〔〕［］", "():[][][]")


@cache
def words() -> dict[str, Any]:
    """The file, as it is."""
    return tomllib.loads(resources.files("kpi.tables.narrative").joinpath("narrative.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A text as it is compared: no spaces, no quotation marks, brackets in ASCII."""
    if text.isalnum():
        return text  # nothing to leave out
    return _IGNORED.sub("", text.translate(_TO_ASCII))


@cache
def listed(section: str, name: str) -> tuple[str, ...]:
    """The entries of a list."""
    return tuple(words()[section][name])


@cache
def any_of(section: str, name: str) -> regex.Pattern[str]:
    """A pattern for any entry of a list, the longest first."""
    return regex.compile("|".join(map(regex.escape, sorted(words()[section][name], key=len, reverse=True))))


@cache
def _headings() -> dict[str, tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]]:
    return {
        name: (
            frozenset(entry for entry in entries if "~" not in entry),
            tuple(entry[:-1] for entry in entries if entry.endswith("~")),
            tuple(entry[1:] for entry in entries if entry.startswith("~")),
        )
        for name, entries in words()["sections"].items()
    }


def is_heading(name: str, text: str) -> bool:
    """Whether a heading (without its number) is one of the list ``name`` of the file's ``[sections]``."""
    return name in _lists_of(text)


@remembered(60, 1024)
def _lists_of(text: str) -> frozenset[str]:
    """The lists that a heading is in."""
    compared = plain(text).rstrip(":。")
    return frozenset(
        name
        for name, (whole, begins, ends) in _headings().items()
        if compared in whole or compared.startswith(begins) or compared.endswith(ends)
    )


@cache
def _labels() -> dict[str, str]:
    return {wording: kind for kind, wordings in words()["labels"].items() for wording in wordings}


def label(text: str) -> str | None:
    """What a label of a section of targets stands for: goal, duty_goal, duty, indicator, grading; else ``None``."""
    return _labels().get(plain(text))


@cache
def totals() -> dict[str, str]:
    """Wording → the name of the total."""
    return {plain(wording): name for name, wordings in words()["totals"].items() for wording in wordings}
