"""Amounts in the narrative of a budget document → :class:`Figure`: totals of the year and amounts of projects.

An amount is kept only where its name is sure: a total of ``narrative.toml``, a project of the document, or one of the
parts that are listed behind a total. Changes, other years, prices and results are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

import regex

from kpi import settings
from kpi.documents import Block, problem
from kpi.schema import Figure, Location, Money, Problem
from kpi.tables import money
from kpi.tables.deadline import UNLIMITED, Deadline
from kpi.tables.narrative import words
from kpi.tables.narrative.amount_names import (
    YEAR,
    Known,
    around,
    clause_ends,
    in_scope,
    is_money,
    is_price,
    named,
    names_money,
)
from kpi.tables.narrative.names import Names
from kpi.tables.narrative.passages import Mark, Passage, mark_of, passages

_AMOUNT = regex.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:[,，]\d{3}(?!\d))++(?:\.\s?\d++)?|\d++(?:\.\s?\d++)?)\s?(?P<unit>亿元|百万元|万元|千元|元|亿|万)"
)
# A sentence of names and amounts alone, two or more: it goes on with the list of the sentence before it.
_LIST = regex.compile(
    r"(?:[^，,；;、。！？!?\d]{2,40}+\d[\d,.]*+\s?(?:亿元|百万元|万元|千元|元)(?:[，,；;、]|(?=[。！？!?]|$))){2,}+(?:[。！？!?]|$)"
)
_SENTENCE = regex.compile(r"[。！？!?]")
_BEHIND = regex.compile(r"[^，,；;。、（(）)]{0,40}")  # the rest of an amount's clause
_CARRIED = regex.compile(r"上年(?:结转|结余)")
_MAX_NAME = 80
_MAX_HEADING = 45
_CLAUSE_CHARS = 120


class Found(NamedTuple):
    """The figures, in order, and what was left out."""

    figures: tuple[Figure, ...]
    problems: tuple[Problem, ...]


def read(
    blocks: Iterable[Block],
    projects: Iterable[str | None],
    year: int | None,
    organisation: str | None = None,
    deadline: Deadline = UNLIMITED,
    titles: Mapping[str, str] = MappingProxyType({}),
    goals: Iterable[Block] = (),
) -> Found:
    """The figures of the text outside tables, in order.

    Args:
        blocks: the document; tables are not looked into.
        projects: the names of the document's projects.
        year: the fiscal year; amounts under another year are left out.
        organisation: the document's organisation, which may stand before the name of an amount.
        deadline: when to end with what was found so far.
        titles: what the titles of tables call projects → the names of these.
        goals: paragraphs of the department's goals that are not among ``blocks``.

    """
    printed = [name for name in projects if name]
    known = Known(year, words.plain(organisation or ""), frozenset(map(words.plain, [*printed, *titles])))
    every = (
        kept
        for passage, section in (*_narrative(blocks), *((p, _GOALS) for p in passages(goals) if isinstance(p, Passage)))
        for kept in _Sentences(passage, section, known).amounts(deadline)
    )
    found = list(islice(every, settings.MAX_FIGURES + 1))
    problems = (problem("too_many_figures", f"{settings.MAX_FIGURES:,}"),) if len(found) > settings.MAX_FIGURES else ()
    del found[settings.MAX_FIGURES :]
    if any(kept.section is _GOALS for kept in found):
        found.sort(key=lambda kept: _order(kept.passage.place(*kept.number.span())))
    names = Names(printed, titles)
    said = frozenset(words.plain(kept.name) for kept in found)
    return Found(tuple(figure for kept in found if (figure := _figure(kept, names, said))), problems)


class _Section(NamedTuple):
    """What the heading over a passage says of its amounts."""

    scope: bool  # it names a part of the money only
    goals: bool  # it is about goals: few totals are of the budget


_GOALS = _Section(scope=False, goals=True)


def _order(place: Location) -> tuple[int, ...]:
    return tuple(number or 0 for number in (place.page, place.line, place.start))


def _narrative(blocks: Iterable[Block]) -> Iterator[tuple[Passage, _Section]]:
    """The passages that may speak of this year's budget."""
    silent: Mark | None = None
    mute = scope = goals = False
    for block in passages(blocks):
        if not isinstance(block, Passage):
            continue
        text = block.text
        mark = mark_of(text)
        body = text[mark.end :] if mark else text
        if len(body) <= _MAX_HEADING and not _AMOUNT.search(body):
            said = next((kind for kind in ("no_figures", "goals_only") if words.is_heading(kind, body)), None)
            if said and (mark or not YEAR.search(body)):  # with a year and no number it is the document's title
                mute, goals, silent = said == "no_figures", said == "goals_only", mark
            elif (mute or goals) and mark and (silent is None or mark.style in (silent.style, "part", "han")):
                mute = goals = False
            if mark:
                scope = in_scope(body) and "三公" not in body
            continue
        if not mute:
            yield block, _Section(scope, goals)


@cache
def _totals() -> regex.Pattern[str]:
    """A pattern for the totals that have parts."""
    return regex.compile("|".join(sorted(map(regex.escape, map(words.plain, words.listed("figures", "scoped"))))))


