"""The page of a project, its source and its review sheet, without a browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.settings import Settings
from api.store import sheets
from tests.api.browsing import BROWSER, handed_in, harmless, hostile, shown, signed_in, words
from tests.api.samples import RENDERED

# Two rows of one rule (进一步提高, 显著提升), one value that is misread, a second project of the same rule.
HEAD = "一级指标\t二级指标\t三级指标\t指标值\t指标值确定依据"
DOCUMENT = "\n".join(
    (
        "一、培训经费绩效目标表", "项目名称\t培训经费\t项目编码\tA01", HEAD,
        "产出指标\t数量指标\t培训人数\t≥300人\t工作计划", "\t质量指标\t合格率\t≥95%\t工作计划",
        "效益指标\t社会效益指标\t业务水平\t进一步提高\t工作计划", "\t\t服务能力\t显著提升\t工作计划",
        "满意度指标\t服务对象满意度指标\t学员满意度\t≥90%\t问卷调查", "",
        "二、宣传经费绩效目标表", "项目名称\t宣传经费\t项目编码\tA02", HEAD,
        "产出指标\t数量指标\t宣传次数\t≥12次\t工作计划",
        "效益指标\t社会效益指标\t知晓程度\t进一步提高\t工作计划",
        "满意度指标\t服务对象满意度指标\t群众满意度\t≥90%\t问卷调查", "",
    )
)  # fmt: skip
PDF, WORD, EXCEL = (RENDERED / f"nandagang-2020.{form}" for form in ("ruled.pdf", "word.docx", "excel.xlsx"))


class Reader:
    """Somebody who reads and decides."""

    def __init__(self, client: TestClient, name: str) -> None:
        self.client, self.csrf = client, signed_in(client, name)

    def get(self, path: str, status: int = 200) -> Any:
        response = self.client.get(path, headers=BROWSER)
        assert response.status_code == status, response.text
        return response

    def post(self, path: str, status: int = 200, /, **fields: str) -> Any:
        response = self.client.post(path, data={"csrf": self.csrf, **fields}, headers=BROWSER)
        assert response.status_code == status, response.text
        return response


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, Reader]]:
    """Two reviewers, each with a browser of their own."""
    told = Settings(data=tmp_path_factory.mktemp("project"), database="", workers=1, open=True)
    app = create_app(told)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Reader(client, "张三"), Reader(TestClient(app, raise_server_exceptions=False), "李四")


@pytest.fixture(scope="module")
def zhang(readers: tuple[Reader, Reader]) -> Reader:
    return readers[0]


@pytest.fixture(scope="module")
def li(readers: tuple[Reader, Reader]) -> Reader:
    return readers[1]


_COUNT = iter(range(1_000))


@pytest.fixture
def project(zhang: Reader) -> str:
    """The first project of a batch that nobody decided anything about: decisions follow a finding, so names differ."""
    text = DOCUMENT.replace("A0", f"B{next(_COUNT)}-")
    return f"{handed_in(zhang.client, zhang.csrf, {'目标.txt': text.encode()})}/d/0/p/0"


@pytest.fixture(scope="module")
def rendered(zhang: Reader) -> str:
    """A batch of the same content as PDF, Word and Excel, in this order."""
    return handed_in(zhang.client, zhang.csrf, {path.name: path.read_bytes() for path in (PDF, WORD, EXCEL)})


def findings(response: Any, rule: str = "") -> list[html.HtmlElement]:
    """The findings on a page, of one rule or all."""
    return [one for one in shown(response).xpath("//article[@data-finding]") if rule in one.get("aria-label")]


def identity(finding: html.HtmlElement) -> str:
    return str(finding.get("id")).removeprefix("f-")


def vague(response: Any) -> html.HtmlElement:
    """The finding on 进一步提高."""
    (found,) = shown(response).xpath("//article[starts-with(@aria-label, 'VAG')][contains(., '进一步提高')]")
    return found


def test_the_table_as_it_is_read(zhang: Reader, project: str) -> None:
    page = shown(zhang.get(project))
    table = page.xpath("//table[contains(@class, 'targets')]")[0]
    rows = table.xpath(".//tr[@class='indicator']")
    assert [" ".join(row.xpath("th")[0].text_content().split()) for row in rows] == [
        "培训人数", "合格率", "业务水平", "服务能力", "学员满意度",
    ]  # fmt: skip
    assert "不低于 300人" in rows[0].text_content()
    assert "只说方向" in rows[2].text_content()
    # A tier spans its rows and the rows of findings between them; every row of the table is equally wide.
    width = len(table.xpath("thead/tr/th"))
    covered: dict[int, int] = {}
    for number, row in enumerate(table.xpath("tbody/tr")):
        for cell in row.xpath("td | th"):
            for below in range(int(cell.get("rowspan", "1"))):
                covered[number + below] = covered.get(number + below, 0) + int(cell.get("colspan", "1"))
    assert set(covered.values()) == {width}
    assert set(covered) == set(range(len(table.xpath("tbody/tr"))))
    assert vague(zhang.get(project)).xpath("ancestor::tr/preceding-sibling::tr[1]")[0].get("id") == "row-2"


def test_facts_blocks_and_neighbours(zhang: Reader, project: str) -> None:
    response = zhang.get(project)
    assert "培训经费" in words(response)
    assert "指标行读出" in words(response)
    assert [th.text for th in shown(response).xpath("//table[@class='blocks']/tbody/tr/th")] == [
        "完整性", "相关性", "适当性", "可行性",
    ]  # fmt: skip
    other = project[:-1] + "1"
    assert shown(response).xpath("//a[@rel='next']/@href") == [other]
    assert not shown(response).xpath("//a[@rel='prev']")
    assert shown(zhang.get(other)).xpath("//a[@rel='prev']/@href") == [project]


def test_decisions_are_shown_to_everybody_and_stay(zhang: Reader, li: Reader, project: str) -> None:
    finding = identity(vague(zhang.get(project)))
    page = zhang.post(f"{project}/decide", finding=finding, action="accept")
    assert "已采纳" in vague(page).text_content()
    page = li.post(f"{project}/decide", finding=finding, action="dismiss", text="年度总结中\n另有数字")
    assert vague(page).get("data-state") == "dismissed"
    zhang.post(f"{project}/decide", finding=finding, action="note", text="已与单位核对")
    zhang.post(f"{project}/decide", finding=finding, action="edit", text="改为“提高 5 个百分点”")
    page = li.get(project)
    said = vague(page).text_content()
    for text in ("不采纳的理由：年度总结中\n另有数字", "备注：已与单位核对", "改为“提高 5 个百分点”", "（已修改；原为"):
        assert text in said
    history = [" ".join(one.text_content().split()) for one in vague(page).xpath(".//details[@class='history']//li")]
    assert [line.partition("：")[0].split("，")[0] for line in history] == ["张三", "李四", "张三", "张三"]
    page = zhang.post(f"{project}/decide", finding=finding, action="reopen")
    assert vague(page).get("data-state") == "open"


def test_progress_and_a_score_without_what_was_dismissed(zhang: Reader, project: str) -> None:
    before = zhang.get(project)
    total = sum("文档" not in one.get("aria-label") for one in findings(before))
    assert f"已处理 0/{total}" in words(before)
    after = zhang.post(f"{project}/decide", finding=identity(vague(before)), action="dismiss", text="可以")
    assert f"已处理 1/{total}" in words(after)
    assert "除去不采纳的问题" in words(after)


@pytest.mark.parametrize(("scope", "here", "there"), [("one", 1, 0), ("project", 2, 0), ("batch", 2, 1)])
def test_all_of_a_rule_at_once(zhang: Reader, scope: str, here: int, there: int) -> None:
    text = DOCUMENT.replace("A0", f"C{scope}-").replace("显著提升", "进一步提升")
    project = f"{handed_in(zhang.client, zhang.csrf, {'目标.txt': text.encode()})}/d/0/p/0"
    finding = vague(zhang.get(project))
    rule = str(finding.get("aria-label")).partition(" ")[0]
    assert len(findings(zhang.get(project), rule)) == 2
    page = zhang.post(f"{project}/decide", finding=identity(finding), action="dismiss", text="本批都如此", scope=scope)
    other = zhang.get(project[:-1] + "1")
    for response, expected in ((page, here), (other, there)):
        assert sum(one.get("data-state") == "dismissed" for one in findings(response, rule)) == expected
    if here + there > 1:
        assert f"已处理 {here + there} 处问题" in words(page)


def test_what_others_decided_stays_when_a_rule_is_dismissed(zhang: Reader, li: Reader, project: str) -> None:
    other = vague(zhang.get(project[:-1] + "1"))
    li.post(f"{project[:-1]}1/decide", finding=identity(other), action="accept")
    zhang.post(
        f"{project}/decide", finding=identity(vague(zhang.get(project))), action="dismiss", text="不", scope="batch"
    )
    assert vague(zhang.get(project[:-1] + "1")).get("data-state") == "accepted"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"action": "dismiss"}, 422, "请写明不采纳的理由"),
        ({"action": "dismiss", "text": "  "}, 422, "请写明不采纳的理由"),
        ({"action": "note", "text": "长" * 2_001}, 422, "最多 2000 字"),
        ({"action": "remove"}, 422, "请选择"),
        ({"action": "accept", "finding": "0123"}, 404, "这个问题已经不在了"),
        ({"action": "accept", "csrf": "other"}, 403, "页面已过期"),
    ],
)
def test_what_is_no_decision(zhang: Reader, project: str, fields: dict[str, str], status: int, said: str) -> None:
    finding = identity(vague(zhang.get(project)))
    page = zhang.post(f"{project}/decide", status, **{"finding": finding, **fields})
    assert said in words(page)
    assert vague(zhang.get(project)).get("data-state") == "open"


def correction(response: Any) -> dict[str, str]:
    """The fields of the form that puts a row right, as a browser would send them."""
    form = shown(response).xpath("//form[contains(@class, 'correct')]")[0]
    fields = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input")}
    # A browser leaves out the line end after <textarea>.
    fields |= {one.get("name"): (one.text or "").removeprefix("\n") for one in form.xpath(".//textarea")}
    del fields["csrf"]
    return fields


def test_a_cell_is_put_right_and_the_rules_run_again(zhang: Reader, li: Reader, project: str) -> None:
    fields = correction(zhang.get(f"{project}?correct=2"))
    assert (fields["row"], fields["raw_value"], fields["name"]) == ("2", "进一步提高", "业务水平")
    page = zhang.post(f"{project}/correct", **{**fields, "raw_value": "≥80%"})
    changed = shown(page).xpath("//section[@id='changed']")[0].text_content()
    assert "消失的问题（" in changed
    assert "进一步提高" in changed
    row = shown(page).xpath("//tr[@id='row-2']")[0].text_content()
    for text in ("≥80%", "更正：原读作“进一步提高”，张三", "不低于 80%"):
        assert text in row
    assert "更正 业务水平 的指标值" in words(page)
    # Back to what was vague: what is new is said as well.
    fields = correction(li.get(f"{project}?correct=2"))
    page = li.post(f"{project}/correct", **{**fields, "raw_value": "进一步提高"})
    assert "新出现的问题（" in shown(page).xpath("//section[@id='changed']")[0].text_content()


def test_two_who_put_one_row_right(zhang: Reader, li: Reader, project: str) -> None:
    one, other = correction(zhang.get(f"{project}?correct=0")), correction(li.get(f"{project}?correct=0"))
    zhang.post(f"{project}/correct", **{**one, "raw_value": "≥310人"})
    page = li.post(f"{project}/correct", **{**other, "name": "培训总人数"})
    row = shown(page).xpath("//tr[@id='row-0']")[0].text_content()
    assert "≥310人" in row
    assert "培训总人数" in row


def test_nothing_is_put_right_where_nothing_differs(zhang: Reader, project: str) -> None:
    page = zhang.post(f"{project}/correct", **correction(zhang.get(f"{project}?correct=0")))
    assert not shown(page).xpath("//*[@class='put-right']")
    zhang.post(f"{project}/correct", 404, row="99", name="x")
    zhang.post(f"{project}/correct", 404, row="-1", name="x")
    zhang.post(f"{project}/correct", 422, row="0", **{"was-name": "", "name": "长" * 2_001})


def test_the_source_of_a_text(zhang: Reader, project: str) -> None:
    link = vague(zhang.get(project)).xpath(".//a[@data-source]/@href")[0]
    assert shown(zhang.get(link)).xpath("//mark")[0].text == "进一步提高"
    assert "业务水平" in words(zhang.get(link))
    zhang.get(f"{project.partition('/p/')[0]}/source?project=0&finding=0", 404)


def test_the_page_of_a_pdf_with_the_place_marked(zhang: Reader, rendered: str) -> None:
    page = shown(zhang.get(f"{rendered}/d/0/source?project=0&row=0"))
    address = page.xpath("//img/@src")[0]
    pictures = [zhang.get(address), zhang.get(address.replace("row=0", "row=2"))]
    for picture in pictures:
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG\r\n")
    assert pictures[0].content != pictures[1].content
    zhang.get(f"{rendered}/d/1/page.png?project=0&row=0", 404)


def test_the_place_in_word_and_excel(zhang: Reader, rendered: str) -> None:
    for document, place in ((1, "第2个表第8行"), (2, "工作表“表1”F10")):
        page = zhang.get(f"{rendered}/d/{document}/source?project=0&row=0")
        assert place in words(page)
        assert len(shown(page).xpath("//tr[@class='here']")) == 1


def test_nobody_unknown_and_nothing_there(zhang: Reader, project: str) -> None:
    stranger = TestClient(zhang.client.app)
    for path in (project, f"{project}/sheet", f"{project}/sheet.docx", f"{project.partition('/p/')[0]}/source?row=0"):
        response = stranger.get(path, headers=BROWSER, follow_redirects=False)
        assert (response.status_code, response.headers["location"][:14]) == (303, "/sign-in?next=")
    for path in (f"{project}9", f"{project}/x", project.replace("/d/0", "/d/7"), f"{project}9/sheet"):
        zhang.get(path, 404)


def test_nothing_of_a_document_becomes_markup(zhang: Reader) -> None:
    batch = handed_in(zhang.client, zhang.csrf, {"坏.txt": hostile().encode()})
    project = f"{batch}/d/0/p/0"
    page = zhang.get(project)
    harmless(page)
    for finding in findings(page)[:3]:
        evil = "'\"><script>alert(1)</script>{{7*7}}"
        for action in ("dismiss", "edit", "note"):
            harmless(zhang.post(f"{project}/decide", finding=identity(finding), action=action, text=evil))
    harmless(zhang.get(f"{project}?correct=0"))
    harmless(zhang.get(f"{batch}/d/0/source?project=0&row=0"))
    harmless(zhang.post(f"{project}/sheet", opinion="<script>alert(1)</script>{{7*7}}"))


def test_the_sheet_is_filled_in_and_exported(zhang: Reader, li: Reader, project: str) -> None:
    accepted, dismissed = (
        vague(zhang.get(project)),
        shown(zhang.get(project)).xpath("//article[starts-with(@aria-label, 'VAG')][contains(., '显著提升')]")[0],
    )
    zhang.post(f"{project}/decide", finding=identity(accepted), action="accept")
    zhang.post(f"{project}/decide", finding=identity(accepted), action="edit", text="写明提高几个百分点")
    zhang.post(f"{project}/decide", finding=identity(dismissed), action="dismiss", text="有附件")
    page = zhang.get(f"{project}/sheet")
    assert "写明提高几个百分点" in words(page)
    assert "显著提升" not in words(page)
    points = shown(page).xpath("//input[starts-with(@name, 'points-')]/@name")
    fields = dict.fromkeys(points, "1.5") | {
        "grade": "良",
        "opinion": "总体可行，\n按意见修改。",
        "opinion-相关性": "需要细化",
    }
    page = zhang.post(f"{project}/sheet", seen="", **fields)
    assert "张三 保存于" in words(page)
    assert shown(page).xpath("//input[@name='grade'][@checked]/@value") == ["良"]

    word = docx.Document(io.BytesIO(li.get(f"{project}/sheet.docx").content))
    printed = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(li.get(f"{project}/sheet.xlsx").content))
    written = "\n".join(str(value) for sheet in book for row in sheet.values for value in row if value is not None)
    for text in (printed, written):
        for expected in ("写明提高几个百分点", "已采纳", "按意见修改。", "需要细化", "张三", "1.5"):
            assert expected in text
        assert "显著提升" not in text


def test_two_who_fill_in_one_sheet(zhang: Reader, li: Reader, project: str) -> None:
    zhang.post(f"{project}/sheet", seen="", opinion="张三的意见")
    page = li.post(f"{project}/sheet", 409, seen="", opinion="李四的意见")
    assert "张三在您填写时另存了一份" in words(page)
    assert shown(page).xpath("//textarea[@name='opinion']")[0].text.strip() == "李四的意见"
    seen = shown(page).xpath("//input[@name='seen']/@value")[0]
    page = li.post(f"{project}/sheet", seen=seen, opinion="李四的意见")
    for text in ("李四 保存于", "张三的意见", "李四的意见"):
        assert text in words(page)


def test_a_sheet_whose_batch_is_deleted_meanwhile(zhang: Reader, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise sheets.Gone

    monkeypatch.setattr(sheets, "save", gone)
    assert "没有这个项目" in words(zhang.post(f"{project}/sheet", 404, seen="", opinion="x"))


@pytest.mark.parametrize("points", ["-1", "1000", "x", "NaN", "1e999999", "９"])
def test_points_that_cannot_be(zhang: Reader, project: str, points: str) -> None:
    page = zhang.get(f"{project}/sheet")
    name = shown(page).xpath("//input[starts-with(@name, 'points-')]/@name")[0]
    page = zhang.post(f"{project}/sheet", 422, **{name: points, "opinion": "还在"})
    assert "人工评分应为 0 至" in words(page)
    assert "还在" in words(page)
    assert "保存于" not in words(zhang.get(f"{project}/sheet"))


def test_the_marked_copy_leaves_out_what_was_dismissed(zhang: Reader, rendered: str) -> None:
    def notes() -> str:
        book = openpyxl.load_workbook(io.BytesIO(zhang.get(f"{rendered}/d/2/marked").content))
        return "\n".join(cell.comment.text for sheet in book for row in sheet.rows for cell in row if cell.comment)

    finding = findings(zhang.get(f"{rendered}/d/2/p/0"))[0]
    message = finding.xpath(".//p[@class='finding-message']")[0].text
    before = notes().count(message)
    assert before
    fields = {"finding": identity(finding), "action": "dismiss", "text": "不成立"}
    zhang.post(f"{rendered}/d/2/p/0/decide", **fields)
    assert notes().count(message) == before - 1
    assert "只有 Word（docx）和 Excel（xlsx）" in words(zhang.get(f"{rendered}/d/0/marked", 422))
