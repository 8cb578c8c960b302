"""Time and memory behind the readers: large texts in every layout, and what becomes of one that takes too long."""

from __future__ import annotations

import time

import pytest

import kpi
from kpi import settings
from kpi.tables.deadline import Deadline

LINE = "数量指标：采购设备{n}台，采购书籍{n}册；\n"
HEADING = "一级指标   二级指标   三级指标   指标值\n"
LARGE = {
    "lines": "".join(LINE.format(n=n) for n in range(20_000)),
    "columns": HEADING + "产出指标   数量指标   采购设备   10台\n" * 20_000,
    "columns without heading": "产出指标  数量指标  采购设备  ≥10台  5\n" * 20_000,
    "amounts run together": "会议费1.5万元" * 150_000,
    "amounts in a list": "会议费1.5万元，" * 150_000,
    "an amount a line": "会议费1.5万元\n" * 50_000,
    "a cell a line": "\n".join(HEADING.split() + ["产出指标", "数量指标", "甲乙", "≥1台"] * 20_000),
    "bars": ("|" * 2_000 + "\n") * 500,
    "headings again": ("一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t采购设备\t≥10台\n") * 10_000,
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_texts_take_seconds(name: str) -> None:
    began = time.process_time()
    kpi.extract(LARGE[name])
    assert time.process_time() - began < 20


@pytest.mark.parametrize(("name", "mark"), [("a.txt", "\t"), ("a.csv", ",")])
def test_columns_have_a_limit(name: str, mark: str) -> None:
    heads = ("一级指标", "二级指标", "三级指标", "指标值")
    rows = (heads * 20_000, ("产出指标", "数量指标", "场次", "≥12场") * 20_000)
    extraction = kpi.extract("\n".join(mark.join(row) for row in rows).encode(), filename=name)
    assert "too_many_columns" in {problem.code for problem in extraction.problems}
    assert 0 < extraction.coverage.rows_read <= settings.MAX_COLUMNS


@pytest.mark.parametrize("line", [LINE, "会议费{n}.5万元\n", "培训班经费{n}元，"])
def test_work_grows_with_the_text_and_no_faster(line: str) -> None:
    def seconds(count: int) -> float:
        text = "".join(line.format(n=n) for n in range(count))
        began = time.process_time()
        kpi.extract(text)
        return time.process_time() - began

    kpi.extract(line.format(n=1))  # what is loaded once is not counted
    assert seconds(8_000) < 10 * seconds(2_000) + 0.5  # four times the text


@pytest.mark.parametrize("name", ["lines", "headings again"])
def test_what_is_read_in_time_is_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_SECONDS", 1.0)
    began = time.process_time()
    extraction = kpi.extract(LARGE[name])
    assert time.process_time() - began < 10
    assert [problem.code for problem in extraction.problems] == ["out_of_time"]
    (project,) = extraction.projects
    assert 0 < len(project.indicators) < 40_000
    assert project.indicators[0].value is not None


@pytest.mark.parametrize("text", [LARGE["amounts in a list"], "比上年增加1.5万元，" * 150_000])
def test_amounts_are_looked_for_in_time(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "READ_SECONDS", 0.1)
    monkeypatch.setattr(settings, "MAX_FIGURES", 1_000_000)
    assert "out_of_time" in [problem.code for problem in kpi.extract(text).problems]


def test_the_figures_of_a_document_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "项目支出84万元，其中会议费1.5万元，培训费2万元。"
    monkeypatch.setattr(settings, "MAX_FIGURES", 3)
    extraction = kpi.extract(text)
    assert len(extraction.figures) == 3
    assert "too_many_figures" not in [problem.code for problem in extraction.problems]
    monkeypatch.setattr(settings, "MAX_FIGURES", 2)
    extraction = kpi.extract(text)
    assert [figure.what for figure in extraction.figures] == ["项目支出", "会议费"]
    assert "too_many_figures" in [problem.code for problem in extraction.problems]


def test_each_step_has_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    deadline = Deadline(100)
    now = time.monotonic()
    assert not deadline.over("pasted")
    monkeypatch.setattr(time, "monotonic", lambda: now + 50)
    assert not deadline.over("prose")
    assert not deadline.missed
    assert deadline.over("pasted")
    assert deadline.missed