class _Kept(NamedTuple):
    """An amount with the words before it."""

    name: str  # the words that name it
    total: str | None  # the total they are
    listed: bool  # whether it stands among a total's parts
    sure: bool  # whether nothing else silences it: only a total passes
    number: regex.Match[str]
    start: int  # of its clause
    passage: Passage
    section: _Section


@dataclass
class _State:
    """What the sentence has said up to an amount."""

    compared: bool = False  # an amount is a change until the next semicolon
    same: bool = False  # compared, and found equal: a total behind it stands for itself
    sticky: bool = False  # parts behind a change are changes up to the full stop
    listed: bool = False  # a total was named: its parts may follow
    scope: bool = False  # a part of the money was named: totals behind it are its own
    wrong_year: bool = False
    spoken: bool = False  # a total was spoken of, with an amount or without


@dataclass
class _Sentences:
    passage: Passage
    section: _Section
    known: Known
    state: _State = field(default_factory=_State)

    def amounts(self, deadline: Deadline) -> Iterator[_Kept]:
        """The amounts of the passage, with what their sentences say of them."""
        text = self.passage.text
        at = 0
        for number in _AMOUNT.finditer(text):
            if deadline.over("figures"):
                return
            before = text[at : number.start()]
            stops = list(_SENTENCE.finditer(before))
            if stops:
                at += stops[-1].end()
                before = text[at : number.start()]
                goes_on = bool(around("lists").search(before[:8]) or _LIST.match(text, at))
                self.state = _State(scope=self.state.scope and goes_on, listed=self.state.listed and goes_on)
            if found := self._amount(before, number, at):
                yield found
            at = number.end()

    def _amount(self, before: str, number: regex.Match[str], at: int) -> _Kept | None:
        name, start = self._walk(before)
        text = number.string
        bare, total = named(name, self.known)
        if not is_money(number) or is_price(bare, text[number.end() : number.end() + 3]):
            return None
        state = self.state
        if (state.compared and not (state.same and total)) or state.wrong_year:
            return None
        if total in ("收入总额", "支出总额", "收支总额"):
            state.scope = False
        if self.section.goals and total not in words.listed("figures", "in_goals"):
            return None
        if (state.scope or self.section.scope) and total in words.listed("figures", "scoped"):
            return None
        state.scope |= in_scope(total or bare)
        kept = _Kept(bare, total, state.listed, not state.sticky, number, at + start, self.passage, self.section)
        state.listed |= bool(total)
        return kept

    def _walk(self, before: str) -> tuple[str, int]:
        """Take in the clauses before an amount; the last one, which names it, and where it begins."""
        cuts = [0, *(cut.end() for cut in clause_ends(before))]
        state = self.state
        for n, begin in enumerate(cuts):
            if begin and before[begin - 1] in "；;":
                state.compared = state.same = False
            end = cuts[n + 1] if n + 1 < len(cuts) else len(before)
            self._clause(before[begin:end])
        return before[cuts[-1] :], cuts[-1]

    def _clause(self, clause: str) -> None:
        state = self.state
        plain = _CARRIED.sub("", words.plain(clause)).rstrip("，,；;：:")
        if not plain:
            return
        year = self.known.year
        years = [int(found["year"]) for found in YEAR.finditer(plain)]
        own = bool(years and year and years[0] == year and plain.startswith(str(year)))
        silent = any(around(name).search(plain) for name in ("same", "compare", "past", "results"))
        if silent:  # a project may have one of these words in its name
            plain = self.known.without_projects(plain)
        if own or around("now").match(plain):
            state.compared = state.same = state.wrong_year = False
        if around("same").search(plain):
            state.compared = state.same = True
        elif around("compare").search(plain) or around("past").search(plain):
            state.compared, state.same = True, False
        state.spoken |= _totals().search(plain) is not None
        if around("lists").search(plain):
            state.sticky |= state.compared
            state.listed |= state.spoken
        if around("results").search(plain):
            state.compared, state.same = True, False
        if year and years and plain.startswith(str(years[0])) and years[0] != year:
            # A clause that begins with a year speaks of a total, or of a project with a year in it.
            begins, rest = self.known.begins_with_project, plain.removeprefix(f"{years[0]}年").removeprefix("度")
            state.wrong_year = bool(
                YEAR.fullmatch(plain)
                or named(plain, self.known._replace(year=None))[1]
                or (begins(rest) and not begins(plain))
            )


def _figure(kept: _Kept, names: Names, said: frozenset[str]) -> Figure | None:
    """The figure of an amount, where its name is sure."""
    project = None if kept.total else names.of(kept.name, said)
    known = bool(kept.total or project)
    length = len(words.plain(kept.name))
    part = kept.listed and names_money(kept.name)
    if not known and not part and not (length >= 4 and names_money(kept.name, "sure")):
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
        if not names_money(kept.name):
            return None
        unit += "元"
    return money.amount("".join(kept.number["number"].replace("，", ",").split()) + unit, None)


def _clause_of(kept: _Kept) -> str:
    """The clause that the amount stands in."""
    text = kept.number.string
    start = max(kept.start, kept.number.start() - _CLAUSE_CHARS)
    behind = _BEHIND.match(text, kept.number.end())
    return text[start : behind.end() if behind else kept.number.end()].strip(" ，,、；;：:")
