"""The rendered documents are current, and carry every indicator of their facts."""

from __future__ import annotations

import pytest

from tests.rendering import LAYOUTS, SLUGS, differences, load
from tests.rendering.facts import Facts
from tests.rendering.layouts import PASTED

ALL = {**LAYOUTS, **PASTED}


@pytest.fixture(scope="module", params=SLUGS)
def facts(request: pytest.FixtureRequest) -> Facts:
    return load(request.param)


def test_rendered_files_are_current() -> None:
    assert not differences(), "run: python -m tests.rendering --write"


@pytest.mark.parametrize("layout", ALL)
def test_every_name_and_value_is_in_each_rendering(facts: Facts, layout: str) -> None:
    text = ALL[layout](facts)
    indicators = [indicator for project in facts.projects for indicator in project.indicators]
    assert indicators
    assert [row for row in indicators if row.name not in text or row.value not in text] == []


@pytest.mark.parametrize("layout", ALL)
def test_one_table_is_continued_under_a_repeated_heading(facts: Facts, layout: str) -> None:
    repeated, plain = (ALL[layout](facts, repeat_heading=choice) for choice in (True, False))
    assert plain.count("三级指标") == len(facts.projects)
    assert repeated.count("三级指标") == len(facts.projects) + 1
