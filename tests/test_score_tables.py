"""csv and Parquet, read back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

import kpi
from kpi.configuration import Config
from kpi.schema import plain
from kpi.scorecard import columns, tables
from kpi.scorecard.columns import Column
from kpi.scorecard.scored import Scored
from kpi.scorecard.text import GUARD, clean, guarded, unguarded
from kpi.values.exact import trimmed
from tests import scored
from tests.libreoffice import convert, needs_libreoffice

ROW = {"tier1": "产出指标", "tier2": "数量指标", "name": "产值"}


def documents() -> list[Scored]:
    return [*scored.corpus(), scored.hostile()]


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def said(column: Column, row: Any) -> str:
    cell = column.said(row)
    if isinstance(cell, Decimal | int):
        return plain(trimmed(Decimal(cell)))
    return clean("、".join(cell) if isinstance(cell, tuple) else cell or "")


def test_csv_holds_every_row_and_every_digit(tmp_path: Path) -> None:
    paths = tables.write_csv(documents(), tmp_path)
    assert [path.name for path in paths] == ["projects.csv", "indicators.csv", "findings.csv"]
    for table, path in zip(columns.TABLES, paths, strict=True):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        titles, *found = lines(path)
        assert titles == [column.title for column in table.columns]
        expected = [[said(column, row) for column in table.columns] for row in table.rows(documents())]
        assert [[unguarded(field) for field in line] for line in found] == expected


def test_only_our_own_numbers_may_begin_like_a_formula(tmp_path: Path) -> None:
    paths = tables.write_csv([scored.hostile()], tmp_path)
    for table, path in zip(columns.TABLES, paths, strict=True):
        for line in lines(path)[1:]:
            for column, field in zip(table.columns, line, strict=True):
                if column.kind in ("text", "list"):
                    assert not field.lstrip(" ").startswith(("=", "+", "-", "@", "＝", "\t", "\r"))
                elif field:
                    Decimal(field)


@pytest.mark.parametrize("text", [*scored.FORMULAS, "\r=1", "\n=1", "　=1", "＋1", "－1", "＠x"])
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == GUARD + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "≥95%", "1+1", "100%", "'x", "a=b"])
def test_other_text_is_not_touched(text: str) -> None:
    assert guarded(text) == text


def test_parquet_holds_every_row_with_its_types(tmp_path: Path) -> None:
    paths = tables.write_parquet(documents(), tmp_path)
    for table, path in zip(columns.TABLES, paths, strict=True):
        found = pq.read_table(path)
        assert found.schema.names == [column.key for column in table.columns]
        expected = [
            {column.key: _listed(column.of(row)) for column in table.columns} for row in table.rows(documents())
        ]
        assert found.to_pylist() == expected


def _listed(cell: object) -> object:
    return list(cell) if isinstance(cell, tuple) else cell


@pytest.mark.parametrize(
    ("value", "fits"),
    [("≥0.000000000001元", True), ("≥0.0000000000001元", False), ("≥99999999999999999999999999元", True),
     ("≥100000000000000000000000000元", False)],
)  # fmt: skip
def test_a_number_that_does_not_fit_is_whole_in_its_text(tmp_path: Path, value: str, fits: bool) -> None:
    _, indicators, _ = tables.write_parquet([scored.project([{**ROW, "value": value}])], tmp_path)
    (row,) = pq.read_table(indicators).to_pylist()
    exact = value.strip("≥元")
    assert row["exact"] == exact
    assert row["magnitude"] == (Decimal(exact) if fits else None)


def test_points_with_many_decimals_are_whole_everywhere(tmp_path: Path) -> None:
    """Points that a configuration gives; no column may round them or leave them out."""
    config = Config(score={"完整性": Decimal("33.333333"), "可行性": Decimal("0.000123")})
    found = [one._replace(review=kpi.review(one.extraction, config=config)) for one in documents() if one.review.scores]
    tables.write_parquet(found, tmp_path)
    tables.write_csv(found, tmp_path)
    points = [column for column in columns.PROJECTS.columns if column.kind == "points"]
    read = pq.read_table(tmp_path / "projects.parquet").to_pydict()
    written = lines(tmp_path / "projects.csv")
    for number, row in enumerate(columns.PROJECTS.rows(found)):
        for column in points:
            assert read[column.key][number] == column.of(row)
            assert Decimal(written[number + 1][written[0].index(column.title)]) == column.of(row)
    assert any(cell % Decimal("0.01") for column in points for cell in read[column.key])


def test_halves_of_surrogate_pairs(tmp_path: Path) -> None:
    document = scored.project([{**ROW, "name": "a\ud800b", "value": "≥1个"}])
    _, indicators, _ = tables.write_parquet([document], tmp_path)
    assert pq.read_table(indicators).to_pylist()[0]["name"] == "ab"
    _, flat, _ = tables.write_csv([document], tmp_path)
    assert any("ab" in line for line in lines(flat))


@pytest.mark.parametrize("write", [tables.write_csv, tables.write_parquet])
def test_the_same_documents_give_the_same_bytes(tmp_path: Path, write: Any) -> None:
    def bytes_in(name: str) -> Sequence[bytes]:
        (tmp_path / name).mkdir()
        return [path.read_bytes() for path in write(documents(), tmp_path / name)]

    assert bytes_in("a") == bytes_in("b")


@needs_libreoffice
def test_libreoffice_shows_csv_text_unchanged(tmp_path: Path) -> None:
    _, path, _ = tables.write_csv([scored.hostile()], tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    convert([path], "xlsx", out, "--infilter=CSV:44,34,76,1")  # commas, quotes, UTF-8
    sheet = openpyxl.load_workbook(out / "indicators.xlsx").worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    column = titles.index("指标值") + 1
    for number, text in enumerate(scored.HOSTILE, start=2):
        cell = sheet.cell(number, column)
        assert cell.data_type != "f"
        if text in scored.FORMULAS:
            assert isinstance(cell.value, str)
            assert unguarded(cell.value) == text
