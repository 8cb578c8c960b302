"""Copied indicator sets over a batch: what is a fault and what is not, that nothing is missed, the command."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.copies import Copies, near
from kpi.copies.sets import Sets
from kpi.copies.standing import is_standing
from kpi.rules.relevance import rows
from kpi.scorecard import copies, earlier, shards, tables, workbook
from kpi.scorecard.results import of
from kpi.scorecard.scored import Scored
from tests.benchmarks import planted
from tests.cases import extraction, indicator
from tests.scored import scored
from tests.test_cli import BAD_USAGE, DONE, kpi

COMMON = ["完成率 ≥95%", "优良率 ≥95%", "长期使用性 ≥90%", "检查次数 ≥12次", "培训人数 ≥30人"]


def project(name: str, lines: list[str] | None = None, **facts: Any) -> dict[str, Any]:
    said = [line.rsplit(" ", 1) for line in (COMMON if lines is None else lines)]
    return {"name": name, "rows": [{"tier2": "数量指标", "name": n, "value": v} for n, v in said], **facts}


def document(organisation: str, *projects: dict[str, Any], year: int = 2025, label: str = "") -> Scored:
    read = extraction({"organisation": organisation, "year": year, "projects": list(projects)})
    return scored(read, label or f"{organisation}{year}.txt")


def found_in(documents: list[Scored]) -> Copies:
    return copies.of_batch(of(documents))


def kinds(*documents: Scored) -> list[tuple[str, set[str | None]]]:
    return [(f.kind, {m.name for m in f.members}) for f in found_in(list(documents)).families]


CAR, VACCINE, ROAD = "车辆保险费", "疫苗采购经费", "农村公路养护"


def test_rows_of_unrelated_projects_are_copied() -> None:
    found = found_in([document("甲局", project(CAR)), document("乙局", project(VACCINE))])
    (family,) = found.families
    assert (family.kind, family.rule, family.severity, family.exact) == ("copied", "REL004", "warning", True)
    assert [m.subject for m in family.members] == [1, 2]
    assert [f"{row.name} {row.value}" for row in family.rows] == COMMON
    assert "2个单位的2个主题不同的项目（“疫苗采购经费”、“车辆保险费”）有完全相同的5行指标" in family.message
    assert (found.projects, found.compared) == (2, 2)


def test_one_row_in_five_may_differ() -> None:
    for changed, alike in (([*COMMON[:4], "服务人数 ≥5人"], True), ([*COMMON[:3], "服务人数 ≥5人"], False)):
        found = kinds(document("甲局", project(CAR)), document("乙局", project(VACCINE, changed)))
        assert found == ([("copied", {CAR, VACCINE})] if alike else [])


def test_amounts_of_money_are_no_difference() -> None:
    one, other = ([*COMMON[:4], f"培训费用 ≤{amount}"] for amount in ("5万元", "8000元"))
    (family,) = found_in([document("甲局", project(CAR, one)), document("乙局", project(VACCINE, other))]).families
    assert family.exact


def test_one_organisation_files_a_project_twice() -> None:
    one, other = project("农村公路养护（一期）"), project("农村公路养护（二期）")
    found = found_in([document("甲局", one, label="一"), document("甲局", other, label="二")])
    (family,) = found.families
    assert (family.kind, family.rule, family.severity) == ("repeated", "REL005", "info")
    assert [(m.document, m.project, m.rows, m.shared) for m in family.members] == [("一", 0, 5, 5), ("二", 0, 5, 5)]
    twice = [project(ROAD, code="A1"), project(ROAD, code="A2")]
    assert kinds(document("甲局", *twice)) == [("repeated", {ROAD})]


@pytest.mark.parametrize(
    "documents",
    [
        # the same project in two years, whether its code stays, its name stays, or both
        [("甲局", project(CAR, code="A1"), 2024), ("甲局", project(CAR, code="A1"), 2025)],
        [("甲局", project(CAR, code="A1"), 2024), ("甲局", project(CAR, code="B1"), 2025)],
        [("甲局", project(CAR, code="A1"), 2024), ("甲局", project(VACCINE, code="A1"), 2025)],
        [("甲局", project("2024年车辆保险费"), 2024), ("甲局", project("车辆保险费（2025年度）"), 2025)],
        # its target and its self-evaluation, or the same table handed in twice
        [("甲局", project(CAR), 2025), ("甲局", project(CAR, self_evaluation=True), 2025)],
        # projects of basic expenditure, whose indicators are set for all
        [("甲局", project("在职人员经费"), 2025), ("甲局", project("日常公用经费"), 2025)],
        [("甲局", project("甲局人员经费"), 2025), ("乙局", project("社会保险缴费"), 2025)],
        # one policy in several organisations
        [("甲县农业局", project(ROAD), 2025), ("乙县农业局", project(ROAD), 2025)],
        # rows that any table has
        [
            ("甲局", project(CAR, ["完成率 ≥95%", "群众满意度 ≥90%", "成本控制率 =100%"]), 2025),
            ("乙局", project(VACCINE, ["完成率 ≥95%", "群众满意度 ≥90%", "成本控制率 =100%"]), 2025),
        ],
        # too few rows
        [("甲局", project(CAR, COMMON[:2]), 2025), ("乙局", project(VACCINE, COMMON[:2]), 2025)],
    ],
)
def test_what_is_no_fault(documents: list[tuple[str, dict[str, Any], int]]) -> None:
    batch = [document(name, own, year=year, label=f"{n}") for n, (name, own, year) in enumerate(documents)]
    assert kinds(*batch) == []


def test_standing_projects_are_told_by_their_names() -> None:
    for name in (
        "人员经费",
        "2025年在职人员经费",
        "日常公用经费（定额）",
        "离退休人员经费",
        "社会保险缴费支出",
        "甲局公用经费",
        "住房公积金",
    ):
        assert is_standing(name, "甲局"), name
    for other in ("辅警人员经费", "义务教育公用经费", "车辆保险费", "", None, "培训经费", "项目"):
        assert not is_standing(other, "甲局"), other


def test_what_organisations_share_is_given_when_asked_for(tmp_path: Path) -> None:
    batch = [document(name, project(ROAD)) for name in ("甲县农业局", "乙县农业局")]
    tables.write_parquet(batch, tmp_path)
    files = [earlier.parquet_files(tmp_path, name) for name in ("projects", "indicators")]
    (family,) = copies.of_tables(files[0], files[1], share=0.8, shared=True).families
    assert (family.kind, family.rule, family.suggestion) == ("shared", None, None)


def test_a_name_without_subject_hides_nothing() -> None:
    batch = [document(f"{n}局", project(name)) for n, name in enumerate(("专项经费", CAR, VACCINE))]
    assert kinds(*batch) == [("copied", {"专项经费", CAR, VACCINE})]


def test_memory_and_files_say_the_same(tmp_path: Path) -> None:
    batch = [
        document("甲局", project(CAR), project(ROAD, COMMON[1:])), document("乙局", project(VACCINE)),
        document("丙局", project("农村公路养护（二期）", COMMON[1:]), project("\ud800", [])),
    ]  # fmt: skip
    tables.write_parquet(batch, tmp_path)
    files = [earlier.parquet_files(tmp_path, name) for name in ("projects", "indicators")]
    found = found_in(batch)
    assert len(found.families) == 1
    assert copies.of_tables(files[0], files[1], share=0.8, shared=False) == found


def test_shards_in_any_order_give_the_same(tmp_path: Path) -> None:
    batch = [document(f"{n}局", project(name), label=f"{n}.txt") for n, name in enumerate((CAR, VACCINE, ROAD))]
    found = []
    for order in ((0, 1, 2), (2, 1, 0)):
        for part, number in enumerate(order):
            tables.write_parquet([batch[number]], tmp_path)
            for table in ("projects", "indicators"):
                place = tmp_path / str(order[0]) / "shards" / table
                place.mkdir(parents=True, exist_ok=True)
                (tmp_path / f"{table}.parquet").rename(place / f"part-{part}.parquet")
                (place / "part-0-old.parquet").write_bytes(b"of an earlier run")
        run = shards.Run(made="", documents=3, parts=("part-2", "part-0", "part-1"))
        (tmp_path / str(order[0]) / shards.RUN).write_text(run.model_dump_json(), encoding="utf-8")
        files = [earlier.parquet_files(tmp_path / str(order[0]), name) for name in ("projects", "indicators")]
        assert [[path.stem for path in paths] for paths in files] == [list(run.parts)] * 2
        found.append(copies.of_tables(files[0], files[1], share=0.8, shared=False))
    assert found[0] == found[1]
    assert len(found[0].families) == 1


def test_a_large_batch_gives_what_was_put_into_it(tmp_path: Path) -> None:
    put = planted.write(tmp_path, 4_000)
    files = [earlier.parquet_files(tmp_path, name) for name in ("projects", "indicators")]
    found = copies.of_tables(files[0], files[1], share=0.8, shared=True)
    families = Counter(family.kind for family in found.families)
    assert families == {
        "copied": put.families["copied"] + put.families["near"],
        "repeated": put.families["repeated"],
        "shared": put.families["shared"],
    }
    assert found.standing == put.projects["standing"]
    assert sum(not family.exact for family in found.families) == put.families["near"]


# ------------------------------------------------------------------------------------------------------ sets of numbers


def as_sets(rows: list[set[int]]) -> Sets:
    sizes = [len(row) for row in rows]
    keys = np.array([key + 2 for row in rows for key in sorted(row)], np.uint64)  # 0 and 1 fill gaps
    return Sets(np.arange(len(rows), dtype=np.uint64), np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), keys)


ROWS = st.lists(st.sets(st.integers(1, 12), min_size=3, max_size=9), max_size=25)


def is_alike(one: set[int], other: set[int]) -> bool:
    return len(one & other) >= math.ceil(0.8 * max(len(one), len(other)))


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_nothing_is_alike_by_chance(rows: list[set[int]]) -> None:
    """Sets of one group are joined by a chain of alike ones; the same sets always are in one."""
    label = list(range(len(rows)))
    for one, other in combinations(range(len(rows)), 2):
        if is_alike(rows[one], rows[other]):
            label = [label[one] if each == label[other] else each for each in label]
    found = near.groups(as_sets(rows), 0.8).tolist()
    assert len(set(zip(found, label, strict=True))) == len(set(found))
    same = {(frozenset(row), group) for row, group in zip(rows, found, strict=True)}
    assert len(same) == len({frozenset(row) for row in rows})


@pytest.mark.parametrize("size", [5, 10, 15, 20])
def test_next_to_nothing_is_missed(size: int) -> None:
    """Of pairs that share just enough, the hardest to find."""
    choose = np.random.default_rng(size)
    pairs, kept = 2_000, math.ceil(0.8 * size)
    numbers = choose.choice(10**9, (pairs, 2 * size - kept), replace=False).tolist()
    left = [set(row[:size]) for row in numbers]
    right = [set(row[:kept] + row[size:]) for row in numbers]
    assert all(map(is_alike, left, right))
    found = near.groups(as_sets(left + right), 0.8)
    assert (found[:pairs] == found[pairs:]).mean() > 0.995
    assert len(set(found.tolist())) >= pairs


@given(ROWS.filter(lambda rows: len(rows) > 1))
def test_shared_rows_are_counted_exactly(rows: list[set[int]]) -> None:
    pairs = list(combinations(range(len(rows)), 2))
    left, right = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    expected = [len(rows[one] & rows[other]) for one, other in pairs]
    assert near.shared(as_sets(rows), left, right).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components(edges: list[tuple[int, int]]) -> None:
    label = list(range(31))
    for one, other in edges:
        low, high = sorted((label[one], label[other]))
        label = [low if each == high else each for each in label]
    left, right = (np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
    assert near.connected(31, left, right).tolist() == label


def test_a_row_has_the_same_key_however_it_is_written() -> None:
    def key(name: str, value: str, tier2: str = "数量指标") -> str | None:
        return rows.fingerprint(indicator({"tier2": tier2, "name": name, "value": value}))

    assert key("培训 人数", "≥30人") == key("培训人数", "不少于30人") != key("培训人数", "≥31人")
    assert key("费用", "≤5万元", "成本指标") == key("费用", "≤8000元", "成本指标")
    assert key("完成率", "≥90%") == key("完成率", "≥90.0%")
    assert key("完成率", "") is None
    assert key("培训人数", "≥30人") == "0c8c8bd3e2016e83"  # the same in every run and version: tables are kept


# ----------------------------------------------------------------------------------------------- the command, the sheet


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    documents = [
        document("甲局", project(CAR)),
        document("乙局", project(VACCINE)),
        document("丙局", project("=1+1", [])),
    ]
    tables.write_parquet(documents, tmp_path)
    return tmp_path


def test_the_command(batch: Path, tmp_path: Path) -> None:
    done = kpi("copies", batch)
    assert done.code == DONE, done.err
    assert "成套照搬 1 组" in done.out
    assert "“车辆保险费”" in done.out
    for ending in ("xlsx", "csv", "json"):
        assert kpi("copies", batch, "-o", tmp_path / f"雷同.{ending}").code == DONE
    found = Copies.model_validate_json((tmp_path / "雷同.json").read_text(encoding="utf-8"))
    assert json.loads((tmp_path / "雷同.json").read_text(encoding="utf-8"))["schema_version"]
    assert [f.kind for f in found.families] == ["copied"]
    with (tmp_path / "雷同.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    sheet = openpyxl.load_workbook(tmp_path / "雷同.xlsx")["雷同项目"]
    for shown in ([line["项目"] for line in lines], [row[3].value for row in sheet.iter_rows(min_row=3)]):
        assert shown == [member.name for member in found.families[0].members]
    assert lines[0]["问题"] == found.families[0].message
    assert not lines[1]["问题"]


def test_what_cannot_be_used_is_said(batch: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    old = tmp_path / "旧"
    old.mkdir()
    for table in ("projects", "indicators"):
        pl.read_parquet(batch / f"{table}.parquet").drop("project_number").write_parquet(old / f"{table}.parquet")
    broken = tmp_path / "坏"
    broken.mkdir()
    for table in ("projects", "indicators"):
        (broken / f"{table}.parquet").write_bytes(b"PAR1")
    for arguments, said in (
        ((tmp_path / "空",), "两张表"), ((old,), "旧版本"), ((broken,), "损坏"), ((batch, "-o", "雷同.txt"), ".xlsx"),
        ((batch, "-o", tmp_path / "没有" / "雷同.xlsx"), "无法写入"), ((batch, "--share", "0.2"), "share"),
    ):  # fmt: skip
        done = kpi("copies", *arguments)
        assert done.code == BAD_USAGE, arguments
        assert said in done.err.replace("\n", "")


def test_the_scorecard_shows_what_lies_across_documents(tmp_path: Path) -> None:
    across = [document("甲局", project(CAR)), document("乙局", project(VACCINE))]
    within = [document("甲局", project(CAR), project(VACCINE)), document("乙局", project(ROAD, COMMON[:3]))]
    for name, documents in (("across", across), ("within", within)):
        workbook.write(documents, tmp_path / f"{name}.xlsx")
    book = openpyxl.load_workbook(tmp_path / "across.xlsx")
    assert [row[3].value for row in book["雷同项目"].iter_rows(min_row=3)] == [VACCINE, CAR]
    assert "雷同项目" not in openpyxl.load_workbook(tmp_path / "within.xlsx").sheetnames
