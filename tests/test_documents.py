"""Text and bytes → blocks: which lines make a table, what a cell holds, and where it stands in the source."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import kpi
from kpi import documents, settings
from kpi.documents import Document, Table
from kpi.documents.cleaning import clean
from tests.office import grids


def slices(text: str, source: str | bytes | None = None) -> list[str]:
    """What the places of all cells and paragraphs of ``source`` (or ``text``) cut out of ``text``, in order."""
    found: list[str] = []
    for block in documents.read(text if source is None else source).blocks:
        if isinstance(block, Table):
            found += [text[cell.start : cell.end] for row in block.rows for cell in row]
        else:
            found.append(text[block.location.start : block.location.end])
    return found


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


# ------------------------------------------------------------------------------------------------ bold marks


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("**一级指标**", "一级指标"),
        ("__一级指标__", "一级指标"),
        ("***一级指标***", "一级指标"),
        ("**__一级指标__**", "一级指标"),
        ("**甲**、**乙**", "甲、乙"),
        ("**≥90%**（含）", "≥90%（含）"),
        ("**甲", "**甲"),
        ("5**3", "5**3"),
        ("**", "**"),
        ("____年__月__日", "____年__月__日"),
        ("__年__月__日", "__年__月__日"),
        ("a__b__c", "a__b__c"),
    ],
)
def test_bold_marks_in_pipe_cells(cell: str, read: str) -> None:
    assert grids(documents.read(f"| {cell} | 乙 |")) == [[[read, "乙"]]]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("&ge;90%", "≥90%"),
        ("&lt;5‰", "<5‰"),
        ("**&#8804;3&nbsp;个**", "≤3 个"),
        ("&lt;br&gt;", "<br>"),
        ("甲&#124;丙", "甲|丙"),
        ("R&D;", "R&D;"),
        ("A&B 研发", "A&B 研发"),
    ],
)
def test_characters_that_pipe_cells_write_by_name(cell: str, read: str) -> None:
    assert grids(documents.read(f"| {cell} | 乙 |")) == [[[read, "乙"]]]
    assert grids(documents.read(f"| 丙\n1、{cell} | 乙 |")) == [[[f"丙 1、{read}", "乙"]]]


def test_a_table_with_bold_headings_is_a_target_table() -> None:
    text = (
        "| **一级指标** | __二级指标__ | **三级指标** | **指标值** |\n|---|---|---|---|\n"
        "| **产出指标** | 数量指标 | 培训人数 | **≥50人** |"
    )
    (row,) = kpi.extract(text).projects[0].indicators
    assert (row.tier1, row.tier2, row.name, row.raw_value) == ("产出指标", "数量指标", "培训人数", "≥50人")


# --------------------------------------------------------------------------------- tab rows, one cell a line


def test_a_short_tab_table_is_not_read_by_the_lines_of_the_next_one() -> None:
    text = "序号\t收入\n1\t2\n\n\t一级指标\n\t二级指标\n\t指标值\n\n\t产出指标\n\t数量指标\n\t1个\n"
    assert grids(documents.read(text)) == [
        [["序号", "收入"], ["1", "2"]],
        [["一级指标", "二级指标", "指标值"], ["产出指标", "数量指标", "1个"]],
    ]


def test_cells_a_line_are_not_read_by_the_rows_of_the_next_table() -> None:
    text = "\t单位：万元\n\n编码\t名称\t数\n1\t甲\t2\n3\t乙\t4\n"
    assert grids(documents.read(text)) == [
        [["单位：万元"]],
        [["编码", "名称", "数"], ["1", "甲", "2"], ["3", "乙", "4"]],
    ]


def test_a_paragraph_ends_the_look_ahead() -> None:
    text = "\t甲\n\t乙\n\n正文一段\n\n丙\t丁\n戊\t己\n庚\t辛\n"
    document = documents.read(text)
    assert grids(document) == [[["甲", "乙"]], [["丙", "丁"], ["戊", "己"], ["庚", "辛"]]]
    assert [paragraph.text for paragraph in document.paragraphs] == ["正文一段"]


def test_a_line_of_several_cells_ends_the_table_of_single_cells() -> None:
    text = "\t甲\n\t乙\n\n\t丙\n\t丁\n编码\t名称\n1\t戊\n"
    assert grids(documents.read(text)) == [[["甲", "乙"], ["丙", "丁"]], [["编码", "名称"], ["1", "戊"]]]


def test_a_trailing_tab_does_not_end_it() -> None:
    assert grids(documents.read("\t甲\t\n续\t\n\t乙\t \n\n\t丙\n\t丁\n")) == [[["甲续", "乙"], ["丙", "丁"]]]


def test_a_heading_without_its_first_cell_is_a_row() -> None:
    assert grids(documents.read("\t金额\n甲\t1\n乙\t2\n")) == [[["", "金额"], ["甲", "1"], ["乙", "2"]]]


HEADING = "一级指标\t二级指标\t三级指标\t指标值\n"


@pytest.mark.parametrize(
    "broken",
    ["产出指标\t数量指标\t培训\n教师\n人数\t≥50人\n", "产出指标\t数\n量\n指\n标\t培训教师人数\t≥50人\n"],
)
@pytest.mark.parametrize("before", ["", "产出指标\t质量指标\t合格率\t≥90%\n"])
def test_a_cell_broken_over_lines_is_put_together(broken: str, before: str) -> None:
    after = "\t时效指标\t按时完成\t100%\n"
    (table,) = grids(documents.read(HEADING + before + broken + after))
    assert table[-2] == ["产出指标", "数量指标", "培训教师人数", "≥50人"]
    assert table[-1] == ["", "时效指标", "按时完成", "100%"]


def test_the_place_of_a_broken_cell_goes_over_its_lines() -> None:
    text = HEADING + "产出指标\t数量指标\t培训 \n教师\n 人数\t≥50人\n\t时效指标\t按时完成\t100%\n"
    assert slices(text)[4:8] == ["产出指标", "数量指标", "培训 \n教师\n 人数", "≥50人"]


@pytest.mark.parametrize(
    "text",
    [
        "合计\t12\n绩效目标表\n一级指标\t二级指标\t三级指标\n",
        HEADING + "产出指标\t数量指标\t甲\t1个\n说明\n产出指标\t数量指标\t乙\t1个\n",
        HEADING + "甲\t1个\n说明\n乙\t1个\n",
        HEADING + "产出指标\t数量指标\t培训\n\n人数\t1个\n" + "甲\t乙\t丙\t丁\n",
        HEADING + "产出指标\t数量指标\t培训\n人数\t1个\n" + "甲\t乙\t丙\t丁\n",
    ],
)
def test_what_may_be_something_else_is_not_put_together(text: str) -> None:
    lines = [line for line in text.splitlines() if line]
    read = documents.read(text)
    assert sum(len(table) for table in grids(read)) == sum("\t" in line for line in lines)
    assert len(list(read.paragraphs)) == sum("\t" not in line for line in lines)


# ---------------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("甲 \t 乙\n丙\t丁", ["甲", "乙", "丙", "丁"]),
        ("|  甲 | 乙\u3000|\n|---|---|\n| 丙|丁 |", ["甲", "乙", "丙", "丁"]),
        ("\t甲\n\t乙一\n乙二\n\n\t丙\n\t\n丁\n", ["甲", "乙一\n乙二", "丙", "丁"]),
        ("  \t甲\t\n\t\n\t乙\n", ["甲", "", "乙"]),
        ("|   | 甲 |", ["", "甲"]),
        ("说明", ["说明"]),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_cut_the_text_of_the_cell_out_of_the_source(text: str, cut: list[str], mark: str) -> None:
    assert slices(text, mark + text) == cut


@pytest.mark.parametrize("name", [None, "a.csv", "a.md"])
def test_places_index_the_text_behind_a_byte_order_mark(name: str | None) -> None:
    text = HEADING + "产出指标\t数量指标\t甲\t≥50人"
    marked = "\ufeff" + text
    sources: list[str | bytes] = [
        text,
        marked,
        text.encode(),
        *(marked.encode(one) for one in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")),
    ]
    places = [kpi.extract(source, filename=name).projects[0].indicators[0].location for source in sources]
    assert text[places[0].start : places[0].end] == "≥50人"
    assert places == [places[0]] * len(sources)


# -------------------------------------------------------------------------------------------------- encoding

PROSE = "本单位绩效目标如下，一级指标与二级指标见表。\n" * 200
AT = len(PROSE.splitlines()[0].encode())  # between two characters


@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xe6\xb5", b"\xff\xfe\xfd"])
def test_a_few_bad_bytes_are_replaced(bad: bytes) -> None:
    data = PROSE.encode()
    document = documents.read(data[:AT] + bad + data[AT:] + "甲\t乙\n".encode())
    assert codes(document) == ["damaged_text"]
    assert f" {len(bad)} 个字节" in document.problems[0].message
    assert not documents.unread(document.problems)
    assert grids(document) == [[["甲", "乙"]]]
    assert "\ufffd" in "".join(paragraph.text for paragraph in document.paragraphs)


def test_bad_bytes_and_a_cut_end() -> None:
    data = PROSE.strip().encode()
    assert codes(documents.read(data[:AT] + b"\xff" + data[AT:-1])) == ["cut_off", "damaged_text"]


def test_bad_bytes_close_together_in_the_head() -> None:
    assert codes(documents.read((PROSE * 20).encode()[:AT] + b"\xff" * 150 + (PROSE * 20).encode())) == ["damaged_text"]


def test_much_damage_is_no_text() -> None:
    data = bytearray(PROSE.encode())
    data[::50] = b"\xff" * len(data[::50])
    assert codes(documents.read(bytes(data)))[0] in ("unknown_encoding", "not_text")


@pytest.mark.parametrize("text", ["1,2,3,的", "code 12 浣", "a" * 9000 + "好", "a" * 9000 + "好" + "b" * 99])
def test_gb18030_keeps_its_last_character(text: str) -> None:
    document = documents.read(text.encode("gb18030"))
    assert document.problems == ()
    assert [paragraph.text for paragraph in document.paragraphs] == [text]


def test_damage_does_not_hide_that_there_is_no_table() -> None:
    data = PROSE.encode()
    assert [p.code for p in kpi.extract(data[:AT] + b"\xff" + data[AT:]).problems] == [
        "damaged_text",
        "no_target_table",
    ]


# ----------------------------------------------------------------------------------------------- linear work

MEGABYTE = 1_000_000
SECONDS = 1.5  # each takes well under one; a pattern that grows with the square takes minutes

HOSTILE = {
    "dots behind a tab": "\t" + "." * MEGABYTE + "x",
    "dots and blanks": "\t" + "... " * (MEGABYTE // 4) + "x",
    "blanks before a backslash": " " * MEGABYTE + "\\",
    "blanks in a field code": "\\" + "TC " * 100 + "a\\f" + " " * MEGABYTE + "\\",
    "field codes": "TC " * (MEGABYTE // 3) + "\\",
    "links": "HYPERLINK " * (MEGABYTE // 10),
    "open links": 'HYPERLINK "' * (MEGABYTE // 11),
    "bookmarks": "[bookmark:" * (MEGABYTE // 10),
    "brackets": "[" * MEGABYTE + "[bookmark",
    "heading of blanks": "# a" + " " * MEGABYTE + "b",
    "heading of hashes": "# " + "# " * (MEGABYTE // 2) + "b",
    "blanks before a rule": " " * MEGABYTE + "|-|x|",
    "a rule and more": "|---" * (MEGABYTE // 20) + "|x|" + " " * MEGABYTE + "|",
    "blanks in a rule": "|-" + " " * MEGABYTE + "x|",
    "stars": "*" * MEGABYTE,
    "open bold": "| " + "**a " * (MEGABYTE // 4) + "|",
    "open underlines": "| " + "__a " * (MEGABYTE // 4) + "|",
    "underlines": "| " + "_" * MEGABYTE + "x |",
    "blanks after a character": "指" + " " * MEGABYTE + "x",
    "breaks": "| " + "<br " * (MEGABYTE // 4) + " |",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_on_a_hostile_line_is_linear(name: str) -> None:
    began = time.process_time()
    documents.read(HOSTILE[name])
    clean(HOSTILE[name])
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("甲绩效目标表  TC 1、甲绩效目标表 \\f C \\l 1 ", "甲绩效目标表"),
        ("TC 甲 \\f C \\l 1 TC 乙 \\f C \\l 1 丙", "丙"),
        ("[bookmark: _Toc_1]甲", "甲"),
        ('HYPERLINK \\l "_Toc1" \\h 甲 PAGEREF _Toc1 \\h 1', "甲 1"),
        ('TOC \\o "1-3" \\h 甲\\* MERGEFORMAT', "甲"),
        ("甲\\乙", "甲\\乙"),
    ],
)
def test_noise_is_taken_off(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# -------------------------------------------------------------------------------------------- special files


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "管道.txt"
    os.mkfifo(pipe)
    assert codes(documents.read(pipe)) == ["not_readable"]


def test_a_device_is_not_read() -> None:
    assert codes(documents.read(Path("/dev/zero"))) == ["not_readable"]


def test_a_path_that_no_file_can_have() -> None:
    assert codes(documents.read(Path("a\0b"))) == ["not_readable"]


def test_no_more_is_read_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_DOCUMENT_BYTES", 20)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 20)
    assert codes(documents.read(path)) == []
    path.write_bytes(b"a" * 21)
    assert codes(documents.read(path)) == ["too_large"]
