"""Amounts in the narrative of a budget document → :class:`Figure`: totals of the year and amounts of projects.

An amount is kept only where its name is sure: a total of ``narrative.toml``, a project of the document, or one of the
parts that are listed behind a total. Changes, other years, prices and results are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import regex

from kpi.documents import Block
from kpi.schema import Figure, Money
from kpi.tables import money, narrative
from kpi.tables.names import Names
from kpi.tables.passages import Mark, Passage, mark_of, passages
from kpi.values import find_values

_AMOUNT = regex.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3})++(?:\.\s?\d++)?|\d++(?:\.\s?\d++)?)\s?(?P<unit>亿元|百万元|万元|千元|元|亿|万)"
)
_SENTENCE = regex.compile(r"[。！？!?]")
_CLAUSE = regex.compile(r"[，,；;：:]")
_MAX_NAME = 80
_MAX_HEADING = 45
_MAX_PASSAGE = 200_000
_YEAR = regex.compile(r"(?P<year>20\d\d)\s*年(?:度|初)?")
_NUMBER = regex.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*|[①-⑳]\s*)")
_CLAUSE_CHARS = 120


def read(
    blocks: Iterable[Block], projects: Iterable[str | None], year: int | None, organisation: str | None = None
) -> tuple[Figure, ...]:
    """The figures of the text outside tables, in order.

    Args:
        blocks: the document; tables are not looked into.
        projects: the names of the document's projects.
        year: the fiscal year; amounts under another year are left out.
        organisation: the document's organisation, which may stand before the name of an amount.

    """
    found = [kept for passage in _narrative(blocks) for kept in _Sentences(passage, year, organisation or "").amounts()]
    names = Names(projects)
    said = frozenset(narrative.plain(kept.name) for kept in found)
    return tuple(figure for kept in found if (figure := _figure(kept, names, said)))


def _narrative(blocks: Iterable[Block]) -> Iterator[Passage]:
    """The passages that may speak of this year's budget."""
    silent: Mark | None = None
    mute = False
    for block in passages(blocks):
        if not isinstance(block, Passage):
            continue
        text = block.text
        mark = mark_of(text)
        body = text[mark.end :] if mark else text
        if len(body) <= _MAX_HEADING and not _AMOUNT.search(body):
            if narrative.is_heading("no_figures", body):
                mute, silent = True, mark
            elif mute and mark and (silent is None or mark.style in (silent.style, "part", "han")):
                mute = False
            continue
        if not mute and len(text) <= _MAX_PASSAGE:
            yield block


class _Kept(NamedTuple):
    """An amount with the words before it."""

    name: str  # the words that name it
    total: str | None  # the total they are
    listed: bool  # whether it stands among a total's parts
    sure: bool  # whether nothing else silences it: only a total passes
    number: regex.Match[str]
    start: int  # of its clause
    passage: Passage


@dataclass
class _State:
    """What the sentence has said up to an amount."""

    compared: bool = False  # an amount is a change until the next semicolon
    same: bool = False  # compared, and found equal: a total behind it stands for itself
    sticky: bool = False  # parts behind a change are changes up to the full stop
    listed: bool = False  # a total was named: its parts may follow
    scope: bool = False  # a part of the money was named: totals behind it are its own
    wrong_year: bool = False


