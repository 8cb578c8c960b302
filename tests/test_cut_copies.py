"""A copy that begins or ends in mid-table: what is read of it is right, and whole tables in it are read."""

from __future__ import annotations

import pytest

import kpi
from tests.rendering import LAYOUTS, load
from tests.rendering.facts import Facts
from tests.rendering.layouts import PASTED

# Of a flat line nothing can be cut off but the end of the document.
FORMS = {name: layout for name, layout in {**LAYOUTS, **PASTED}.items() if name != "flat_lines"}
CUTS = 12
Row = tuple[str | None, str | None, str]


@pytest.fixture(scope="module", params=["nanguan-2024", "nandagang-2020"])
def facts(request: pytest.FixtureRequest) -> Facts:
    return load(request.param)


def known(facts: Facts) -> set[Row]:
    return {(row.tier2, row.name, row.value) for project in facts.projects for row in project.indicators}


def read(text: str) -> list[Row]:
    rows = [row for project in kpi.extract(text).projects for row in project.indicators]
    return [(row.tier2_text, row.name, row.raw_value) for row in rows]


@pytest.mark.parametrize("name", FORMS)
def test_of_a_copy_cut_at_its_head(facts: Facts, name: str) -> None:
    """Of the first row the tier may be cut off; nothing in the copy says it then."""
    lines = FORMS[name](facts).splitlines(keepends=True)
    last = [(row.tier2, row.name, row.value) for row in facts.projects[-1].indicators]
    for cut in range(CUTS):
        text = "".join(lines[len(lines) * cut // (CUTS + 4) :])
        rows = read(text)
        if rows[0][0] is None:
            rows[0] = next(((tier, *rows[0][1:]) for tier, *row in known(facts) if tuple(row) == rows[0][1:]), rows[0])
        assert set(rows) - known(facts) == set()
        assert rows[-len(last) :] == last


@pytest.mark.parametrize("name", FORMS)
def test_of_a_copy_cut_at_its_tail(facts: Facts, name: str) -> None:
    lines = FORMS[name](facts).splitlines(keepends=True)
    first = [(row.tier2, row.name, row.value) for row in facts.projects[0].indicators]
    for cut in range(CUTS):
        rows = read("".join(lines[: len(lines) - len(lines) * cut // (CUTS + 8)]))
        if rows[-1][2] == "" and rows[-1][1] in {row.name for project in facts.projects for row in project.indicators}:
            rows.pop()  # the cut goes between a name and its value
        assert set(rows) - known(facts) == set()
        assert rows[: len(first)] == first
