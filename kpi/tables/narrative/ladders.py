"""Grading ladders: 达到90%的为优；80%-90%为良；…, or a table with a column for each grade."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

from kpi.documents import Row, Table
from kpi.schema import DepartmentTarget, Grade, Indicator, Location
from kpi.tables.narrative import words
from kpi.tables.narrative.indicator import made
from kpi.tables.narrative.written import items
from kpi.values import find_values, parse_value

_FEWEST = 3  # grades that make a ladder
_MAX_LADDER = 4_000


@cache
def _step() -> regex.Pattern[str]:
    """The condition and the grade of one step: …90%的为优, 优：≥90%, 90%以上为“优秀”等次."""
    grades = "|".join(map(regex.escape, sorted(words.listed("ladder", "grades"), key=len, reverse=True)))
    quote = r"[“\"'‘]?"
    close = r"[”\"'’]?(?:等次|等级|档次|等|级|档)?"
    return regex.compile(
        rf"(?P<raw>[^；;。，,]*?)(?:的|者|得分)*(?:为|是|评为|定为|评定为|属于|属|记为|确定为)\s*{quote}"
        rf"(?P<grade>{grades}){close}\s*$"
        rf"|(?P<raw>[^；;。，,]*?[\d%％分])(?:的|者)?\s*{quote}(?P<grade>{grades}){close}\s*$"
        rf"|^\s*{quote}(?P<grade>{grades}){close}\s*[:：（(为是]\s*(?P<raw>[^；;。]+?)[)）]?\s*$"
    )


_PARTS = regex.compile(r"[；;。\n]")
_COMMAS = regex.compile(r"[，,、](?![^（(]*+[)）])")


def steps(text: str, year: int | None = None) -> tuple[Grade, ...]:
    """The steps of a ladder in prose, in the order of the text; nothing where fewer than three grades are there."""
    grades = words.listed("ladder", "grades")
    if len(text) > _MAX_LADDER or len([grade for grade in grades if grade in text]) < _FEWEST:
        return ()
    for pattern in (_PARTS, _COMMAS):
        found = [
            grade
            for part in _PARTS.split(text)
            for piece in (pattern.split(part) if pattern is _COMMAS else [part])
            if (grade := _grade(piece, year))
        ]
        if len({grade.grade for grade in found}) >= _FEWEST:
            return tuple(found)
    return ()


def _grade(piece: str, year: int | None) -> Grade | None:
    found = _step().search(piece)
    if not found:
        return None
    raw = _value_in(found["raw"].strip(), year)
    return Grade(grade=found["grade"], raw=raw, value=parse_value(raw, year=year))


def _value_in(text: str, year: int | None) -> str:
    """The value that a condition asks for; the whole condition where it has none or several."""
    values = find_values(text, year=year)
    if not values:
        number = regex.search(r"\d[\d.]*+\s*[%％分]?$", text)
        return number.group() if number else text
    start, end = values[0].span[0], values[-1].span[1]
    whole = text[start:end]
    joined = len(values) == 1 or not regex.search(r"\p{Han}{5,}", whole)
    return whole if joined else text[values[-1].span[0] : end]


# ------------------------------------------------------------------------------------------ tables of grades


def targets(table: Table, section: str | None, year: int | None) -> Iterator[DepartmentTarget]:
    """The targets of a table whose heading has a column for each grade; merged cells are filled down."""
    known = frozenset(words.listed("ladder", "grades"))
    for at, row in enumerate(table.rows):
        grades = {n: cell.text for n, cell in enumerate(row) if cell.text in known}
        if len(grades) < _FEWEST:
            continue
        columns = _columns(row, grades)
        if at and "indicator" not in columns:
            columns = {**_columns(table.rows[at - 1], {}), **columns}
        if "indicator" in columns or "goal" in columns:
            yield from _rows(table, at, grades, columns, section, year)
        return


def _columns(row: Row, grades: dict[int, str]) -> dict[str, int]:
    wordings: dict[str, Any] = words.words()["ladder"]["columns"]
    found: dict[str, int] = {}
    for n, cell in enumerate(row):
        for name, spellings in wordings.items():
            if n not in grades and words.plain(cell.text) in spellings:
                found[name] = n if name == "indicator" else found.get(name, n)
    return found


def _rows(
    table: Table, at: int, grades: dict[int, str], columns: dict[str, int], section: str | None, year: int | None
) -> Iterator[DepartmentTarget]:
    held: dict[str, str] = {}
    for n in range(at + 1, len(table.rows)):
        row = table.rows[n]
        texts = {name: row[c].text for name, c in columns.items() if c < len(row) and row[c].text}
        ladder = tuple(
            Grade(grade=grade, raw=row[c].text, value=parse_value(row[c].text, year=year))
            for c, grade in sorted(grades.items())
            if c < len(row) and row[c].text
        )
        if len(ladder) < 2:
            if "section" in texts:
                held = {"section": texts["section"]}
            continue
        if "section" in texts:
            held.pop("goal", None)
        held |= {name: text for name, text in texts.items() if name != "indicator"}
        path = [part for part in (section, held.get("section")) if part]
        place = table.location(n, columns.get("indicator"))
        yield DepartmentTarget(
            section=" / ".join(path) or None,
            goal=held.get("goal"),
            indicators=tuple(_indicators(texts.get("indicator", ""), place, year)),
            grading=ladder,
        )


def _indicators(text: str, place: Location, year: int | None) -> Iterator[Indicator]:
    for item in items(text):
        name, value = text[slice(*item.name)], text[slice(*item.value)]
        yield made(None, None, name, value, place, year=year, description=item.topic)
