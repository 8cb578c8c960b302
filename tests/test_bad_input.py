"""Whatever a file holds: a typed problem or an empty result, no exception, and no great work for little text."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest

import kpi
from kpi.documents.problems import CATALOGUE
from kpi.schema import Extraction
from tests.rendering import LAYOUTS, load

HEADING = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
NOISE = random.Random(20_240_630).randbytes(5_000)


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


def table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join("\t".join(row) for row in [HEADING, *rows])


def many_rows(number: int) -> str:
    return table(
        [("产出指标", "数量指标", f"任务{n}完成数量", "完成的数量", f"≥{n}个", "工作计划") for n in range(number)]
    )


def codes(extraction: Extraction) -> list[str]:
    return [problem.code for problem in extraction.problems]


BYTES: dict[str, tuple[bytes, set[str]]] = {
    "empty": (b"", {"empty_document"}),
    "blank": (b" \r\n\t\n  ", {"empty_document"}),
    "blank utf-8 with mark": (b"\xef\xbb\xbf \n", {"empty_document"}),
    "blank utf-16": ("\ufeff \n \t".encode("utf-16-le"), {"empty_document"}),
    "only a mark": (b"\xff\xfe", {"empty_document"}),
    "ideographic spaces": ("\u3000\u3000\n".encode(), {"empty_document"}),
    "zero bytes": (bytes(3_000), {"not_text"}),
    "noise": (NOISE, {"not_text", "unknown_encoding"}),
    "noise behind a mark": (b"\xef\xbb\xbf" + NOISE, {"not_text", "unknown_encoding"}),
    "noise behind a mark of utf-16": (b"\xff\xfe" + NOISE, {"not_text", "unknown_encoding"}),
    "png": (b"\x89PNG\r\n\x1a\n" + NOISE, {"unsupported_format"}),
    "jpeg": (b"\xff\xd8\xff\xe0" + NOISE, {"unsupported_format"}),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + NOISE, {"damaged_file"}),
    "zip": (zipped(), {"unsupported_format", "damaged_file"}),
    "ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, {"damaged_file"}),
    "no table": ("本单位2024年没有项目支出。\n\n特此说明。".encode(), {"no_target_table"}),
    "other table": ("科目编码\t科目名称\t预算数\n201\t一般公共服务\t12.5".encode(), {"no_target_table"}),
    "html": ("<html><body><p>没有表格</p></body></html>".encode(), {"no_target_table"}),
}


@pytest.mark.parametrize("name", BYTES)
def test_what_cannot_be_read_gives_no_projects_and_a_problem(name: str) -> None:
    data, expected = BYTES[name]
    extraction = kpi.extract(data)
    assert extraction.projects == ()
    assert extraction.coverage.rows_read == 0
    assert len(codes(extraction)) == 1
    assert codes(extraction)[0] in expected
    assert extraction.problems[0].message
    assert kpi.review(extraction).findings == ()


def test_every_problem_is_in_the_catalogue() -> None:
    assert {code for _, expected in BYTES.values() for code in expected} <= CATALOGUE.keys()


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert codes(kpi.extract(tmp_path / "不存在.txt")) == ["not_found"]
    assert codes(kpi.extract(tmp_path)) == ["not_readable"]


def test_text_is_never_a_path(tmp_path: Path) -> None:
    path = tmp_path / "target.txt"
    path.write_text(many_rows(3), encoding="utf-8")
    assert codes(kpi.extract(str(path))) == ["no_target_table"]
    assert kpi.extract(path).coverage.rows_read == 3


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_file_cut_in_the_middle_of_a_character_is_read_up_to_there(encoding: str, cut: int) -> None:
    text = many_rows(20) + "\n注：以上为年度指标"
    whole = text.encode(encoding)
    data = whole[:-cut]
    extraction = kpi.extract(data)
    assert extraction.coverage.rows_read == 20
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        assert codes(extraction) == ["cut_off"]
    else:
        assert codes(extraction) == []


@pytest.mark.parametrize("slug", ["nanguan-2024"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_document_cut_anywhere_is_read_up_to_there(slug: str, layout: str) -> None:
    data = LAYOUTS[layout](load(slug)).encode()
    rows = []
    for end in range(len(data) // 4, len(data), len(data) // 12 + 1):
        extraction = kpi.extract(data[:end])
        kpi.review(extraction)
        rows.append(extraction.coverage.rows_read)
    assert rows == sorted(rows)
    assert rows[-1] > 0


MEGABYTE = 1_000_000
# One line of a megabyte; the seconds leave room for a slow machine and none for work that grows with the square.
LINES: dict[str, str] = {
    "text": "开展绩效目标管理工作" * (MEGABYTE // 30),
    "latin": "performance target " * (MEGABYTE // 19),
    "tabs": "\t" * MEGABYTE,
    "pipes": "|" * MEGABYTE,
    "escaped pipes": "\\|" * (MEGABYTE // 2),
    "digits": "1" * MEGABYTE,
    "grouped digits": "1," * (MEGABYTE // 2),
    "dates": "2024.1." * (MEGABYTE // 7),
    "numerals": "一二三百万" * (MEGABYTE // 15),
    "each": "每" * (MEGABYTE // 3),
    "signs": "≥" * (MEGABYTE // 3),
    "brackets": "（" * (MEGABYTE // 3),
    "cells": "产出指标\t" * (MEGABYTE // 13),
    "field codes": "TC 1、甲 \\f C " * (MEGABYTE // 15),
    "bookmarks": "[bookmark: " * (MEGABYTE // 11),
    "spaces": "指 " * (MEGABYTE // 4),
    "goal numbers": "1.目标" * (MEGABYTE // 8),
}


@pytest.mark.parametrize("name", LINES)
def test_a_megabyte_in_one_line(name: str) -> None:
    began = time.process_time()
    extraction = kpi.extract(LINES[name])
    assert extraction.projects == ()
    assert extraction.problems
    assert time.process_time() - began < 6


@pytest.mark.parametrize("name", LINES)
def test_a_megabyte_in_one_cell(name: str) -> None:
    cell = LINES[name].replace("\t", " ").replace("|", " ")
    document = table(
        [("产出指标", "数量指标", "名称", cell, "≥1个", cell), ("", "质量指标", cell, "描述", cell, "依据")]
    )
    began = time.process_time()
    extraction = kpi.extract(document)
    kpi.review(extraction)
    assert extraction.coverage.target_tables == 1
    assert extraction.projects[0].indicators[0].raw_value == "≥1个"
    assert time.process_time() - began < 8


@pytest.mark.parametrize("name", LINES)
def test_a_megabyte_in_one_value(name: str) -> None:
    began = time.process_time()
    value = kpi.parse_value(LINES[name])
    assert value.raw == LINES[name]
    kpi.find_values(LINES[name][:100_000])
    assert time.process_time() - began < 8


ODD_TABLES = {
    "heading only": "\t".join(HEADING),
    "heading twice": "\n".join(["\t".join(HEADING)] * 2),
    "heading many times": "\n".join(["\t".join(HEADING)] * 500),
    "all headings one word": "\t".join(["指标值"] * 300),
    "rows of one cell": "\t".join(HEADING) + "\n" + "\n".join(["甲\t"] * 200),
    "rows much wider than the heading": "\t".join(HEADING) + "\n" + "\n".join(["甲\t" * 400] * 50),
    "rows of empty cells": "\t".join(HEADING) + "\n" + "\n".join(["\t" * 5] * 500),
    "tiers without values": table([("产出指标", "数量指标", "", "", "", "")] * 50),
    "values without tiers": table([("", "", "", "", "≥1个", "")] * 50),
    "tiers in the wrong columns": table([("≥1个", "产出指标", "数量指标", "质量指标", "时效指标", "成本指标")] * 20),
    "pipes without end": "|" + "|".join(HEADING) + "\n" + "|产出指标|数量指标\n" * 30,
    "pipes and tabs": "|" + "|".join(HEADING) + "|\n" + table([("产出指标",) * 6]) + "\n|甲|\n\t乙\n",
    "a rule and nothing else": "|---|---|---|\n" * 20,
    "cells that never end": "\t一级指标\n" + "续行\n" * 5_000,
    "titles in a row": "1、甲绩效目标表\n" * 300,
    "labels in a row": "项目编码\t\t项目名称\t\n" * 300 + "\t".join(HEADING),
    "control characters": table([("产出\x00指标", "数量\x1b[31m指标", "\x07名", "\u202e描述", "≥\u200b1个", "\ufeff")]),
    "surrogate": "产出指标\ud800\t数量指标\n" + "\t".join(HEADING),
    "form feeds": "\f".join(["\t".join(HEADING), "产出指标\t数量指标\t名\t描述\t≥1个\t依据"] * 30),
    "nested headings": table([HEADING, ("产出指标", "数量指标", "指标值", "一级指标", "三级指标", "二级指标")] * 30),
}


@pytest.mark.parametrize("name", ODD_TABLES)
def test_odd_tables(name: str) -> None:
    extraction = kpi.extract(ODD_TABLES[name])
    kpi.review(extraction)
    extraction.model_dump_json()
    assert extraction.coverage.rows_read <= extraction.coverage.rows_seen
    assert extraction.projects or extraction.problems
    for project in extraction.projects:
        for row in project.indicators:
            assert row.name or row.raw_value


def test_control_characters_are_no_part_of_a_cell() -> None:
    row = kpi.extract(ODD_TABLES["control characters"]).projects[0].indicators[0]
    assert (row.tier1, row.name, row.raw_value) == ("产出指标", "名", "≥1个")


def test_ten_thousand_rows_are_read_wholly() -> None:
    extraction = kpi.extract(many_rows(10_000))
    assert extraction.problems == ()
    assert (extraction.coverage.rows_seen, extraction.coverage.rows_read) == (10_000, 10_000)
    (project,) = extraction.projects
    assert [row.raw_value for row in project.indicators] == [f"≥{n}个" for n in range(10_000)]


def test_headings_repeated_a_thousand_times() -> None:
    began = time.process_time()
    extraction = kpi.extract("一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t≥1个\n" * 2_000)
    assert time.process_time() - began < 8
    assert extraction.coverage.rows_read == 2_000


def test_work_grows_with_the_rows() -> None:
    def seconds(text: str) -> float:
        def once() -> float:
            began = time.process_time()
            kpi.review(kpi.extract(text))
            return time.process_time() - began

        return min(once() for _ in range(3))

    few, many = many_rows(500), many_rows(2_000)
    kpi.extract(many)  # fills the caches of values for both sizes alike
    assert seconds(many) < 8 * seconds(few)
