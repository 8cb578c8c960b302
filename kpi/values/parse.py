"""``parse_value`` and ``find_values``: the two ways into the grammar of values."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import regex

from kpi import settings
from kpi.schema import Compound, DateValue, Empty, Note, Qualitative, Quantity, Value, YesNo
from kpi.values import common, dates, units, wording
from kpi.values.fold import fold, without_surrogates
from kpi.values.phrases import phrases
from kpi.values.readings import NOWHERE, Reading, Surroundings
from kpi.values.scan import scan, unread_digits
from kpi.values.units import Unit, Written

_MARKER = regex.compile(
    r"\s*(?:[①-⑳⑴-⒇㈠-㈩❶-❿]|\d{1,2}[、．]|\d{1,2}\.(?![\d ])|\([1-9一二三四五六七八九十]\)(?!\p{Han}?$)|[●■◆◇★☆·•▪]) *"
)
_TRAILING = " 。.;,、"
_IN_BRACKETS = regex.compile(r"\((?P<unit>[^()]{1,12}|[^()]{0,8}\([^()]{1,4}\))\)\s*$")
_ASCII_UNIT = regex.compile(r"[\p{Han}A-Za-z㎡%‰·/]{1,6}")


def parse_value(text: str, *, year: int | None = None, unit: str | None = None, name: str | None = None) -> Value:
    """Read one 指标值 cell.

    Args:
        text: the cell as it stands.
        year: the document's fiscal year, for dates without one (never today's).
        unit: the unit from a column of its own; the value's own unit beats it.
        name: the indicator's name; it supplies a unit in its brackets and decides ``restatement``.

    Returns:
        A frozen value. Any string gives one; nothing is raised for what the text holds.

    """
    if len(text) > _SHORT or len(unit or "") > _SHORT or len(name or "") > _SHORT:
        return _parse.__wrapped__(text, year, unit, name)
    return _parse(text, year, unit, name)


_SHORT = 64  # what is remembered stays short: hardly a longer cell comes twice


def find_values(text: str, *, year: int | None = None) -> list[Value]:
    """Every value in running prose; each ``raw`` is the slice, each ``span`` indexes ``text``."""
    readings, complete = scan(fold(text), Surroundings(year=year, prose=True))
    if readings and not complete:
        readings[-1] = readings[-1].noted("truncated")
    return [r.build(text[r.start : r.end], (r.start, r.end)) for r in readings]


@lru_cache(maxsize=settings.VALUE_CACHE)
def _parse(text: str, year: int | None, unit: str | None, name: str | None) -> Value:
    folded = fold(text[: settings.MAX_VALUE_CHARS])
    around = _around(year, unit, name)
    if len(folded) == len(text) and (value := common.read(folded, text, around)):
        return value
    if (sound := without_surrogates(text)) != text:
        return parse_value(sound, year=year, unit=unit, name=name)
    return by_grammar(text, folded, around, name)


def by_grammar(text: str, folded: str, around: Surroundings, name: str | None) -> Value:
    """The value of ``text`` (``folded``: its head, folded) by the full grammar, without the short way of ``common``."""
    head = text[: len(folded)]
    notes: tuple[Note, ...] = ("truncated",) if len(folded) < len(text) else ()
    start, end = _body(folded)
    known = phrases()
    body = folded[start:end]
    if body[:1] == "=" and body[1:].strip() in (known.yes | known.no):
        body = body[1:].strip()  # an operator column joined to 是
    if body in known.empty:
        return Empty(raw=text, span=(start, end), notes=notes)
    if body[:1] == "(" and body[1:-1].strip() in known.empty:
        return Empty(raw=text, span=(start, end), notes=notes)
    if known.zero.fullmatch(body) or wording.is_nothing(body, name):
        return _nothing(text, start, end, notes)
    compact = body.replace(" ", "")
    if compact in known.both:
        return YesNo(raw=text, span=(start, end), answer=None, notes=notes)
    if body in known.yes or body in known.no:
        return YesNo(raw=text, span=(start, end), answer=body in known.yes, notes=notes)
    # Blank out what lies before the body, so that productions see nothing of a list marker.
    seen = " " * start + body
    readings, complete = scan(seen, around)
    if not complete:
        notes = ("truncated",)
    if unread_digits(seen, readings) or any(_runs_on(folded, reading) for reading in readings):
        notes = (*notes, "not_understood")
    readings = _without_frame(readings)
    if all(_is_frame(r) for r in readings) and (found := known.zero.search(body)):
        return _nothing(text, start + found.start(), start + found.end(), notes)
    if not readings and (recurring := dates.read_bare_recurrence(body, 0)):
        return recurring.build(text, (start, start + recurring.end))
    if not readings:
        judged = wording.judge(head, folded, name)
        return Qualitative(raw=text, span=(start, end), notes=notes, **judged._asdict())
    readings = _with_wordings(head, folded, (start, end), readings)
    if len(readings) == 1:
        only = readings[0]
        return only.noted(*notes).build(text, (only.start, only.end))
    return _compound(text, folded, start, end, readings, notes)


def _is_frame(reading: Reading) -> bool:
    """全年, 当年: the time in which something is done, where something else is the value."""
    fields = reading.fields
    return reading.model is DateValue and fields["precision"] == "year" and fields["operator"] == "in" and not (
        fields["year_written"] or fields["recurs"]
    )  # fmt: skip


def _without_frame(readings: list[Reading]) -> list[Reading]:
    """``readings`` without a frame of time beside other values: 全年12次."""
    return [r for r in readings if not _is_frame(r)] or readings


_SIGN_OF_MONEY = regex.compile(r"\p{Sc}")
_LETTER = regex.compile(r"[A-Za-z²³⁴^]")


def _runs_on(folded: str, reading: Reading) -> bool:
    """Whether a bare number is joined to letters or a currency sign that nothing explains: 5abc, ₩500."""
    if reading.model is not Quantity or reading.fields["dimension"] != "number" or reading.fields["unit"]:
        return False
    before = reading.start and _SIGN_OF_MONEY.match(folded, reading.start - 1)
    return bool(before or _LETTER.match(folded, reading.end))


def _around(year: int | None, unit: str | None, name: str | None) -> Surroundings:
    column = _column(unit) if unit and len(unit) <= units.LONGEST else None
    brackets = _brackets(name[-units.LONGEST :]) if name else None
    return Surroundings(year, column, brackets) if year or column or brackets else NOWHERE


def _body(folded: str) -> tuple[int, int]:
    """Where the value's text stands: without spaces, a list marker (①, 1、) and a closing full stop."""
    start = 0
    if (found := _MARKER.match(folded)) and found.end() < len(folded):
        start = found.end()
    stripped = folded[start:].lstrip()
    start = len(folded) - len(stripped)
    end = start + len(stripped.rstrip(_TRAILING)) if stripped.rstrip(_TRAILING) else start + len(stripped.rstrip())
    return start, max(start, end)