@dataclass
class _Sentences:
    passage: Passage
    year: int | None
    organisation: str
    state: _State = field(default_factory=_State)

    def amounts(self) -> Iterator[_Kept]:
        text = self.passage.text
        at = 0
        for number in _AMOUNT.finditer(text):
            before = text[at : number.start()]
            stops = list(_SENTENCE.finditer(before))
            if stops:
                self.state = _State(scope=self.state.scope and "其中" in before[stops[-1].end() :][:4])
                at += stops[-1].end()
                before = text[at : number.start()]
            if found := self._amount(before, number, at):
                yield found
            at = number.end()

    def _amount(self, before: str, number: regex.Match[str], at: int) -> _Kept | None:
        name, start = self._walk(before)
        text = number.string
        if not _is_money(number) or _is_price(name, text[number.end() : number.end() + 3]):
            return None
        bare, total = self._named(name)
        state = self.state
        if total is None and _ends_with_scope(bare):
            state.scope = True
        if (state.compared and not (state.same and total)) or state.wrong_year:
            return None
        of_scope = state.scope and total in narrative.listed("figures", "scoped")
        if of_scope and ("其中" in before or state.listed):
            return None
        if total in ("收入总额", "支出总额", "收支总额"):
            state.scope = False
        kept = _Kept(bare, total, state.listed, not state.sticky, number, at + start, self.passage)
        state.listed |= bool(total)
        return kept

    def _walk(self, before: str) -> tuple[str, int]:
        """Take in the clauses before an amount; the last one, which names it, and where it begins."""
        cuts = [0, *(cut.end() for cut in _outside_brackets(before))]
        state = self.state
        for n, begin in enumerate(cuts):
            if begin and before[begin - 1] in "；;":
                state.compared = state.same = False
            end = cuts[n + 1] if n + 1 < len(cuts) else len(before)
            self._clause(before[begin:end])
        return before[cuts[-1] :], cuts[-1]

    def _clause(self, clause: str) -> None:
        state = self.state
        plain = regex.sub(r"上年(?:结转|结余)", "", narrative.plain(clause))
        if not plain:
            return
        years = [int(found["year"]) for found in _YEAR.finditer(plain)]
        own = bool(years and self.year and years[0] == self.year and plain.startswith(str(self.year)))
        if own or narrative.any_of("figures", "now").match(plain):
            state.compared = state.same = state.wrong_year = False
        if narrative.any_of("figures", "same").search(plain):
            state.compared = state.same = True
        elif narrative.any_of("figures", "compare").search(plain) or narrative.any_of("figures", "past").search(plain):
            state.compared, state.same = True, False
        if state.compared and narrative.any_of("figures", "lists").search(plain):
            state.sticky = True
        if narrative.any_of("figures", "results").search(plain):
            state.compared, state.same = True, False
        if self.year and years and plain.startswith(str(years[0])) and years[0] != self.year:
            state.wrong_year = self._is_total(plain)

    def _is_total(self, plain: str) -> bool:
        """Whether a clause that begins with a year speaks of a total rather than of a project with a year in it."""
        bare, total = self._named(plain)
        return total is not None or not bare

    def _named(self, clause: str) -> tuple[str, str | None]:
        """The words that name an amount, without what stands around them, and the total that they are."""
        bare = _bare(clause)
        plain = narrative.plain(bare)
        totals = narrative.totals()
        for _ in range(6):
            if plain in totals:
                return bare, totals[plain]
            shorter = self._without_subject(plain)
            if shorter == plain:
                break
            plain = shorter
        return _from_of(bare), None

    def _without_subject(self, plain: str) -> str:
        for prefix in (self.organisation, narrative.plain(self.organisation)):
            if prefix and plain.startswith(prefix):
                return plain[len(prefix) :]
        if found := _YEAR.match(plain):
            if self.year in (None, int(found["year"])):
                return plain[found.end() :]
            return plain
        if (found := narrative.any_of("figures", "subjects").match(plain)) and found.end() < len(plain):
            return plain[found.end() :]
        return plain


def _outside_brackets(text: str) -> Iterator[regex.Match[str]]:
    """The marks between clauses; those within a closed bracket or quotation are none."""
    closed = [found.span() for found in _CLOSED.finditer(text)]
    n = 0
    for cut in _CLAUSE.finditer(text):
        while n < len(closed) and closed[n][1] <= cut.start():
            n += 1
        if not (n < len(closed) and closed[n][0] < cut.start()):
            yield cut


_CLOSED = regex.compile(r"[（(【\[“\"][^（()）【】\[\]“”\"]{0,60}+[)）】\]”\"]")


