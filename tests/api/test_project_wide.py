"""What is said of a whole project, a whole document, or of two projects: on the project's page and on its sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.browsing import BROWSER, handed_in, shown, words
from tests.api.samples import RENDERED
from tests.api.test_project_page import HEAD, Reader, findings

_ROWS = "\n".join(
    (
        HEAD, "产出指标\t数量指标\t{0}人数\t≥300人\t工作计划", "\t质量指标\t{0}合格率\t≥95%\t工作计划",
        "满意度指标\t服务对象满意度指标\t学员满意度\t≥90%\t问卷调查", "",
    )
)  # fmt: skip
# The projects together cost more than the text says: FIN007 is about the whole document.
DOCUMENT = "2025年部门预算\n\n2025年项目支出434万元。\n\n" + "\n".join(
    f"{n}、{name}绩效目标表\n单位：万元\n项目名称\t{name}\t项目编码\tA0{n}\n"
    f"预算规模及资金用途\t预算数\t{budget}\t其中：财政资金\t{budget}\t其他资金\t\n{_ROWS.format(name[:2])}"
    for n, name, budget in ((1, "培训经费", 260), (2, "宣传经费", 300))
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    told = Settings(data=tmp_path_factory.mktemp("wide"), database="", workers=1, open=True)
    with TestClient(create_app(told), raise_server_exceptions=False) as client:
        yield Reader(client, "张三")


@pytest.fixture(scope="module")
def whole(reader: Reader) -> str:
    return handed_in(reader.client, reader.csrf, {"目标.txt": DOCUMENT.encode()}) + "/d/0/p/"


def test_a_finding_on_the_document_stands_with_each_project_and_on_its_sheet(reader: Reader, whole: str) -> None:
    for number in "01":
        (finding,) = findings(reader.get(whole + number), "FIN007")
        assert finding.xpath("preceding::h3[1]/text()") == ["整个文档的问题"]
        sheet = words(reader.get(f"{whole}{number}/sheet"))
        assert "FIN007" in sheet
        assert "（整个文档）" in sheet
        assert "（整个项目）" in sheet
        word = docx.Document(io.BytesIO(reader.get(f"{whole}{number}/sheet.docx").content))
        printed = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        assert any("FIN007" in text for text in printed)
        assert any("（整个文档）" in text for text in printed)
        heading = next(one.text for one in word.paragraphs if one.text.startswith("二、"))
        assert heading.endswith(f"（{sum('审核意见' not in t and t.isdigit() for t in _numbers(word))} 处）")
        book = openpyxl.load_workbook(io.BytesIO(reader.get(f"{whole}{number}/sheet.xlsx").content))
        assert any(
            value == "FIN007" or "FIN007" in str(value) for sheet in book for row in sheet.values for value in row
        )


def _numbers(word: docx.document.Document) -> list[str]:
    """The first cells of the table of findings, below its heading."""
    table = next(table for table in word.tables if table.rows[0].cells[0].text == "序号")
    return [row.cells[0].text for row in table.rows[1:]]


def test_it_is_decided_once_for_all_projects(reader: Reader, whole: str) -> None:
    (finding,) = findings(reader.get(f"{whole}0"), "FIN007")
    identity = finding.get("id").removeprefix("f-")
    reader.post(f"{whole}0/decide", 200, finding=identity, action="dismiss", text="口径不同")
    assert findings(reader.get(f"{whole}1"), "FIN007")[0].get("data-state") == "dismissed"
    assert "FIN007" not in words(reader.get(f"{whole}1/sheet"))


@pytest.mark.parametrize(
    ("name", "rule"), [("xiguan-2020.tab_rows.txt", "REL004"), ("xigang-2025.tab_rows.txt", "REL005")]
)
def test_copied_rows_lead_to_both_projects_side_by_side(reader: Reader, name: str, rule: str) -> None:
    batch = handed_in(reader.client, reader.csrf, {name: (RENDERED / name).read_bytes()})
    seen = 0
    for number in range(len(shown(reader.get(batch)).xpath("//table//tbody//a[contains(@href, '/p/')]"))):
        page = reader.client.get(f"{batch}/d/0/p/{number}", headers=BROWSER)
        for finding in findings(page, rule) if page.status_code == 200 else ():
            (link,) = finding.xpath(".//a[starts-with(@href, '/compare')]/@href")
            facts = dict(zip(finding.xpath(".//dt/text()"), finding.xpath(".//dd/text()"), strict=True))
            compared = reader.get(link)
            sides = [text.strip() for text in shown(compared).xpath("//thead//a/text()")]
            assert sides == [facts["项目"], facts.get("相同的项目") or facts["相近的项目"]]
            left, right = (href for href in shown(compared).xpath("//thead//a/@href"))
            assert left != right
            assert shown(compared).xpath("//tr[@class='same']")
            seen += 1
    assert seen > 1


def test_the_head_is_put_right(reader: Reader) -> None:
    address = handed_in(reader.client, reader.csrf, {"表头.txt": DOCUMENT.encode()}) + "/d/0/p/0"
    form = shown(reader.get(f"{address}?head=1")).xpath("//form[@aria-label='更正 表头']")[0]
    fields = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input")}
    fields |= {one.get("name"): (one.text or "").removeprefix("\n") for one in form.xpath(".//textarea")}
    del fields["csrf"]
    assert (fields["row"], fields["budget"], fields["fiscal_year"]) == ("head", "260万元", "2025")
    page = reader.post(f"{address}/correct", **{**fields, "budget": "130万元", "fiscal_funding": "130万元"})
    changed = shown(page).xpath("//section[@id='changed']")[0].text_content()
    assert "FIN007" in changed
    said = words(page)
    assert "更正：原读作“260万元”，张三" in said
    assert "更正 表头 的预算" in said
    assert findings(page, "FIN007") == []
    assert "130万元" in words(reader.get(f"{address}/sheet"))
    for wrong in ({"budget": "很多"}, {"fiscal_year": "25"}):
        refused = reader.post(f"{address}/correct", 422, **{**fields, **wrong})
        assert "认不出来" in words(refused)
