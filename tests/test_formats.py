"""The same facts in every format and every pasted form give the same projects, and the places of values are true."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
import regex

import kpi
from kpi.schema import Extraction, Indicator
from tests.libreoffice import convert, needs_libreoffice
from tests.material import GOLDEN, differences, plain, without
from tests.rendering import SLUGS, load
from tests.rendering.blocks import Table, TargetTable, on_grid
from tests.rendering.compose import compose
from tests.rendering.formats import CONVERTED, FORMATS, PRINTED
from tests.rendering.layouts import PASTED, RUN_TOGETHER

# The first of these has titles, captions and spaces within values; the second has no heads.
TWO = ("nanguan-2024", "shanhaiguan-office-2023")
# A blank at which a line with Chinese characters may be broken.
BREAKABLE = regex.compile(r"(?<=\p{Han}) | (?=\p{Han})")
ALL_FORMATS = {**FORMATS, **PRINTED}
CASES = [
    (slug, name)
    for name in ALL_FORMATS
    for slug in SLUGS
    if name in FORMATS or name == "ruled" or slug in TWO
]  # fmt: skip


def golden(slug: str) -> Any:
    return json.loads((GOLDEN / f"{slug}.json").read_text(encoding="utf-8"))


def reading(extraction: Extraction) -> dict[str, Any]:
    """What every rendering of a document must give; how many tables there were may differ, and what field codes say,
    which only some formats hold (see `test_hidden_titles.py`).
    """
    whole = plain(extraction)
    parts = ("organisation", "fiscal_year", "money_unit", "problems", "projects", "coverage")
    return {part: without(whole[part], "location", "tables_seen", "hidden_titles") for part in parts}


def wrong(slug: str, extraction: Extraction, *, printed: bool = False) -> list[str]:
    """Where a reading differs from the golden one, line by line.

    Of a ``printed`` page a cell's line that was broken at a blank shows none: there nobody can know of it. So a text
    from a printed page may lack a blank beside a Chinese character, and nothing else.
    """
    got = reading(extraction)
    want = {part: without(golden(slug)[part], "tables_seen", "hidden_titles") for part in got}
    return list(differences(as_printed(want, got) if printed else want, got))


def as_printed(want: Any, got: Any) -> Any:
    """``want``, its texts as in ``got`` where these lack blanks at which a line may have been broken."""
    match want, got:
        case dict(), dict():
            return {key: as_printed(value, got.get(key)) for key, value in want.items()}
        case list(), list() if len(want) == len(got):
            return [as_printed(wanted, given) for wanted, given in zip(want, got, strict=True)]
        case str(), str() if regex.fullmatch(BREAKABLE.sub(" ?", regex.escape(want, special_only=True)), got):
            return got
        case _:
            return want


def plain_text(text: object) -> str:
    return "".join(str(text).split())


def indicators(extraction: Extraction) -> list[Indicator]:
    found = [row for project in extraction.projects for row in project.indicators]
    assert found
    return found


def render(slug: str, name: str, folder: Path) -> Path:
    path = folder / f"{slug}.{name}.{ALL_FORMATS[name].suffix}"
    path.write_bytes(ALL_FORMATS[name](load(slug)))
    return path


@pytest.mark.parametrize(("slug", "name"), CASES)
def test_every_format_gives_the_golden_projects(slug: str, name: str, tmp_path: Path) -> None:
    assert wrong(slug, kpi.extract(render(slug, name, tmp_path)), printed=name in PRINTED) == []


@needs_libreoffice
@pytest.mark.parametrize("suffix", CONVERTED)
def test_old_formats_give_the_golden_projects(suffix: str, tmp_path: Path) -> None:
    files = [render(slug, CONVERTED[suffix], tmp_path) for slug in SLUGS]
    convert(files, suffix, tmp_path)
    found = {
        slug: wrong(slug, kpi.extract(file.with_suffix(f".{suffix}"))) for slug, file in zip(SLUGS, files, strict=True)
    }
    assert found == {slug: [] for slug in SLUGS}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("name", PASTED)
def test_every_pasted_form_gives_the_golden_projects(slug: str, name: str) -> None:
    assert wrong(slug, kpi.extract(PASTED[name](load(slug)))) == []


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("name", PASTED)
def test_places_in_pasted_text_slice_it_to_the_value(slug: str, name: str) -> None:
    text = PASTED[name](load(slug))
    for row in indicators(kpi.extract(text)):
        assert plain_text(text[row.location.start : row.location.end]).strip("|") == plain_text(row.raw_value)


@pytest.mark.parametrize("slug", SLUGS)
def test_of_text_run_together_only_what_is_certain_is_read(slug: str) -> None:
    facts = load(slug)
    extraction = kpi.extract(RUN_TOGETHER(facts))
    rows = [row for project in facts.projects for row in project.indicators]
    known = {(row.tier2, row.name, row.value) for row in rows}
    # Where a description follows, nothing says where the name ends.
    known |= {(row.tier2, row.name + row.description, row.value) for row in rows}
    read = {(row.tier2_text, row.name, row.raw_value) for project in extraction.projects for row in project.indicators}
    assert read - known == set()
    assert len(read) == len(rows) or extraction.problems


def as_shown(value: object, shape: str) -> str:
    """The content of a cell as the sheet shows it."""
    if not isinstance(value, int | float):
        return str(value or "")
    percent = shape.endswith("%")
    places = len(shape.rstrip("%").partition(".")[2])
    return f"{value * 100:.{places}f}%" if percent else f"{value:.{places}f}"


def excel_cell(path: Path) -> Callable[[Indicator], Iterator[str]]:
    book = openpyxl.load_workbook(path)

    def cell(row: Indicator) -> Iterator[str]:
        place = row.location
        assert place.sheet
        assert place.row
        assert place.column
        found = book[place.sheet].cell(place.row, place.column)
        yield as_shown(found.value, found.number_format)

    return cell


def word_cell(path: Path) -> Callable[[Indicator], Iterator[str]]:
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]

    def cell(row: Indicator) -> Iterator[str]:
        place = row.location
        assert place.table
        assert place.row
        assert place.column
        yield tables[place.table - 1][place.row - 1][place.column - 1]

    return cell


def web_cell(path: Path) -> Callable[[Indicator], Iterator[str]]:
    """By the grid that the page was written from."""
    blocks = compose(load(path.name.split(".")[0]), repeat_heading=True, merge_second=True)
    tables = [[on_grid(row) for row in block.rows] for block in blocks if isinstance(block, Table | TargetTable)]

    def cell(row: Indicator) -> Iterator[str]:
        place = row.location
        assert place.table
        assert place.row
        assert place.column
        yield tables[place.table - 1][place.row - 1][place.column - 1].text

    return cell


def comma_cell(path: Path) -> Callable[[Indicator], Iterator[str]]:
    text = path.read_bytes().decode("gb18030")
    reader = csv.reader(io.StringIO(text, newline=""))
    lines: dict[int, list[str]] = {}
    before = 0
    for texts in reader:
        lines[before + 1] = texts
        before = reader.line_num

    def cell(row: Indicator) -> Iterator[str]:
        place = row.location
        assert place.line
        assert place.column
        yield lines[place.line][place.column - 1]
        if place.start is not None:
            yield text[place.start : place.end]

    return cell


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("excel", excel_cell),
        ("excel_one_sheet", excel_cell),
        ("word", word_cell),
        ("word_paged", word_cell),
        ("web", web_cell),
        ("comma", comma_cell),
    ],
)
def test_the_value_stands_where_its_place_says(
    slug: str, name: str, cells: Callable[[Path], Callable[[Indicator], Iterator[str]]], tmp_path: Path
) -> None:
    path = render(slug, name, tmp_path)
    cell = cells(path)
    for row in indicators(kpi.extract(path)):
        assert {plain_text(text) for text in cell(row)} == {plain_text(row.raw_value)}


@pytest.mark.parametrize("slug", TWO)
@pytest.mark.parametrize("name", ["ruled_paged", "borderless_paged"])
def test_the_value_stands_on_its_page(slug: str, name: str, tmp_path: Path) -> None:
    path = render(slug, name, tmp_path)
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [plain_text(page.get_textpage().get_text_range()) for page in pdf]
    rows = indicators(kpi.extract(path))
    for row in rows:
        assert row.location.page
        assert plain_text(row.raw_value) in pages[row.location.page - 1]
    assert len({row.location.page for row in rows}) > len(load(slug).projects)
