"""Tables that were pasted as text: every form gives the same rows, each with its place; prose is no table."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

import kpi
from kpi.schema import Extraction, Indicator
from tests.pasted_forms import FORMS, HEADING, Table, flat_line, table_of
from tests.rendering import load
from tests.rendering.facts import SLUGS, Project

PROJECTS = {f"{slug}-{number}": project for slug in SLUGS for number, project in enumerate(load(slug).projects)}
# Forms in which something else may stand between the lines of a cell: its place runs from the first to the last.
WRAPPED = frozenset({"aligned_columns"})
LABELS = ["项目名称", "乙项目", "主管部门", "某某局"]


def indicators(extraction: Extraction) -> list[Indicator]:
    return [row for project in extraction.projects for row in project.indicators]


def packed(text: str | None) -> str:
    return "".join((text or "").split())


def ends(text: str) -> str:
    return text[0] + text[-1]


def said(project: Project) -> list[tuple[str, ...]]:
    weights = [row[-1] for row in table_of(project)[1:]]
    return [
        (row.tier1, row.tier2, packed(row.name), packed(row.value), weight)
        for row, weight in zip(project.indicators, weights, strict=True)
    ]


def read(extraction: Extraction) -> list[tuple[str, ...]]:
    return [
        (row.tier1_text or "", row.tier2_text or "", packed(row.name), packed(row.raw_value), str(row.weight))
        for row in indicators(extraction)
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("slug", PROJECTS)
def test_every_form_gives_the_same_rows(slug: str, form: str) -> None:
    text = FORMS[form](table_of(PROJECTS[slug]))
    extraction = kpi.extract(text)
    assert read(extraction) == said(PROJECTS[slug])
    assert extraction.problems == ()
    for row in indicators(extraction):
        place = packed(text[row.location.start : row.location.end])
        assert place == packed(row.raw_value) or (form in WRAPPED and place[0] + place[-1] == ends(row.raw_value))


@pytest.mark.parametrize("form", ["cells_between_blank_lines", "short_pipe_rows", "flat_line", "rows_a_line"])
@pytest.mark.parametrize("slug", SLUGS)
def test_without_its_heading_a_table_is_known_by_its_tiers(slug: str, form: str) -> None:
    project = load(slug).projects[0]
    assert read(kpi.extract(FORMS[form](table_of(project)[1:]))) == said(project)


@pytest.mark.parametrize("form", FORMS)
def test_a_copy_cut_anywhere_gives_no_row_that_is_not_there(form: str) -> None:
    project = load("nanguan-2024").projects[0]
    text = FORMS[form](table_of(project))
    for end in range(len(text) // 2, len(text), 7):
        found = read(kpi.extract(text[:end]))
        sure = found[: -2 if form in WRAPPED else -1]  # what follows the cut may belong to the line above
        assert sure == said(project)[: len(sure)]


def test_the_labels_before_a_flat_table_are_its_head() -> None:
    project = load("nanguan-2024").projects[0]
    (found,) = kpi.extract(" ".join([*LABELS, flat_line(table_of(project))])).projects
    assert (found.name, found.organisation.name) == ("乙项目", "某某局")
    assert len(found.indicators) == len(project.indicators)


def test_a_page_break_with_the_heading_again_changes_nothing() -> None:
    project = load("nanguan-2024").projects[0]
    table = table_of(project)
    for middle in range(2, len(table)):
        pages = [*table[:middle], ("第 3 页 共 9 页",), HEADING, *table[middle:]]
        text = "\n".join(" ".join(cell for cell in row if cell) for row in pages)
        assert read(kpi.extract(text)) == said(project)


@pytest.mark.parametrize("form", ["cells_between_blank_lines", "short_pipe_rows", "flat_line", "rows_a_line"])
@pytest.mark.parametrize("behind", ["注：以上为全年目标。", "附件下载 打印 关闭窗口", "填表人：某某 联系电话：12345"])
def test_what_stands_behind_a_table_is_no_row_of_it(form: str, behind: str) -> None:
    project = load("nanguan-2024").projects[0]
    separator = " " if form == "flat_line" else "\n\n"
    text = FORMS[form](table_of(project)) + separator + behind.replace(" ", separator)
    assert read(kpi.extract(text)) == said(project)


def test_tables_that_are_read_already_stay_as_they_are() -> None:
    table = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲乙丙\t≥5个\n"
    prose = "数量指标 完成 12 个\n\n质量指标 合格率 95%\n"
    assert [row.name for row in indicators(kpi.extract(table + "\n" + prose))] == ["甲乙丙"]


PROSE = {
    "sentences": "本单位2024年完成工作任务，实现 数量指标 提升。\n" * 30,
    "figures": "产出指标 完成情况良好。数量指标 完成率 95%，质量指标 完成率 98%。总体得分 96 分。",
    "counted": "产出指标方面，共设置数量指标 10 个、质量指标 5 个，全年完成 95%。效益指标 3 个。",
    "run together": "产出指标共设置10个，数量指标和质量指标完成率均达到95%，效益指标共设置5个。",
}


@pytest.mark.parametrize("name", PROSE)
def test_prose_is_no_table(name: str) -> None:
    extraction = kpi.extract(PROSE[name])
    assert extraction.projects == ()
    assert [problem.code for problem in extraction.problems] == ["no_target_table"]


def rows(number: int) -> Iterator[str]:
    for n in range(number):
        yield f"产出指标(50分) 数量指标 名称{n}甲 ≥{n}个 {n} 8 8 质量指标 名称{n}乙 ≥100百分比 95% 8 8"


ENOUGH = 10_000
FLAT = " ".join(["一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分", *rows(ENOUGH)])
LARGE: dict[str, str] = {
    "flat": FLAT,
    "cells": FLAT[:1_000_000].replace(" ", "\n\n"),
    "without heading": " ".join(rows(ENOUGH)),
    "rows": "\n".join(rows(ENOUGH)),
    "headings": " ".join(HEADING) * ENOUGH,
    "gaps": "产出指标  ≥5个  " * ENOUGH * 4,
    "bars": "产出指标 |\n" * ENOUGH * 4,
    "run together": "数量指标名称甲280次名称乙200次质量指标" * ENOUGH,
    "tiers": "产出指标 数量指标 " * ENOUGH * 4,
}


@pytest.mark.parametrize("name", LARGE)
def test_work_on_large_texts_is_bounded(name: str) -> None:
    began = time.process_time()
    kpi.extract(LARGE[name])
    assert time.process_time() - began < 12


def test_what_is_beyond_the_limit_is_reported() -> None:
    extraction = kpi.extract(FLAT)
    assert extraction.coverage.rows_read > 5_000
    assert [problem.code for problem in extraction.problems] == ["too_many_rows"]


def test_twice_the_text_is_twice_the_work() -> None:
    def seconds(number: int) -> float:
        text = " ".join(["一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分", *rows(number)])
        began = time.process_time()
        kpi.extract(text)
        return time.process_time() - began

    seconds(100)
    assert seconds(2_000) < 8 * seconds(500)


def test_a_table_is_built_of_its_rows_alone() -> None:
    table: Table = [HEADING, ("产出指标", "数量指标", "培训 场次 甲", "≥ 12 场", "10")]
    (row,) = indicators(kpi.extract("说明文字一段\n" + flat_line(table)))
    assert (row.name, row.raw_value, str(row.weight)) == ("培训场次甲", "≥ 12 场", "10")
