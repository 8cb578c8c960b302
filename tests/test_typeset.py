"""What is struck out is not read; marks of footnotes and powers do not run together with a value."""

from __future__ import annotations

import time

import pytest

from kpi import documents
from kpi.documents.raised import settled
from kpi.values import parse_value
from tests.office import excel, grids, p, tbl, tc, tr, word

STRIKE, DOUBLE, RAISED = "<w:strike/>", "<w:dstrike/>", '<w:vertAlign w:val="superscript"/>'


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


# ------------------------------------------------------------------------------------------ raised


@pytest.mark.parametrize(
    ("pieces", "read"),
    [
        (["≥95%", "^1"], "≥95%"),
        (["≥95%", "^[1]", "以上"], "≥95%以上"),
        (["≥95%", "^[", "^1", "^]"], "≥95%"),
        (["5天", "^①", "，"], "5天，"),
        (["5人次 ", "^*"], "5人次 "),
        (["5人", "^1,2"], "5人"),
        (["指标值", "^注1"], "指标值"),
        (["≥95", "^[1]"], "≥95"),
        (["≥500m", "^2"], "≥500m2"),
        (["元/m", "^3", "以内"], "元/m3以内"),
        (["500米", "^2"], "500米²"),
        (["500平方米", "^2"], "500平方米"),
        (["5km", "^1"], "5km"),
        (["5m", "^2", "3人"], "5m²3人"),
        (["10", "^4", "人"], "10⁴人"),
        (["10", "^-3"], "10⁻³"),
        (["≥95", "^1"], "≥95¹"),
        (["^1", "95%"], "¹95%"),
        (["^1", "注：见后"], "1注：见后"),
        (["甲\n", "^1", "乙"], "甲\n1乙"),
        (["^95"], "95"),
        (["≥", "^95", "%"], "≥95%"),
        (["约", "^500", "人"], "约500人"),
        (["达", "^1", "/", "2"], "达1/2"),
        (["5", "^th"], "5th"),
        (["5", "^o", "C"], "5oC"),
    ],
)
def test_what_is_raised(pieces: list[str], read: str) -> None:
    raised = {at for at, piece in enumerate(pieces) if piece.startswith("^")}
    found = settled([piece.removeprefix("^") for piece in pieces], raised)
    assert len(found) == len(pieces)
    assert "".join(found) == read


RAISED_IN_CELLS = [("≥95%", "1", ""), ("5天", "①", "内"), ("500m", "2", ""), ("10", "4", "人")]
READ_IN_CELLS = ["≥95%", "5天内", "500m2", "10⁴人"]


@pytest.mark.parametrize(("pieces", "read"), list(zip(RAISED_IN_CELLS, READ_IN_CELLS, strict=True)))
def test_raised_text_in_every_format(pieces: tuple[str, str, str], read: str) -> None:
    before, up, behind = pieces
    style = "font-size:9pt;vertical-align:super"
    assert html_cell(f"{before}<sup>{up}</sup>{behind}") == read
    assert html_cell(f"{before}<sup><a href='#1'>{up}</a></sup>{behind}") == read
    assert html_cell(f'{before}<span style="{style}">{up}</span>{behind}') == read
    assert html_cell(f'{before}<span style="vertical-align:middle">{up}</span>{behind}') == f"{before}{up}{behind}"
    assert word_texts(word_runs((before, ""), (up, RAISED), (behind, ""))) == [read] * 3
    up_run = f'<r><rPr><vertAlign val="superscript"/></rPr><t>{up}</t></r>'
    assert excel_cells(f"<r><t>{before}</t></r>{up_run}<r><t>{behind}</t></r>") == [read] * 2


def test_a_power_in_a_formula_is_no_digit_of_the_number() -> None:
    power = (
        "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    assert word_texts(power) == ["10⁴"] * 3
    assert word_texts(power.replace(">10<", ">x<").replace(">4<", ">12<")) == ["x¹²"] * 3


def test_a_number_with_a_power_is_not_understood_as_a_longer_one() -> None:
    value = parse_value(html_cell("10<sup>4</sup>人"))
    assert "not_understood" in value.notes


def test_many_raised_pieces_take_linear_time() -> None:
    began = time.process_time()
    documents.read(("<p>" + "<b>5人</b><sup>1</sup>" * 50_000).encode())
    assert time.process_time() - began < 8
