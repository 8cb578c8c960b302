"""``parse_value`` and ``find_values``: the two ways into the grammar of values."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import regex

from kpi import settings
from kpi.schema import Compound, Empty, Note, Qualitative, Quantity, Value, YesNo
from kpi.values import common, dates, units, wording
from kpi.values.fold import fold, without_surrogates
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
    return _parse(text, year, unit, name)


def find_values(text: str, *, year: int | None = None) -> list[Value]:
    """Every value in running prose; each ``raw`` is the slice, each ``span`` indexes ``text``."""
    readings = scan(fold(text), Surroundings(year=year, prose=True))
    return [r.build(text[r.start : r.end], (r.start, r.end)) for r in readings]


@lru_cache(maxsize=settings.VALUE_CACHE)
def _parse(text: str, year: int | None, unit: str | None, name: str | None) -> Value:
    notes: tuple[Note, ...] = ()
    head = text
    if len(text) > settings.MAX_VALUE_CHARS:
        head, notes = text[: settings.MAX_VALUE_CHARS], ("truncated",)
    folded = fold(head)
    around = _around(year, unit, name)
    if not notes and (value := common.read(folded, text, around)):
        return value
    if (sound := without_surrogates(text)) != text:
        return _parse(sound, year, unit, name)
    start, end = _body(folded)
    known = wording.phrases()
    body = folded[start:end]
    if body[:1] == "=" and body[1:].strip() in (known.yes | known.no):
        body = body[1:].strip()  # an operator column joined to 是
    if body in known.empty:
        return Empty(raw=text, span=(start, end), notes=notes)
    if body[:1] == "(" and body[1:-1].strip() in known.empty:
        return Empty(raw=text, span=(start, end), notes=notes)
    if known.zero.fullmatch(body):
        return _nothing(text, start, end, notes)
    compact = body.replace(" ", "")
    if compact in known.both:
        return YesNo(raw=text, span=(start, end), answer=None, notes=notes)
    if body in known.yes or body in known.no:
        return YesNo(raw=text, span=(start, end), answer=body in known.yes, notes=notes)
    # Blank out what lies before the body, so that productions see nothing of a list marker.
    readings = scan(" " * start + body, around)
    if unread_digits(" " * start + body, readings):
        notes = (*notes, "not_understood")
    if not readings and (found := known.zero.search(body)):
        return _nothing(text, start + found.start(), start + found.end(), notes)
    if not readings and (recurring := dates.read_bare_recurrence(body, 0)):
        return recurring.build(text, (start, start + recurring.end))
    if not readings:
        judged = wording.judge(head, folded, name)
        return Qualitative(raw=text, span=(start, end), notes=notes, **judged._asdict())
    readings = _with_wordings(head, folded, (start, end), readings)
    if len(readings) == 1:
        only = readings[0]
        return only._replace(notes=(*only.notes, *notes)).build(text, (only.start, only.end))
    return _compound(text, folded, start, end, readings, notes)


def _around(year: int | None, unit: str | None, name: str | None) -> Surroundings:
    column, brackets = _column(unit) if unit else None, _brackets(name) if name else None
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


@lru_cache(maxsize=4096)
def _column(unit: str | None) -> Written | None:
    """The unit of a unit column. A short word that the registry does not know is a unit that counts itself."""
    if not unit or not unit.strip():
        return None
    written = units.whole(unit)
    text = unit.strip()
    if written or text in wording.phrases().empty or not _ASCII_UNIT.fullmatch(text):
        return written
    return Written(Unit(text, "count", text, Decimal(1)), "", None)


@lru_cache(maxsize=4096)
def _brackets(name: str | None) -> Written | None:
    """The unit in the brackets at the end of an indicator's name: 设备使用率（%）."""
    if not name:
        return None
    found = _IN_BRACKETS.search(fold(name))
    return units.whole(found["unit"]) if found else None


def _nothing(text: str, start: int, end: int, notes: tuple[Note, ...]) -> Value:
    return Quantity(
        raw=text, span=(start, end), notes=notes, operator="=", operator_written=False, magnitude=Decimal(0), unit=None,
        dimension="count", base_magnitude=Decimal(0), base_unit=None,
    )  # fmt: skip


_BEHIND = regex.compile(r" *[;,。] *(?P<clause>\p{Han}{2,30})$")
_GRADE_BEFORE = regex.compile(r"(?P<grade>优秀?|良好?|合格|中等?|较差|差) *(?=[(:])")
_SURE = Decimal("0.85")


def _with_wordings(text: str, folded: str, body: tuple[int, int], readings: list[Reading]) -> list[Reading]:
    """``readings`` with a wording beside them that says something of its own: 优（≥95%）, 100%；及时发放."""
    start, end = body
    found = _BEHIND.match(folded, readings[-1].end, end)
    if found and (clause := _wording(text, folded, found.start("clause"), end)):
        readings = [*readings, clause]
    grade = _GRADE_BEFORE.match(folded, start)
    if grade and grade.end() <= readings[0].start and len(readings) == 1:
        first = _wording(text, folded, start, grade.end("grade"))
        readings = [first, *readings] if first else readings
    return readings


def _wording(text: str, folded: str, start: int, end: int) -> Reading | None:
    """The wording at ``[start:end]`` where the vocabulary explains it well."""
    judged = wording.judge(text[start:end], folded[start:end])
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
_GRADE = regex.compile(r"(?:^|[\s,;、。])(?:优秀?|良好?|中|差|合格|不合格|较差|一般)[:：]?$")


def _join(folded: str, readings: list[Reading]) -> Literal["and", "or", "with"]:
    between = [folded[a.end : b.start] for a, b in pairwise(readings)]
    if any("或" in gap for gap in between):
        return "or"
    if any("(" in gap for gap in between) or all(_GRADE.search(gap) for gap in between):
        return "with"
    return "and"
