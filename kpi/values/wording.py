"""The sense of a value without a number (DOMAIN §3), from ``phrases.toml`` and a small grammar over word roles.

A text becomes a row of words with roles (degree, direction, intensity …) and unknown stretches between them. The
senses are tried from the most telling to the least; the words that decided are returned as terms.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple, Protocol

import regex

from kpi.schema import Sense, Term
from kpi.values import vocabulary
from kpi.values.fold import fold
from kpi.values.vocabulary import any_of, longest_of

# Without one of these no standard is named.
_STANDARD = re.compile("[A-Z0-9级等类标《]")
_HAN = regex.compile(r"\p{Han}{2}")
_CLAUSES, _CLAUSE = re.compile("[,;。、:]"), 4  # between clauses, and how long one is at least
_LONGEST = 200  # characters of a name that are looked at
_PUNCTUATION = " 。.,;:!?、\"'“”‘’()"


_PAIR = 2
MAX_TERMS = 8  # the first words that decided are enough to explain a sense


class Word(NamedTuple):
    """A known word of the text and the role it plays; ``role`` is empty for an unknown stretch."""

    role: str
    start: int
    end: int


class Judgement(NamedTuple):
    """A sense, how sure it is, and the words that decided."""

    sense: Sense
    confidence: Decimal
    terms: tuple[Term, ...]


class Phrases(NamedTuple):
    """``phrases.toml``, compiled."""

    empty: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    both: frozenset[str]
    zero: regex.Pattern[str]
    zero_alone: frozenset[str]
    harm: regex.Pattern[str]
    uncounted: regex.Pattern[str]
    mask: regex.Pattern[str]
    roles: dict[str, str]
    words: re.Pattern[str]
    coverage: regex.Pattern[str]
    level: regex.Pattern[str]
    reached: regex.Pattern[str]
    alone_not: frozenset[str]
    standard: regex.Pattern[str]
    affixes: regex.Pattern[str]
    grade_before: regex.Pattern[str]
    grade_after: regex.Pattern[str]


@cache
def phrases() -> Phrases:
    """The vocabulary, read once."""
    data = vocabulary.load("phrases.toml")
    roles = {fold(word): role for role, entry in data["role"].items() for word in entry["words"]}
    grades = data["grades"]
    levels, ladder = any_of([fold(w) for w in grades["levels"]]), regex.escape(grades["ladder"])
    labels = any_of([fold(w) for w in grades["labels"]])
    folded = {key: frozenset(map(fold, data["yes_no"][key])) for key in ("yes", "no", "both")}
    return Phrases(
        frozenset(map(fold, data["empty"]["values"])),
        folded["yes"],
        folded["no"],
        folded["both"],
        regex.compile(
            rf"(?:{any_of(data['zero']['before'])})\p{{Han}}{{0,8}}?(?:{any_of(data['zero']['nouns'])})(?:发生|率|行为|现象)?"
            rf"|(?:{any_of(data['zero']['nouns'])})(?:发生)?[率数]?[为是]零|(?:坚决|确保|保证|做到)?不再?(?:{any_of(data['zero']['undone'])})"
        ),
        frozenset(map(fold, data["zero"]["alone"])),
        regex.compile(any_of(data["zero"]["nouns"] + data["zero"]["harms"])),
        regex.compile("|".join(data["uncounted"]["patterns"])),
        regex.compile("|".join(f"(?:{p})" for p in data["mask"]["codes"] + data["mask"]["idioms"])),
        roles,
        re.compile(longest_of(roles)),
        regex.compile("|".join(data["role"]["coverage"]["patterns"])),
        regex.compile(
            rf"(?:达到|达|为|评为)?(?:(?:{levels})(?:级|等次|等级)?(?: *[/、,;|或]+ *(?:{levels}))*|[{ladder}]{{2,5}})"
            r"(?:以上|及以上|级|等次)?"
        ),
        regex.compile(
            rf"(?:获得?|取得|达到|达|评为|评定为|定为|为)(?:{any_of([fold(w) for w in grades['reached']])})"
            r"(?:(?:等次|等级|档次|级)(?:及?以上)?|及?以上(?:等次|等级|档次)?)$"
        ),
        frozenset(w for w in grades["alone_not"] if w not in grades["alone_but"]),
        regex.compile("|".join(data["standard"]["patterns"])),
        regex.compile(rf"(?:{any_of(data['restatement']['affixes'])})+$"),
        regex.compile(rf"(?P<grade>{labels}) *(?=[(:])"),
        regex.compile(rf"(?:^|[\s,;、。])(?:{labels})[:：]?$"),
    )  # fmt: skip


def words_of(folded: str) -> list[Word]:
    """The row of words: known ones with their roles, what stands between them as unknown stretches."""
    known = phrases()
    row: list[Word] = []
    at = 0
    for found in known.words.finditer(folded):
        if folded[at : found.start()].strip(_PUNCTUATION):
            row.append(Word("", at, found.start()))
        row.append(Word(known.roles[found[0]], found.start(), found.end()))
        at = found.end()
    if folded[at:].strip(_PUNCTUATION):
        row.append(Word("", at, len(folded)))
    return row


def judge(text: str, folded: str, name: str | None = None, *, opinion: Opinion | None = None) -> Judgement:
    """The sense of ``text`` (``folded``: the same, folded), an indicator value that holds no quantity.

    ``opinion`` is asked where the vocabulary knows no word of it; by default the one in ``use``, ``by_kinds_of_words``
    unless told otherwise.
    """
    known = phrases()
    body = folded.strip(_PUNCTUATION)
    if name and restates(body, name) and not _adds_a_task(body, name):
        return Judgement("restatement", Decimal("0.95"), (_term(text, 0, len(text)),))
    if known.level.fullmatch(body) and body not in known.alone_not:
        return Judgement("graded", Decimal("0.95"), (_term(text, 0, len(text)),))
    if found := known.reached.search(body):
        return Judgement("graded", Decimal("0.9"), (_term(text, found.start(), found.end()),))
    if _STANDARD.search(folded) and (found := known.standard.search(folded)):
        return Judgement("standard", Decimal("0.9"), (_term(text, found.start(), found.end()),))
    row = words_of(folded)
    if known.uncounted.fullmatch(body):
        return Judgement("other", Decimal("0.9"), (_term(text, 0, len(text)),))
    if found := known.coverage.search(folded):
        return Judgement("coverage", Decimal("0.95"), (_term(text, found.start(), found.end()),))
    sense, deciding = _sense(row)
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


def _sense(row: list[Word]) -> tuple[Sense, list[Word]]:
    by_role: dict[str, list[Word]] = {}
    for word in row:
        by_role.setdefault(word.role, []).append(word)
    if "elsewhere" in by_role:
        return "other", by_role["elsewhere"]
    if task := _creates(row):
        return "task", [task]
    if "coverage" in by_role:
        return "coverage", by_role["coverage"]
    if "punctual" in by_role:
        return "punctual", by_role["punctual"]
    if _moves(row):
        return "direction_only", [w for w in row if w.role in ("degree", "direction", "turn")]
    if "procedural" in by_role:
        return "procedural", by_role["procedural"]
    if len(row) > 1 and row[0].role in ("task", "turn"):
        return "task", [row[0]]
    if row and row[0].role == "support" and len(row) > 1 and not row[1].role:
        return "task", [row[0]]  # 维护社会稳定: a verb and what it is done to
    if "intensity" in by_role:
        return "intensity_only", [w for w in row if w.role in ("degree", "intensity", "support")]
    if worked := by_role.get("task", []) + by_role.get("create", []) + by_role.get("turn", []):
        return "task", worked
    if "support" in by_role:
        return "intensity_only", by_role["support"]
    if "direction" in by_role:
        return "direction_only", by_role["direction"]
    if "area" in by_role:
        return "coverage", by_role["area"]
    if "done" in by_role:
        return "other", by_role["done"]
    if "degree" in by_role:
        return "intensity_only", by_role["degree"]
    return "other", []


def _creates(row: list[Word]) -> Word | None:
    """The verb that calls something into being, with what it makes behind it: 积极营造全社会关心的氛围."""
    first = next((n for n, word in enumerate(row) if word.role not in ("degree", "intensity")), len(row))
    return row[first] if first + 1 < len(row) and row[first].role == "create" else None


def _adds_a_task(value: str, name: str) -> bool:
    """Whether a clause of ``value`` says something beside the name: 调动农民积极性，带动乡村振兴 | 农民积极性."""
    clauses = [clause for clause in _CLAUSES.split(value) if len(clause) >= _CLAUSE]
    named = core(name)
    others = [clause for clause in clauses if core(clause) not in named and named not in core(clause)]
    return bool(others) and len(clauses) > 1 and _sense(words_of(value))[0] == "task"


def _moves(row: list[Word]) -> bool:
    """A direction with a degree, or as the first or the last word that counts: 生活水平不断提高, 提高, 增强凝聚力."""
    if (
        len(row) > 1
        and row[-1].role == "turn"
        and (row[-2].role == "degree" or (row[-2].role == "intensity" and len(row) == _PAIR))
    ):
        return True
    directions = [n for n, word in enumerate(row) if word.role == "direction"]
    if not directions:
        return False
    ends = {0, len(row) - 1}
    near_degree = any(row[m].role == "degree" for n in directions for m in (n - 1, n + 1) if 0 <= m < len(row))
    return near_degree or bool(ends & set(directions))


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
    if _turned(core(name), core(value)):
        return True
    extra = len(b) - len(a)
    if len(a) < 5 or extra > 2:
        return False
    head = 0
    while head < len(a) and a[head] == b[head]:
        head += 1
    return a[head:] == b[head + extra :]
