"""What is struck out is not read."""

from __future__ import annotations

import pytest

from kpi import documents
from tests.office import excel, grids, p, tbl, tc, tr, word

STRIKE, DOUBLE = "<w:strike/>", "<w:dstrike/>"


def html_cell(content: str) -> str:
    ((row,),) = grids(documents.read(f"<table><tr><td>名<td>{content}</td><td>末</td></tr></table>".encode()))
    assert (row[0], row[2]) == ("名", "末")
    return row[1]


# ------------------------------------------------------------------------------------------ struck out


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("<s>3</s>5天", "5天"),
        ("<del>≥3</del><ins>≥5</ins>天", "≥5天"),
        ("<strike><b>3</b></strike>5天", "5天"),
        ("<span style='color:red; text-decoration: line-through'>3<b>0</b></span>5天", "5天"),
        ("<span style='text-decoration-line:underline line-through'>3</span>5天", "5天"),
        ("<span style='text-decoration:underline'>3</span>5天", "35天"),
        ("<pre>3<s>4\n5</s>6</pre>", "3 6"),
        ("<s>3<br></s>5<s><input value=7></s>天", "5天"),
        ("<div style='text-decoration:line-through'>3天</div>", ""),
    ],
)
def test_what_a_page_strikes_out(content: str, seen: str) -> None:
    assert html_cell(content) == seen


def test_a_cell_that_is_struck_out_keeps_its_place() -> None:
    body = "<table><tr><td>甲<td style='text-decoration:line-through'>乙<td>丙<tr><td>1<td>2<td>3</table>"
    assert grids(documents.read(body.encode())) == [[["甲", "", "丙"], ["1", "2", "3"]]]


def word_runs(*runs: tuple[str, str]) -> str:
    return "".join(
        f'<w:r>{properties and f"<w:rPr>{properties}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'
        for text, properties in runs
    )


def word_texts(content: str) -> list[str]:
    """What is read of ``content`` in a cell, in a cell of a row that is not plain, and in a paragraph."""
    body = tbl(tr(tc(f"<w:p>{content}</w:p>"), "甲"), tr(tc(f"<w:p>{content}</w:p>" + tbl(tr("1", "2"))), "乙"))
    document = documents.read(word(f"{body}<w:p>{content}</w:p>{p('末')}"))
    table = grids(document)[0]
    return [table[0][0], table[1][0], *(block.text for block in document.paragraphs)][:-1]


@pytest.mark.parametrize(
    ("runs", "seen"),
    [
        ([("≥3", STRIKE), ("≥5天", "")], "≥5天"),
        ([("≥3", DOUBLE), ("≥5天", "")], "≥5天"),
        ([("≥3", '<w:strike w:val="true"/>'), ("≥5天", "<w:b/>")], "≥5天"),
        ([("≥3", '<w:strike w:val="0"/>'), ("5天", '<w:dstrike w:val="false"/>')], "≥35天"),
        ([("9", ""), ("</w:t><w:br/><w:t>", STRIKE), ("5天", "")], "9 5天"),
    ],
)
def test_what_a_word_file_strikes_out(runs: list[tuple[str, str]], seen: str) -> None:
    assert word_texts(word_runs(*runs)) == [seen] * 3


def test_what_is_struck_out_stays_in_the_source() -> None:
    (paragraph,) = documents.read(word(f"<w:p>{word_runs(('3', STRIKE), ('5天', ''))}</w:p>")).paragraphs
    assert (paragraph.text, paragraph.source) == ("5天", "35天")


def excel_cells(runs: str) -> list[str]:
    """What is read of a string of these runs, shared and in its cell."""
    cells = f'<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is>{runs}</is></c>'
    data = excel(f'<sheetData><row r="1">{cells}</row></sheetData>', strings=f"<si>{runs}</si>")
    return grids(documents.read(data))[0][0]


@pytest.mark.parametrize(
    ("first", "properties", "last", "seen"),
    [
        ("3", "<strike/>", "5天", "5天"),
        ("3", '<b/><strike val="1"/>', "5天", "5天"),
        ("3", '<strike val="0"/>', "5天", "35天"),
        ("3", "<u/>", "5天", "35天"),
        ("甲", "", "乙", "甲乙"),
    ],
)
def test_what_a_sheet_strikes_out(first: str, properties: str, last: str, seen: str) -> None:
    runs = f"<r><rPr>{properties}</rPr><t>{first}</t></r><r><t>{last}</t></r>"
    assert excel_cells(runs) == [seen] * 2
