"""Each table family reads the same in every format and in text, and as its facts say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kpi
from kpi.schema import Extraction
from tests.material import differences, plain
from tests.rendering.blocks import Block
from tests.rendering.families import FAMILIES, answers, compose, ladder, load
from tests.rendering.families.answers import read
from tests.rendering.formats import FORMATS, PRINTED
from tests.rendering.layouts import LAYOUTS, PASTED, RUN_TOGETHER

FILES = {name: ({**FORMATS, **PRINTED})[name] for name in ("word", "excel", "excel_one_sheet", "web", "comma", "ruled")}
TEXTS = {**LAYOUTS, **PASTED}
# Where empty cells vanish, nothing is left that tells which of two blocks a lone cell stands in, where in a sheet a new
# project begins, or how deep a line of a tree is.
VANISHING = {"blank_lines", "flat_lines"}
LOST = {(slug, name) for slug in ("c-split-signs", "d-two-blocks", "i-tree") for name in VANISHING}
IN_TEXT = [(slug, name) for slug in FAMILIES for name in TEXTS if (slug, name) not in LOST]


def wrong(slug: str, extraction: Extraction) -> list[str]:
    """Where a reading differs from the facts, and whether anything is missing or left over."""
    facts = load(slug)
    want = {
        "projects": answers(facts),
        "problems": [],
        "fiscal_year": facts.fiscal_year,
        "rows": [sum(len(project["indicators"]) for project in answers(facts))] * 2,
    }
    coverage = extraction.coverage
    got = {
        "projects": read(plain(extraction)["projects"]),
        "problems": [problem.code for problem in extraction.problems],
        "fiscal_year": extraction.fiscal_year,
        "rows": [coverage.rows_seen, coverage.rows_read],
    }
    return list(differences(want, got))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("slug", FAMILIES)
def test_family_in_a_file(slug: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{slug}.{FILES[name].suffix}"
    path.write_bytes(FILES[name].write(compose(load(slug))))
    assert wrong(slug, kpi.extract(path)) == []


@pytest.mark.parametrize(("slug", "name"), IN_TEXT)
def test_family_in_text(slug: str, name: str) -> None:
    assert wrong(slug, kpi.extract(TEXTS[name].write(compose(load(slug))))) == []


@pytest.mark.parametrize("slug", FAMILIES)
def test_of_a_family_run_together_only_what_is_certain_is_read(slug: str) -> None:
    facts = load(slug)
    extraction = kpi.extract(RUN_TOGETHER.write(compose(facts)))
    known = {(row["name"], row["raw_value"]) for project in answers(facts) for row in project["indicators"]}
    read = [(row.name, row.raw_value) for project in extraction.projects for row in project.indicators]
    assert set(read) - known == set()
    assert len(read) >= len(known) or extraction.problems


@pytest.mark.parametrize("shape", [ladder.table, ladder.sentences])
@pytest.mark.parametrize("name", [*FILES, "tab_rows", "pipe_rows"])
def test_ladder_of_grades(name: str, shape: Callable[[ladder.Ladder], Iterator[Block]], tmp_path: Path) -> None:
    facts = ladder.load()
    if name in FILES:
        path = tmp_path / f"ladder.{FILES[name].suffix}"
        path.write_bytes(FILES[name].write(shape(facts)))
        extraction = kpi.extract(path)
    else:
        extraction = kpi.extract(TEXTS[name].write(shape(facts)))
    targets = ladder.read(plain(extraction)["department_targets"])
    assert list(differences(ladder.answers(facts), targets)) == []
    assert extraction.projects == ()
