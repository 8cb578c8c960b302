"""What an amount in running text is called: the words before it without those that stand around a name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from kpi.tables.narrative import words
from kpi.values import find_values

YEAR = regex.compile(r"(?P<year>20\d\d)\s*年(?:度|初)?")
_NUMBER = regex.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*|[①-⑳]\s*)")
_FEWEST = 4  # characters of a name that is left behind a verb
_BOUND = regex.compile(r"[≥≤＞＜><=＝\d~～\-—]$")
_CLOSES = regex.compile(r"[)）]")
_PURPOSE = regex.compile(r"(?:保证|保障(?!性)|用于)")
_CLAUSE = regex.compile(r"[，,；;：:]")
_CLOSED = regex.compile(r"[（(【\[“\"][^（()）【】\[\]“”\"]{0,60}+[)）】\]”\"]")


class Known(NamedTuple):
    """What the document says of itself: its year, its organisation and its projects' names, these in plain form."""

    year: int | None
    organisation: str
    names: frozenset[str]

    def without_projects(self, plain: str) -> str:
        """A text without the names in it; most have none, and a pattern of all names is dear to make."""
        present = [name for name in self.names if name and name in plain]
        return regex.sub("|".join(sorted(map(regex.escape, present))), "", plain) if present else plain

    def begins_with_project(self, plain: str) -> bool:
        """Whether a text begins with one of the names."""
        return any(name and plain.startswith(name) for name in self.names)


def named(clause: str, known: Known) -> tuple[str, str | None]:
    """The words that name an amount, without what stands around them, and the total that they are."""
    bare = _bare(clause)
    plain = words.plain(bare)
    for _ in range(6):
        if total := _total(plain):
            return bare, total
        shorter = _without_subject(plain, known)
        if shorter == plain:
            break
        plain = shorter
    return _from_of(_without_lead(bare, known)), None


def _without_lead(bare: str, known: Known) -> str:
    """A name without year, subject and verb before it; a year alone may be the name's own (2025年职业技能竞赛)."""
    text = bare
    if found := YEAR.match(text):
        if known.year not in (None, int(found["year"])):
            return bare
        text = text[found.end() :].lstrip("，,")
    if known.organisation and text.startswith(known.organisation):
        text = text[len(known.organisation) :]
    while (found := around("subjects").match(text)) and not around("leads").match(text):
        text = text[found.end() :]
    found = around("leads").match(text)
    return text[found.end() :] if found and len(text) - found.end() >= _FEWEST else bare


def _total(plain: str) -> str | None:
    """The total that the words name; 数, 总额 and the like may stand behind."""
    totals = words.totals()
    if found := totals.get(plain):
        return found
    cut = (plain[: -len(tail)] for tail in words.listed("figures", "tails") if plain.endswith(tail))
    return next((total for name in cut if (total := totals.get(name))), None)


def _without_subject(plain: str, known: Known) -> str:
    if known.organisation and plain.startswith(known.organisation) and len(plain) > len(known.organisation):
        return plain[len(known.organisation) :]
    if found := YEAR.match(plain):
        return plain[found.end() :] if known.year in (None, int(found["year"])) else plain
    if (found := around("subjects").match(plain)) and found.end() < len(plain):
        return plain[found.end() :]
    return plain


def clause_ends(text: str) -> Iterator[regex.Match[str]]:
    """The marks between clauses; those within a closed bracket or quotation are none."""
    closed = [found.span() for found in _CLOSED.finditer(text)]
    n = 0
    for cut in _CLAUSE.finditer(text):
        while n < len(closed) and closed[n][1] <= cut.start():
            n += 1
        if not (n < len(closed) and closed[n][0] < cut.start()):
            yield cut


@cache
def around(name: str) -> regex.Pattern[str]:
    """A pattern for any entry of a list of ``[figures]``."""
    return words.any_of("figures", name)


def _bare(clause: str) -> str:
    """A clause without the words before and behind the name of its amount."""
    text = clause.lstrip(" 、)）\u3000").rstrip(" 、\u3000")
    if (open_ := max(text.rfind("（"), text.rfind("("))) >= 0 and not _CLOSES.search(text, open_):
        text = text[open_ + 1 :]
    for _ in range(8):
        before = text
        text = _NUMBER.sub("", text.strip(" 、，,：:\u3000"))
        if (found := around("openers").match(text)) and found.end() < len(text):
            text = text[found.end() :]
        for closer in _closers():
            if text.endswith(closer) and len(text) - len(closer) >= 2:
                text = text[: -len(closer)]
                break
        if text == before:
            break
    return text


@cache
def _closers() -> tuple[str, ...]:
    """The words behind an amount's name, the longest first."""
    return tuple(sorted(words.listed("figures", "closers"), key=len, reverse=True))


def _from_of(text: str) -> str:
    """The amount's name behind the purpose before it: 保障运转的综合事务经费 → 综合事务经费."""
    _, of, tail = text.rpartition("的")
    if of and len(tail) >= 4 and names_money(tail) and not tail.startswith("通知"):
        text = tail
    if found := _PURPOSE.match(text):
        text = text[found.end() :]
    return text


def names_money(name: str, kind: str = "nouns") -> bool:
    """Whether a name ends as names of amounts do (of the list ``kind``)."""
    return words.plain(name).endswith(words.listed("figures", kind))


def in_scope(name: str) -> bool:
    """Whether a name is of a part of the money only."""
    return bool(around("scopes").search(words.plain(name)))


def is_money(number: regex.Match[str]) -> bool:
    """Whether a number with a bare 万 or 亿 may be money: nothing else is counted by it."""
    if number["unit"] not in ("万", "亿"):
        return True
    text = number.string[number.start() : number.end() + 8]
    values = find_values(text)
    return bool(values) and values[0].span == (0, number.end() - number.start())


def is_price(name: str, behind: str) -> bool:
    """Whether an amount is a price, a bound or an estimate."""
    plain = words.plain(name)
    return bool(
        _BOUND.search(plain)
        or plain.endswith((*words.listed("figures", "price_ends"), *words.listed("figures", "bounds")))
        or around("prices").search(plain)
        or behind.lstrip().startswith(words.listed("figures", "behind"))
    )
