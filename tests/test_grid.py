"""Spans become a grid, whatever they claim."""

from __future__ import annotations

from kpi.documents.grid import Spanned, grid
from kpi.documents.model import Cell


def _texts(rows: list[list[tuple[str, int, int]]], max_cells: int | None = None) -> list[list[str]]:
    spanned = [[Spanned(Cell(text), down, across) for text, down, across in row] for row in rows]
    return [[cell.text for cell in row] for row in grid(spanned, max_cells).rows]


def test_covered_cells_are_empty() -> None:
    rows = [
        [("一级", 1, 1), ("指标值", 1, 2)],
        [("产出", 2, 1), ("≥", 1, 1), ("90", 1, 1)],
        [("≤", 1, 1), ("5", 1, 1)],
        [("满意度", 1, 1), ("≥", 1, 1), ("95", 1, 1)],
    ]
    assert _texts(rows) == [["一级", "指标值", ""], ["产出", "≥", "90"], ["", "≤", "5"], ["满意度", "≥", "95"]]


def test_a_block_covers_rows_and_columns() -> None:
    assert _texts([[("a", 2, 2), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1), ("e", 1, 1), ("f", 1, 1)]]) == [
        ["a", "", "b"], ["", "", "c"], ["d", "e", "f"],
    ]  # fmt: skip


def test_rows_zero_covers_all_that_are_left() -> None:
    assert _texts([[("a", 0, 1), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1)]]) == [["a", "b"], ["", "c"], ["", "d"]]


def test_a_title_that_spans_more_than_the_table_adds_no_columns() -> None:
    assert _texts([[("标题", 1, 9)], [("a", 1, 1), ("b", 1, 1)]]) == [["标题", ""], ["a", "b"]]


def test_a_row_that_lacks_cells_stays_short() -> None:
    assert _texts([[("a", 1, 1), ("b", 1, 1), ("c", 1, 1)], [("d", 1, 1)]]) == [["a", "b", "c"], ["d"]]


def test_a_span_of_a_thousand_millions_costs_nothing() -> None:
    assert _texts([[("a", 10**9, 10**9)], [("b", 1, 1)], [("c", -5, -5)]]) == [["a"], [""], [""]]


def test_cells_beyond_the_limit_are_left_out_and_said() -> None:
    many = [[Spanned(Cell(str(n)))] for n in range(10)]
    assert len(grid(many, 4).rows) == 4
    assert grid(many, 4).cut
    assert not grid(many, 10).cut


def test_columns_beyond_the_limit_are_left_out_and_said() -> None:
    wide = grid([[Spanned(Cell(str(n))) for n in range(5000)]])
    assert len(wide.rows[0]) == 1024
    assert wide.cut
