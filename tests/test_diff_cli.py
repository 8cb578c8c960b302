"""`kpi diff` as a user runs it, and 年度对比 in the scorecard: what is read, what is written, exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from kpi import trend
from kpi.cli.common import Exit
from kpi.pipeline import extract
from kpi.schema import Trend
from kpi.scorecard import changes, earlier, tables, workbook
from kpi.scorecard.scored import Scored
from tests.scored import scored
from tests.test_cli import BAD_USAGE, DONE, UNREAD, kpi

HEAD = "一级指标\t二级指标\t三级指标\t指标值\n"
ROWS = (
    "产出指标\t数量指标\t举办培训班\t≥12期\n\t质量指标\t培训合格率\t≥95%\n\t时效指标\t完成时间\t2024年6月底前\n"
    "\t成本指标\t培训费用\t≤0.5万元\n效益指标\t社会效益指标\t业务保障能力\t较上年提高≥5%\n"
    "满意度指标\t服务对象满意度指标\t学员满意度\t≥90%\n"
)
LATER = (
    "产出指标\t数量指标\t举办培训班\t≥12期\n\t质量指标\t培训合格率\t≥90%\n\t时效指标\t完成时间\t2025年6月底前\n"
    "\t成本指标\t培训费用\t≤5000元\n效益指标\t社会效益指标\t业务保障能力\t进一步提高\n"
    "\t可持续影响指标\t=1+1\t=2\n"
)
EXPECTED = [("目标降低", "培训合格率"), ("变得空泛", "业务保障能力"), ("删去", "学员满意度"), ("新增", "=1+1")]


def text(year: int, rows: str) -> str:
    return f"某县某局{year}年部门预算\n\n1、业务培训经费绩效目标表\n{HEAD}{rows}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "去年.txt").write_text(text(2024, ROWS), encoding="utf-8")
    (tmp_path / "今年.txt").write_text(text(2025, LATER), encoding="utf-8")
    return tmp_path


def moved(found: Trend) -> list[tuple[str, str | None]]:
    words = changes.CHANGES.columns[0]
    named = changes.CHANGES.columns[3]
    return [(str(words.said(row)), str(named.said(row))) for row in changes.changed(found)]


def test_what_moved_is_shown(desk: Path) -> None:
    done = kpi("diff", desk / "去年.txt", desk / "今年.txt")
    assert done.code == DONE, done.err
    for change, name in EXPECTED:
        assert any(change in line and name in line for line in done.out.splitlines()), name
    assert "减少5个百分点" in done.out
    assert "2024→2025" in done.out
    assert "目标降低 1  变得空泛 1  删去 1  新增 1  相同 3" in done.out
    back = kpi("diff", desk / "今年.txt", desk / "去年.txt")
    assert "是否写反了" in back.err
    assert "目标提高 1" in back.out


def test_nothing_differs_from_itself(desk: Path) -> None:
    done = kpi("diff", desk / "去年.txt", desk / "去年.txt")
    assert done.code == DONE
    assert "指标：相同 6" in done.out
    assert len(done.out.splitlines()) == 1


def test_the_formats_say_the_same(desk: Path) -> None:
    years = (desk / "去年.txt", desk / "今年.txt")
    found = Trend.model_validate_json(kpi("diff", *years, "--format", "json").out)
    assert moved(found) == EXPECTED
    for form in ("json", "csv", "xlsx"):
        assert kpi("diff", *years, "--format", form, "-o", desk / f"对比.{form}").code == DONE
    assert Trend.model_validate_json((desk / "对比.json").read_text(encoding="utf-8")) == found
    with (desk / "对比.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["变化"], line["指标名称"].lstrip("\u200b")) for line in lines] == EXPECTED
    assert lines[0]["后一年的位置"] == "第6行"
    sheet = openpyxl.load_workbook(desk / "对比.xlsx")["年度对比"]
    cells = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)]
    assert [(row[0], row[3]) for row in cells] == EXPECTED
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_results_of_earlier_runs_are_read(desk: Path) -> None:
    for name in ("去年", "今年"):
        assert kpi("score", desk / f"{name}.txt", "--out", desk / name, "--format", "parquet").code == DONE
        assert kpi("extract", desk / f"{name}.txt", "-o", desk / f"{name}.jsonl").code == DONE
    record = [desk / "去年", desk / "今年"]
    lines = [desk / "去年.jsonl", desk / "今年.jsonl"]
    parquet = [folder / "表" for folder in record]
    for folder, place in zip(record, parquet, strict=True):
        place.mkdir()
        for file in folder.glob("*.parquet"):
            file.rename(place / file.name)
    for years in (record, lines, parquet, (record[0], parquet[1])):
        done = kpi("diff", *years, "--format", "json")
        assert done.code == DONE, done.err
        assert moved(Trend.model_validate_json(done.out)) == EXPECTED


def test_shards_beat_what_an_earlier_run_left(desk: Path) -> None:
    """And only the parts of the finished run count, however the folder is given."""
    out, year = desk / "结果", desk / "今年.txt"
    assert kpi("score", desk / "去年.txt", "--out", out, "--format", "parquet,jsonl").code == DONE
    old = {path: path.read_bytes() for path in out.glob("shards/*/*.parquet")}
    assert kpi("score", year, "--out", out, "--format", "csv").code == DONE
    for path, data in old.items():
        path.write_bytes(data)
    for given in (out, out / "shards"):
        done = kpi("diff", given, year)
        assert done.code == DONE, done.err
        assert "合计 两年都有的项目 1 个，只有前一年有的 0 个，只有后一年有的 0 个。 指标：相同 6" in done.out


def test_an_unfinished_run_is_no_result(desk: Path) -> None:
    out, year = desk / "结果", desk / "去年.txt"
    assert kpi("score", year, "--out", out, "--format", "parquet,jsonl").code == DONE
    run = out / "shards" / "run.json"
    told = run.read_text(encoding="utf-8")
    for unfinished in (None, told[:20]):
        run.unlink()
        if unfinished:
            run.write_text(unfinished, encoding="utf-8")
        for command in (("diff", out, year), ("diff", year, out / "shards"), ("copies", out)):
            done = kpi(*command)
            assert done.code == BAD_USAGE, command
            assert "上次运行没有完成，请加 --resume 再运行 kpi score" in "".join(done.err.replace("│", "").split("\n"))
        run.write_text(told, encoding="utf-8")
    next(out.glob("shards/projects/*")).unlink()
    done = kpi("diff", out, year)
    assert done.code == BAD_USAGE
    assert "不见了" in done.err


def test_results_inside_a_folder_of_documents_are_not_taken_for_it(desk: Path) -> None:
    given = desk / "上报"
    (given / "旧").mkdir(parents=True)
    (desk / "今年.txt").rename(given / "今年.txt")
    assert kpi("score", desk / "去年.txt", "--out", desk / "旧", "--format", "parquet").code == DONE
    for path in (*desk.glob("旧/*.parquet"), desk / "旧" / "shards"):
        path.rename(given / "旧" / path.name)
    done = kpi("diff", desk / "去年.txt", given, "--format", "json")
    assert moved(Trend.model_validate_json(done.out)) == EXPECTED
    assert kpi("copies", given).code == BAD_USAGE


def test_what_cannot_be_used_is_said(desk: Path) -> None:
    good, lines = desk / "去年.txt", desk / "坏.jsonl"
    lines.write_text('{"a": 1}\n', encoding="utf-8")
    (desk / "空.docx").write_bytes(b"")
    (desk / "坏").mkdir()
    (desk / "坏" / "projects.parquet").write_bytes(b"PAR1")
    for arguments, said in (
        ((good, desk / "没有.txt"), "没有"),
        ((good, good, "--format", "xlsx"), "-o"),
        ((good, good, "-o", desk / "对比.xlsx"), "--format"),
        ((good, good, "--format", "csv", "-o", good), "不能作为输出"),
        ((good, good, "--format", "csv", "-o", desk / "没有" / "对比.csv"), "无法写入"),
        ((good, lines), "第1行不是"),
        ((good, desk / "坏"), "已损坏"),
    ):
        done = kpi("diff", *arguments)
        assert done.code == BAD_USAGE, arguments
        assert said in done.err.replace("\n", "")
    assert kpi("diff", good, desk / "空.docx").code == UNREAD == Exit.UNREAD


def two_years() -> list[Scored]:
    return [scored(extract(text(year, rows)), f"{year}.txt") for year, rows in ((2025, LATER), (2024, ROWS))]


def test_the_scorecard_compares_years_where_it_has_two(tmp_path: Path) -> None:
    documents = two_years()
    workbook.write(documents, tmp_path / "两年.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "两年.xlsx")["年度对比"]
    assert [(row[0].value, row[3].value) for row in sheet.iter_rows(min_row=3)] == EXPECTED
    workbook.write(documents[:1], tmp_path / "一年.xlsx")
    assert "年度对比" not in openpyxl.load_workbook(tmp_path / "一年.xlsx").sheetnames


def test_parquet_gives_the_projects_back(tmp_path: Path) -> None:
    documents = two_years()
    tables.write_parquet(documents, tmp_path)
    read = earlier.projects(tmp_path)
    filed = [one for document in documents for one in trend.filed(document.label, document.extraction)]
    assert [(o.document, o.number, o.organisation, o.fiscal_year) for o in read] == [o[:4] for o in filed]
    for one, other in zip(read, filed, strict=True):
        assert all(change.change == "same" for change in trend.compared(one.project, other.project))


def test_a_line_of_json_is_a_document(tmp_path: Path) -> None:
    read = extract(text(2024, ROWS))
    path = tmp_path / "结果.jsonl"
    whole = json.dumps({"document": "甲.txt", "extraction": json.loads(read.model_dump_json())})
    path.write_text(f"{read.model_dump_json()}\n\n{whole}\n", encoding="utf-8")
    assert list(earlier.record(path)) == [("第1行", read), ("甲.txt", read)]
