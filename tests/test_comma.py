"""Comma-separated text: told by content, cells with line breaks, places in the decoded text."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest

import kpi
from kpi import documents
from kpi.documents import Table
from kpi.documents.kinds import Kind, kind_of
from kpi.documents.text.comma import delimiter_of
from tests.office import grids

RENDERED = Path(__file__).parent.parent / "corpus" / "documents" / "rendered"
TEXT = (
    "某县文化馆2025年绩效目标表\n"
    "一级指标,二级指标,三级指标,指标值\r\n"
    '产出指标,数量指标,"培训\n""骨干""人数","≥1,000人"\n'
    ",质量指标, 合格率 ,≥95%\n"
)
GRID = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", '培训"骨干"人数', "≥1,000人"],
    ["", "质量指标", "合格率", "≥95%"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["目标.csv", "目标.txt", "目标.xls", None])
def test_the_content_tells(encoding: str, name: str | None) -> None:
    document = documents.read(TEXT.encode(encoding), name)
    assert document.source.media_type == "text/csv"
    assert [block.text for block in document.paragraphs] == ["某县文化馆2025年绩效目标表"]
    assert grids(document) == [GRID]
    assert document.problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows(GRID)
    assert grids(documents.read(made.getvalue().encode(), "a.csv")) == [GRID]


def test_places_are_true() -> None:
    document = documents.read(TEXT, "a.csv")
    for block in document.blocks:
        for row in block.rows if isinstance(block, Table) else ():
            for cell in row:
                written = TEXT[cell.start : cell.end].replace('""', '"').replace("\n", "")
                assert written == cell.text
                assert cell.line == TEXT[: cell.start].count("\n") + 1
        if not isinstance(block, Table):
            assert TEXT[block.location.start : block.location.end] == block.text


@pytest.mark.parametrize(
    "text",
    [
        "一级指标\t二级指标\t预算,元\n产出\t数量\t1,000,000\n效益\t社会\t2,000,000\n满意\t服务\t3,000,000\n",
        "1,234,567\n2,345,678\n3,456,789\n",
        "今天, 我们, 去学校。\n明天, 他们, 来这里。\n后天, 大家, 都回家。\n",
        "first, we read, and then\nnext, we write, and so\nlast, we go, and rest\n",
        "| 甲,乙 | 丙 |\n|---|---|\n| 丁 | 戊 |\n",
        "数量指标,质量指标\n甲,乙\n丙,丁\n",
        "一,二,三\n",
    ],
)
def test_what_is_none(text: str) -> None:
    assert delimiter_of(text) in (None, "\t")
    assert kind_of(text.encode(), "a.txt") is Kind.TEXT


@pytest.mark.parametrize("path", sorted(RENDERED.glob("*.txt")), ids=lambda path: path.name)
def test_tab_separated_text_stays_what_it_is(path: Path) -> None:
    assert kind_of(path.read_bytes(), path.name) is Kind.TEXT


@pytest.mark.parametrize("text", ['"' * 500_000, '",' * 200_000, '"a,' * 200_000, ',"' * 200_000 + "\n" * 100_000])
def test_quotation_marks_that_close_nothing(text: str) -> None:
    document = documents.read(text.encode(), "a.csv")
    assert not documents.unread(document.problems)


@pytest.mark.parametrize("unit", ['""",a,b,c', '""",a,b,c\n', '"\n",a,b,c', '"a\n,""b"",c,\n', ',"'])
def test_the_work_is_linear_in_the_text(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    for name in ("a.csv", "a.txt"):
        began = time.process_time()
        documents.read(text.encode(), name)
        assert time.process_time() - began < 8


def test_a_cut_file_keeps_what_is_there() -> None:
    data = TEXT.encode("gb18030")
    for end in range(60, len(data)):
        document = documents.read(data[:end], "a.csv")
        assert grids(document)[0][0][:2] == GRID[0][:2]


@pytest.mark.parametrize("name", ["shanhaiguan-office-2023", "nanguan-2024"])
def test_a_real_document_reads_as_its_text(name: str) -> None:
    document = documents.read((RENDERED / f"{name}.tab_rows.txt").read_text(encoding="utf-8"))
    made = io.StringIO()
    writer = csv.writer(made)
    for block in document.blocks:
        rows = [[c.text for c in row] for row in block.rows] if isinstance(block, Table) else [[block.text]]
        writer.writerows(rows)
    expected = kpi.extract((RENDERED / f"{name}.tab_rows.txt").read_text(encoding="utf-8"))
    read = kpi.extract(made.getvalue().encode(), filename="a.csv")
    assert [p.indicators for p in read.projects] != []
    assert [[(i.name, i.raw_value) for i in p.indicators] for p in read.projects] == [
        [(i.name, i.raw_value) for i in p.indicators] for p in expected.projects
    ]
