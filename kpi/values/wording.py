"""The sense of a value without a number (DOMAIN §3), from ``phrases.toml`` and the grammar of ``senses``.

A level, a named standard and the patterns that explain a whole value come first; else the text becomes a row of words
with roles (degree, direction, intensity …). The words that decided are returned as terms.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple, Protocol

import regex

from kpi.schema import Sense, Term
from kpi.values.fold import fold
from kpi.values.phrases import phrases
from kpi.values.senses import PUNCTUATION, Word, sense_of, words_of

# Without one of these no standard is named.
_STANDARD = re.compile("[A-Z0-9级等类标《]")
_HAN = regex.compile(r"\p{Han}{2}")
_CLAUSES, _CLAUSE = re.compile("[,;。、:]"), 4  # between clauses, and how long one is at least
_LONGEST = 200  # characters of a name that are looked at
_MOST_WHOLE = 40  # characters of a value that one pattern can explain
MAX_TERMS = 8  # the first words that decided are enough to explain a sense


class Judgement(NamedTuple):
    """A sense, how sure it is, and the words that decided."""

    sense: Sense
    confidence: Decimal
    terms: tuple[Term, ...]


def judge(text: str, folded: str, name: str | None = None, *, opinion: Opinion | None = None) -> Judgement:
    """The sense of ``text`` (``folded``: the same, folded), an indicator value that holds no quantity.

    ``opinion`` is asked where the vocabulary knows no word of it; by default the one in ``use``, ``by_kinds_of_words``
    unless told otherwise.
    """
    known = phrases()
    body = folded.strip(PUNCTUATION)
    if name and restates(body, name) and not _adds_a_task(body, name):
        return Judgement("restatement", Decimal("0.95"), (_term(text, 0, len(text)),))
    if known.level.fullmatch(body) and body not in known.alone_not:
        return Judgement("graded", Decimal("0.95"), (_term(text, 0, len(text)),))
    if found := known.reached.search(body):
        return Judgement("graded", Decimal("0.9"), (_term(text, found.start(), found.end()),))
    if _STANDARD.search(folded) and (found := known.standard.search(folded)):
        return Judgement("standard", Decimal("0.9"), (_term(text, found.start(), found.end()),))
    for sense, whole in known.whole:
        if len(body) <= _MOST_WHOLE and whole.fullmatch(body):
            return Judgement(sense, Decimal("0.9"), (_term(text, 0, len(text)),))
    if found := known.coverage.search(folded):
        return Judgement("coverage", Decimal("0.95"), (_term(text, found.start(), found.end()),))
    row = words_of(folded)
    sense, deciding = sense_of(row)
    if sense == "other" and not deciding and (guess := (opinion or _in_use[-1])(text)):
        return guess._replace(terms=guess.terms[:MAX_TERMS])
    return Judgement(
        sense, _confidence(sense, row, folded), tuple(_term(text, w.start, w.end) for w in deciding[:MAX_TERMS])
    )


def is_nothing(body: str, name: str | None) -> bool:
    """Whether a value says by itself that nothing of the harm in ``name`` may happen: 动物疫情 | 不发生."""
    known = phrases()
    return body in known.zero_alone and name is not None and known.harm.search(fold(name[:_LONGEST])) is not None


class Opinion(Protocol):
    """Who is asked about a wording that the vocabulary leaves open: a trained model has this form too."""

    def __call__(self, text: str) -> Judgement | None:
        """The sense of ``text`` with a confidence, or ``None`` for "I cannot tell"."""


def by_kinds_of_words(text: str) -> Judgement | None:
    """The opinion asked by default: jieba's kinds of words (``segment``)."""
    if not _HAN.search(text):
        return None
    from kpi.values import segment

    found = segment.judge(text)
    return Judgement(*found) if found else None


def no_opinion(text: str) -> Judgement | None:
    """The opinion of one who has none: nothing is loaded, and the sense stays ``other``."""
    return None


_in_use: list[Opinion] = [by_kinds_of_words]


def use(opinion: Opinion) -> None:
    """Ask ``opinion`` from now on, in this process. Values already read stay in the cache as they are."""
    _in_use[:] = [opinion]


def _adds_a_task(value: str, name: str) -> bool:
    """Whether a clause of ``value`` says something beside the name: 调动农民积极性，带动乡村振兴 | 农民积极性."""
    clauses = [clause for clause in _CLAUSES.split(value) if len(clause) >= _CLAUSE]
    named = core(name)
    others = [clause for clause in clauses if core(clause) not in named and named not in core(clause)]
    return bool(others) and len(clauses) > 1 and sense_of(words_of(value))[0] == "task"


def _confidence(sense: Sense, row: list[Word], folded: str) -> Decimal:
    """The share of the text that known words explain, between 0.5 and 0.95; an unexplained text is a guess."""
    if not folded:
        return Decimal("0.5")
    explained = sum(w.end - w.start for w in row if w.role)
    share = Decimal(explained) / Decimal(len(folded))
    if sense == "other":
        return Decimal("0.5")
    return (Decimal("0.55") + share * Decimal("0.4")).quantize(Decimal("0.01"))


def _term(text: str, start: int, end: int) -> Term:
    return Term(text=text[start:end], span=(start, end))


def _turned(name: str, value: str) -> bool:
    """Whether a value says the name with its verb at the end: 工匠精神得到弘扬 | 弘扬工匠精神."""
    verb, thing = name[:2], name[2:]
    at = value.find(thing) if len(thing) >= 3 else -1
    behind = value[at + len(thing) :] if at >= 0 else ""
    return behind.endswith(verb) and len(behind) <= 6 and phrases().roles.get(verb) != "direction"


def _fronted(value: str, name: str) -> bool:
    """Whether a value says the name with its verb in front: 提升服务能力 | 服务能力提升."""
    verb, thing = value[:2], value[2:]
    return len(thing) >= 3 and thing in name and name.endswith(verb) and bool(phrases().roles.get(verb))


_NAME_NOISE = regex.compile(r"[^\p{Han}A-Za-z0-9]")


def core(text: str) -> str:
    """A text as values and names are compared: without punctuation, 率, 情况, 程度 at its end."""
    return phrases().affixes.sub("", _NAME_NOISE.sub("", fold(text)))


def restates(value: str, name: str) -> bool:
    """Whether a value only repeats the indicator's name: one holds the other over at least three characters, once
    率, 情况, 程度 are taken off, or they differ by one short stretch (控制在预算成本内 | 控制在预算内).
    """
    a, b = sorted((core(value), core(name)), key=len)
    if len(a) < 3:
        return False
    if a in b:
        return True
    if _turned(core(name), core(value)) or _fronted(core(value), core(name)):
        return True
    extra = len(b) - len(a)
    if len(a) < 5 or extra > 2:
        return False
    head = 0
    while head < len(a) and a[head] == b[head]:
        head += 1
    return a[head:] == b[head + extra :]
