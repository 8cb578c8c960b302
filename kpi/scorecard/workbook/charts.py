"""The native charts of the overview. Each draws the table whose first data row and number of rows it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kpi.scorecard.workbook.book import AMBER, BLUE, COLOURS, FONT, GREEN, GREY, LINE, Book

Draw = Callable[[Book, str, int, int], Any]
_SIZE = {"width": 432, "height": 268}
_BAR, _AROUND = 18, 80  # pixels that a named bar needs, and title and scale
_TEXT = {"name": FONT, "size": 8}


def blocks(book: Book, sheet: str, first: int, rows: int) -> Any:
    """Points reached, lost and open, a bar a block."""
    chart = book.chart("bar", "stacked")
    _series(chart, sheet, first, rows, ((2, GREEN), (3, AMBER), (4, "#D9D9D9")), number="0.0;;")
    return _finished(chart, "各块分值：得分、扣分、待人工评定（平均）", bars=True)


def values(book: Book, sheet: str, first: int, rows: int) -> Any:
    """The share of measurable values."""
    chart = book.chart("doughnut")
    chart.add_series(
        {
            "name": "指标值情况",
            "categories": [sheet, first, 0, first + rows - 1, 0],
            "values": [sheet, first, 1, first + rows - 1, 1],
            "points": [{"fill": {"color": colour}} for colour in (GREEN, AMBER, BLUE, GREY)],
            "data_labels": {"percentage": True, "font": _TEXT},
        }
    )
    chart.set_title({"name": "指标值情况", "name_font": {**_TEXT, "size": 11}, "overlay": False})
    chart.set_legend({"position": "right", "font": _TEXT})
    chart.set_hole_size(55)
    return _sized(chart)


def families(book: Book, sheet: str, first: int, rows: int) -> Any:
    """Findings by family, severities stacked."""
    chart = book.chart("bar", "stacked")
    colours = enumerate(COLOURS.values(), start=1)
    _series(chart, sheet, first, rows, tuple(colours), number="0;;")
    return _finished(chart, "问题按类别", bars=True)


def grades(book: Book, sheet: str, first: int, rows: int) -> Any:
    """Projects by grade."""
    chart = book.chart("column")
    _series(chart, sheet, first, rows, ((1, BLUE),), number="0")
    return _finished(chart, "机审等级分布（项目数）", legend=False)


def tiers(book: Book, sheet: str, first: int, rows: int) -> Any:
    """The share of projects that have an indicator of each kind."""
    chart = book.chart("column")
    _series(chart, sheet, first, rows, ((2, GREEN),), number="0%")
    return _finished(chart, "设有各类指标的项目占比", legend=False, most=1, axis="0%")


def ranking(book: Book, sheet: str, first: int, rows: int) -> Any:
    """The share of points reached, the lowest on top."""
    chart = book.chart("bar")
    _series(chart, sheet, first, rows, ((1, BLUE),), number="0%")
    _finished(chart, "机审得分率", legend=False, bars=True, most=1, axis="0%")
    chart.set_size({**_SIZE, "height": max(_SIZE["height"], rows * _BAR + _AROUND)})
    return chart


def _series(
    chart: Any, sheet: str, first: int, rows: int, columns: tuple[tuple[int, str], ...], *, number: str
) -> None:
    last = first + rows - 1
    for column, colour in columns:
        chart.add_series(
            {
                "name": [sheet, first - 1, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": True, "num_format": number, "font": _TEXT},
            }
        )


def _finished(
    chart: Any, title: str, *, legend: bool = True, bars: bool = False, most: int | None = None, axis: str = "General"
) -> Any:
    """Title, legend and axes; ``bars`` lie, the first on top, and their scale is below."""
    chart.set_title({"name": title, "name_font": {**_TEXT, "size": 11}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _TEXT} if legend else {"none": True})
    names = {"num_font": _TEXT, "line": {"color": LINE}, "major_gridlines": {"visible": False}}
    grid = {"visible": True, "line": {"color": "#E7E6E6"}}
    scale = {"num_font": _TEXT, "num_format": axis, "major_gridlines": grid, "line": {"none": True}, "min": 0}
    if most is not None:
        scale["max"] = most
    if bars:
        chart.set_y_axis({**names, "reverse": True, "interval_unit": 1})
        chart.set_x_axis({**scale, "label_position": "high"})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(scale)
    return _sized(chart)


def _sized(chart: Any) -> Any:
    chart.set_size(_SIZE)
    chart.set_chartarea({"border": {"color": LINE}})
    return chart