@cache
def _around(name: str) -> regex.Pattern[str]:
    return narrative.any_of("figures", name)


def _bare(clause: str) -> str:
    """A clause without the words before and behind the name of its amount."""
    text = clause.lstrip(" 、)）\u3000").rstrip(" 、\u3000")
    if (open_ := max(text.rfind("（"), text.rfind("("))) >= 0 and not regex.search(r"[)）]", text[open_:]):
        text = text[open_ + 1 :]
    for _ in range(8):
        before = text
        text = _NUMBER.sub("", text.strip(" 、，,：:\u3000"))
        if (found := _around("openers").match(text)) and found.end() < len(text):
            text = text[found.end() :]
        for closer in sorted(narrative.listed("figures", "closers"), key=len, reverse=True):
            if text.endswith(closer) and len(text) - len(closer) >= 2:
                text = text[: -len(closer)]
                break
        if text == before:
            break
    return text


def _from_of(text: str) -> str:
    """The amount's name behind the purpose before it: 保障运转的综合事务经费 → 综合事务经费."""
    _, of, tail = text.rpartition("的")
    if of and len(tail) >= 4 and _names_money(tail) and not tail.startswith("通知"):
        text = tail
    if found := regex.match(r"(?:保证|保障(?!性)|用于)", text):
        text = text[found.end() :]
    return text


def _names_money(name: str, kind: str = "nouns") -> bool:
    return narrative.plain(name).endswith(tuple(narrative.listed("figures", kind)))


def _ends_with_scope(name: str) -> bool:
    return bool(narrative.any_of("figures", "scopes").search(narrative.plain(name)))


def _is_money(number: regex.Match[str]) -> bool:
    """Whether a number with a bare 万 or 亿 may be money: nothing else is counted by it."""
    if number["unit"] not in ("万", "亿"):
        return True
    text = number.string[number.start() : number.end() + 8]
    values = find_values(text)
    return bool(values) and values[0].span == (0, number.end() - number.start())


def _is_price(name: str, behind: str) -> bool:
    """Whether an amount is a price, a bound or an estimate."""
    plain = narrative.plain(name)
    bound = regex.search(r"[≥≤＞＜><=＝\d~～\-—]$", plain)
    return bool(
        bound
        or narrative.any_of("figures", "prices").search(plain)
        or behind.lstrip().startswith(tuple(narrative.listed("figures", "behind")))
    )


def _figure(kept: _Kept, names: Names, said: frozenset[str]) -> Figure | None:
    """The figure of an amount, where its name is sure."""
    project = None if kept.total else names.of(kept.name, said)
    known = bool(kept.total or project)
    length = len(narrative.plain(kept.name))
    part = kept.listed and _names_money(kept.name)
    if not known and not part and not (length >= 4 and _names_money(kept.name, "sure")):
        return None
    if (not kept.sure and not kept.total) or length > _MAX_NAME or length < 2:
        return None
    amount = _money(kept)
    if amount is None:
        return None
    place = kept.passage.place(*kept.number.span())
    return Figure(what=kept.total or kept.name, project=project, money=amount, text=_clause_of(kept), location=place)


def _money(kept: _Kept) -> Money | None:
    """The amount; a bare 万 behind the name of money is 万元."""
    unit = kept.number["unit"]
    if unit in ("万", "亿"):
        if not _names_money(kept.name):
            return None
        unit += "元"
    return money.amount(regex.sub(r"\s", "", kept.number["number"]) + unit, None)


def _clause_of(kept: _Kept) -> str:
    """The clause that the amount stands in."""
    text = kept.number.string
    start = max(kept.start, kept.number.start() - _CLAUSE_CHARS)
    behind = regex.compile(r"[^，,；;。、）)]{0,40}").match(text, kept.number.end())
    return text[start : behind.end() if behind else kept.number.end()].strip(" ，,、；;：:")
