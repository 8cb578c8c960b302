"""Which of the document's projects a text names: the same words, or the same without 经费, 文号 and the like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import regex

from kpi.tables.narrative import words

# 秦财行【2024】584号-, 豫财社[2023]12号
_DOCUMENT = regex.compile(r"[\p{Han}]{1,8}[(\[]20\d\d[)\]]第?\d{1,5}号[-—文]*")
_BRACKETS = regex.compile(r"\([^()]{0,30}\)|\[[^\[\]]{0,30}\]")
_DIGIT = regex.compile(r"\d")
_YEAR = regex.compile(r"20\d\d年度?")
_FEWEST = 3  # characters that tell a project from another
_FEWEST_WITHIN = 5  # of a name within a longer one
_FEWEST_SHORTENED = 6  # of a name that leaves out some within it


@lru_cache(maxsize=4096)
def core(text: str, *, whole: bool = True) -> str:
    """What is left of a name without document numbers, brackets, loose words and its last word for money; without all
    such words at its end where not ``whole``.
    """
    text = _BRACKETS.sub("", _DOCUMENT.sub("", words.plain(text)))
    text = words.any_of("projects", "loose").sub("", text).strip("-—、 ")
    for word, other in words.words()["projects"]["same"]:
        text = text.replace(word, other)
    while ending := next((e for e in _endings() if text.endswith(e) and len(text) - len(e) >= _FEWEST), None):
        text = text[: -len(ending)]
        if whole:
            break
    return text


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(words.listed("projects", "endings"), key=len, reverse=True))


class Names:
    """The projects' names; a name that fits several projects names none."""

    def __init__(self, names: Iterable[str | None], titles: Mapping[str, str] = MappingProxyType({})) -> None:
        """``titles``: what else a project is called → its name."""
        names = list(names)
        self._titles = {title: name for title, name in titles.items() if names.count(name) == 1}
        self._titled = Names(self._titles) if self._titles else None
        self._printed: dict[str, list[str]] = defaultdict(list)
        self._cores: dict[str, list[str]] = defaultdict(list)
        self._short: dict[str, list[str]] = defaultdict(list)
        self._yearless: dict[str, list[str]] = defaultdict(list)
        self._ends: dict[str, set[str]] = defaultdict(set)
        for name in names:
            if name:
                self._ends[core(name)[-_FEWEST_WITHIN:]].add(core(name))
                self._printed[words.plain(name)].append(name)
                self._cores[core(name)].append(name)
                self._short[core(name, whole=False)].append(name)
                self._yearless[_YEAR.sub("", core(name))].append(name)

    def of(self, text: str, said: frozenset[str] = frozenset()) -> str | None:
        """The name, as printed, of the one project that ``text`` names. ``said`` holds all names of the narrative in
        plain form: a project with a bracket more (…（二期）) is another only where the narrative tells the two apart.
        """
        if found := self._of(text, said):
            return found
        title = self._titled.of(text, said) if self._titled else None
        return self._titles[title] if title else None

    def _of(self, text: str, said: frozenset[str]) -> str | None:
        plain = words.plain(text)
        same = self._printed.get(plain, [])
        kept = core(text)
        kin = self._cores.get(kept, [])
        if same:
            told_apart = all(words.plain(name) in said for name in kin)
            return same[0] if len(same) == 1 and (len(kin) <= 1 or told_apart) else None
        if len(kept) < _FEWEST:
            return None
        if kin := kin or self._short.get(core(text, whole=False), []):
            return kin[0] if len(kin) == 1 else None
        yearless = _YEAR.sub("", kept)
        kin = self._yearless.get(yearless, [])
        if len(kin) == 1 and not (_YEAR.search(kept) and _YEAR.search(core(kin[0]))):
            return kin[0]
        return (self._within(kept) or self._shortened(core(text, whole=False))) if not kin else None

    def _within(self, kept: str) -> str | None:
        """The one project whose name ends the text, or is ended by it, if the words before do not tell them apart."""
        distinct = words.any_of("projects", "distinct")
        found = []
        for other in self._ends.get(kept[-_FEWEST_WITHIN:], ()):
            short, long = sorted((other, kept), key=len)
            if len(short) < _FEWEST_WITHIN or not long.endswith(short):
                continue
            before = long[: -len(short)]
            if len(before) > 2 * len(short) or distinct.search(before) or _DIGIT.search(before):
                return None
            found += self._cores[other]
        return found[0] if len(found) == 1 else None

    def _shortened(self, kept: str) -> str | None:
        """The one project of whose name ``kept`` is a contraction, or the other way round: 残疾人辅具适配."""
        found = [name for other, names in self._short.items() if _is_contraction(kept, other) for name in names]
        return found[0] if len(found) == 1 else None


def _is_contraction(one: str, other: str) -> bool:
    """Whether the shorter of two names is the longer without some characters within it, none of which tells apart."""
    short, long = sorted((one, other), key=len)
    if len(short) < _FEWEST_SHORTENED or 2 * len(short) < len(long) or (short[:2], short[-2:]) != (long[:2], long[-2:]):
        return False
    left, at = "", 0
    for character in short:
        begin, at = at, long.find(character, at) + 1
        if not at:
            return False
        left += long[begin : at - 1]
    return not words.any_of("projects", "distinct").search(left) and not _DIGIT.search(left)
