"""The facts of real tables, each rendered in its family and in further forms: every cell of every row comes back."""

from __future__ import annotations

from typing import Any

import pytest

import kpi
from kpi.documents.cleaning import clean
from kpi.schema import Indicator
from kpi.tables import vocabulary
from tests.real_tables import Raw, document, rows, tables
from tests.rendering.formats import FORMATS
from tests.rendering.layouts import LAYOUTS, PASTED

TABLES = tables()
TEXTS = {**LAYOUTS, **PASTED}
FORMS = ("tab_rows", "cell_lines", "pipe_rows", "word", "excel", "web")
# Empty cells vanish here, or columns shift; some tables cannot be told apart then.
HARD_FORMS = ("short_rows", "blank_lines", "bars_at_ends", "aligned", "flat_lines")


def wanted(row: Raw) -> dict[str, Any]:
    operator = row.get("operator_raw") or ""
    kind = vocabulary.nature(operator)
    return {
        "tier1": vocabulary.tier1(row["tier1"]),
        "tier2": row["tier2"] and vocabulary.tier2(row["tier2"]),
        "name": clean(row["name"]),
        "value": clean(f"{'' if kind else operator}{row['value_raw']}{row.get('unit_raw') or ''}"),
        "operator": None if kind else operator or None,
        "unit": row.get("unit_raw"),
        "weight": row.get("weight_raw"),
        "actual": row.get("actual_raw") and clean(row["actual_raw"]),
        "horizon": row["horizon"],
        "place": row.get("place"),
    }


def read(indicator: Indicator) -> dict[str, Any]:
    return {
        "tier1": indicator.tier1,
        "tier2": indicator.tier2,
        "name": indicator.name,
        "value": indicator.raw_value,
        "operator": indicator.cells.operator,
        "unit": indicator.cells.unit,
        "weight": None if indicator.weight is None else format(indicator.weight, "f"),
        "actual": indicator.actual and indicator.actual.raw,
        "horizon": indicator.horizon,
        "place": indicator.place,
    }


def reading(name: str, form: str) -> list[dict[str, Any]]:
    blocks = document(TABLES[name])
    source = TEXTS[form].write(blocks) if form in TEXTS else FORMATS[form].write(blocks)
    return [read(row) for project in kpi.extract(source).projects for row in project.indicators]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_every_row(name: str, form: str) -> None:
    assert reading(name, form) == [wanted(row) for row in rows(TABLES[name])]


@pytest.mark.parametrize("form", HARD_FORMS)
def test_rows_of_pasted_forms(form: str) -> None:
    right = read_rows = all_rows = 0
    for name, table in TABLES.items():
        expected = [{**wanted(row), "horizon": None, "place": None} for row in rows(table)]
        got = [{**row, "horizon": None, "place": None} for row in reading(name, form)]
        right += sum(1 for row in expected if row in got)
        read_rows, all_rows = read_rows + len(got), all_rows + len(expected)
    f1 = 2 * right / (read_rows + all_rows)
    assert f1 >= 0.95, f"{right} right of {all_rows}, {read_rows} read"
