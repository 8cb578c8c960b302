"""The whole reading and review of each document of the corpus, as it was last looked at and found right.

After a change that is meant: `KPI_UPDATE_GOLDEN=1 pytest tests/test_golden.py`, and read the diff.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

import kpi
from tests.material import GOLDEN, plain, without
from tests.rendering import LAYOUTS, SLUGS, load

FLAG = "KPI_UPDATE_GOLDEN"
UPDATE = os.environ.get(FLAG, "") not in ("", "0")


def reading(slug: str) -> dict[str, Any]:
    extraction = kpi.extract(LAYOUTS["tab_rows"](load(slug)))
    whole = plain(extraction)
    return {
        "organisation": whole["organisation"],
        "fiscal_year": whole["fiscal_year"],
        "money_unit": whole["money_unit"],
        "coverage": whole["coverage"],
        "problems": whole["problems"],
        "projects": without(whole["projects"], "location"),
        "findings": without(plain(kpi.review(extraction))["findings"], "location"),
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_reading_is_the_golden_one(slug: str) -> None:
    path = GOLDEN / f"{slug}.json"
    got = reading(slug)
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    for part, wanted in golden.items():
        assert got[part] == wanted, f"{part} changed; if that is meant: {FLAG}=1"
    assert got.keys() == golden.keys()


def test_golden_files_are_not_being_rewritten() -> None:
    assert not UPDATE, f"{FLAG} is set: the golden files were written, not compared"


def test_every_golden_file_has_its_document() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*")) == sorted(SLUGS)