_LAST_BRACKET = regex.compile(r"[（(][^（）()]{1,8}[）)]\s*$")  # 尾（粒）, 次（场）


@lru_cache(maxsize=4096)
def _column(unit: str) -> Written | None:
    """The unit of a unit column. A short word that the registry does not know is a unit that counts itself."""
    if not unit.strip():
        return None
    written = units.whole(unit) or units.misspelt(unit) or units.whole(_LAST_BRACKET.sub("", unit))
    text = unit.strip()
    if written or text in phrases().empty or not _ASCII_UNIT.fullmatch(text):
        return written
    return Written(Unit(text, "count", text, Decimal(1)), "", None)


@lru_cache(maxsize=4096)
def _brackets(name: str) -> Written | None:
    """The unit in the brackets at the end of an indicator's name: 设备使用率（%）."""
    found = _IN_BRACKETS.search(fold(name))
    return units.whole(found["unit"]) if found else None


def _nothing(text: str, start: int, end: int, notes: tuple[Note, ...]) -> Value:
    return Quantity(
        raw=text, span=(start, end), notes=notes, operator="=", operator_written=False, magnitude=Decimal(0), unit=None,
        dimension="count", base_magnitude=Decimal(0), base_unit=None,
    )  # fmt: skip


_BEHIND = regex.compile(r" *[;,。] *(?P<clause>\p{Han}{2,30})$")
_SURE = Decimal("0.85")


def _with_wordings(text: str, folded: str, body: tuple[int, int], readings: list[Reading]) -> list[Reading]:
    """``readings`` with a wording beside them that says something of its own: 优（≥95%）, 100%；及时发放."""
    start, end = body
    found = _BEHIND.match(folded, readings[-1].end, end)
    if found and (clause := _wording(text, folded, found.start("clause"), end)):
        readings = [*readings, clause]
    grade = phrases().grade_before.match(folded, start)
    if grade and grade.end() <= readings[0].start and len(readings) == 1:
        first = _wording(text, folded, start, grade.end("grade"))
        readings = [first, *readings] if first else readings
    return readings


def _wording(text: str, folded: str, start: int, end: int) -> Reading | None:
    """The wording at ``[start:end]`` where the vocabulary explains it well."""
    judged = wording.judge(text[start:end], folded[start:end], opinion=wording.no_opinion)
    if judged.confidence < _SURE or judged.sense in ("other", "task"):
        return None
    return Reading(start, end, Qualitative, judged._asdict())


_EDGES = " ,;:。、.()[]且和或及并与，；：（）【】①②③④⑤⑥⑦⑧⑨⑩"


def _compound(text: str, folded: str, start: int, end: int, readings: list[Reading], notes: tuple[Note, ...]) -> Value:
    parts: list[Value] = []
    before = start
    for reading in readings:
        label = _INNER_MARKER.sub("", text[before : reading.start].strip(_EDGES)).strip(_EDGES) or None
        parts.append(reading.build(text[reading.start : reading.end], (reading.start, reading.end), label))
        before = reading.end
    fields: dict[str, Any] = {"parts": tuple(parts), "join": _join(folded, readings)}
    return Compound(raw=text, span=(start, end), notes=notes, **fields)


_INNER_MARKER = regex.compile(r"^\d{1,2}[、.．]")


def _join(folded: str, readings: list[Reading]) -> Literal["and", "or", "with"]:
    between = [folded[a.end : b.start] for a, b in pairwise(readings)]
    if any("或" in gap for gap in between):
        return "or"
    if any("(" in gap for gap in between) or all(phrases().grade_after.search(gap) for gap in between):
        return "with"
    return "and"
