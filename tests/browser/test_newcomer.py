"""A newcomer's path in a real Chromium: three documents in, decide, put right, export, restart, all still there."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.samples import RENDERED
from tests.browser.running import Server
from tests.browser.seen import Seen, check
from tests.browser.test_pages import sign_in

PDF, EXCEL, TEXT = (RENDERED / f"nandagang-2020.{form}" for form in ("ruled.pdf", "excel.xlsx", "tab_rows.txt"))
_READ = 60_000


def upload(page: Page, *documents: Path) -> None:
    """Hand documents in and wait until they are read."""
    page.get_by_label("选择文件").set_input_files(documents)
    page.get_by_role("button", name="上传并审核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成", timeout=_READ)


def open_project(page: Page, number: int = 0) -> None:
    page.get_by_role("table", name="本批的项目").locator("tbody a").nth(number).click()
    expect(page.get_by_role("link", name="审核意见表")).to_be_visible()


def downloaded(page: Page, name: str) -> bytes:
    """The file that a link gives."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


def state(finding: Locator, words: str) -> None:
    expect(finding.locator(".state")).to_have_text(words)


def test_the_path_of_a_newcomer(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    seen = Seen(page)
    try:
        sign_in(page, server, "王新")
        upload(page, PDF, EXCEL, TEXT)
        expect(page.get_by_role("table", name="本批的项目")).to_contain_text("nandagang-2020.excel.xlsx")
        open_project(page)
        project = page.url

        accepted, dismissed = (page.locator(f"#{identity}") for identity in _first_two(page))
        accepted.get_by_role("button", name="采纳", exact=True).click()
        state(accepted, "已采纳")
        dismissed.locator("summary", has_text="不采纳").click()
        dismissed.get_by_label("不采纳的理由").fill("该指标另有附件说明")
        dismissed.get_by_role("button", name="确定不采纳").click()
        state(dismissed, "不采纳")

        page.locator("#row-1").get_by_role("link", name="更正").click()
        page.get_by_role("textbox", name="指标值", exact=True).fill("≥77%")
        page.get_by_role("button", name="更正并重新运行规则").click()
        expect(page.locator("#changed")).to_contain_text("规则已重新运行")
        expect(page.locator("#row-1")).to_contain_text("不低于 77%")

        page.get_by_role("link", name="审核意见表").click()
        page.get_by_label("综合意见").fill("同意，按意见修改后上报。")
        page.get_by_label("良", exact=True).check()
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#saved")).to_contain_text("王新")
        _exports(page)

        server.stop()
        server.start()
        page.goto(project)
        state(accepted, "已采纳")
        state(dismissed, "不采纳")
        expect(dismissed).to_contain_text("该指标另有附件说明")
        expect(page.locator("#row-1")).to_contain_text("更正：原读作")
        expect(page.locator("#row-1")).to_contain_text("≥77%")
        page.get_by_role("link", name="审核意见表").click()
        expect(page.get_by_label("综合意见")).to_have_value("同意，按意见修改后上报。")
        expect(page.get_by_label("良", exact=True)).to_be_checked()
        _exports(page)
        assert seen.faults == []
    finally:
        context.close()
        server.stop()


def _first_two(page: Page) -> list[str]:
    """The ids of the first two findings outside of the row that is put right."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("[data-finding]")]
          .filter((each) => each.closest("tr")?.previousElementSibling?.id !== "row-1").map((each) => each.id)"""
    )
    return found[:2]


def _exports(page: Page) -> None:
    word = docx.Document(io.BytesIO(downloaded(page, "导出 Word")))
    printed = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "导出 Excel")))
    written = "\n".join(str(value) for sheet in book for row in sheet.values for value in row if value is not None)
    for text in (printed, written):
        assert "同意，按意见修改后上报。" in text
        assert "已采纳" in text
        assert "王新" in text


@pytest.fixture(scope="module")
def project(browser: Browser, server: Server) -> str:
    """The address of a project of a PDF, of which nothing is decided by the tests that look at it."""
    page = browser.new_page()
    sign_in(page, server)
    upload(page, PDF, EXCEL)
    open_project(page)
    address = page.url
    page.close()
    return address


def test_the_pages_of_a_project(
    page: Page, server: Server, project: str, axe: str, size: str, screenshots: Path | None
) -> None:
    """Each at both widths: no serious violation, nothing off the screen, nothing in the console."""
    sign_in(page, server)
    document = project.partition("/p/")[0]
    pages = {
        "project": project,
        "correct": f"{project}?correct=0",
        "head": f"{project}?head=1",
        "source": f"{document}/source?project=0&row=2",
        "sheet": f"{project}/sheet",
    }
    for name, address in pages.items():
        page.goto(address)
        check(page, axe, size, name, screenshots)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        check(page, axe, size, f"{name}-open", screenshots)


def test_a_whole_review_by_keyboard(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page = context.new_page()
    seen = Seen(page)
    sign_in(page, server, "赵键")
    upload(page, TEXT)
    open_project(page, 1)
    for finding in page.locator("[data-finding]").all():  # of an earlier review: decisions follow a finding
        assert finding.get_attribute("data-state") == "open"
    first, second = page.locator("[data-finding]").nth(0), page.locator("[data-finding]").nth(1)
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("jjaadd 是备注，不是按键")
    page.keyboard.press("Control+Enter")
    expect(first).to_contain_text("备注：jjaadd 是备注，不是按键")
    state(first, "未处理")
    expect(first).to_be_focused()
    page.keyboard.press("a")
    state(first, "已采纳")
    expect(second).to_be_focused()  # what is to be decided next
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("写明数量")
    page.keyboard.press("Control+Enter")
    expect(second).to_contain_text("建议：写明数量")
    page.keyboard.press("d")
    expect(second.get_by_label("不采纳的理由")).to_be_focused()
    page.keyboard.type("理由")
    page.keyboard.press("Escape")
    expect(second).to_be_focused()
    page.keyboard.press("d")
    page.keyboard.press("Control+Enter")
    state(second, "不采纳")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".source-panel mark")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    assert seen.faults == []
    context.close()


def test_two_reviewers_see_each_other_and_lose_nothing(browser: Browser, server: Server, tmp_path: Path) -> None:
    document = tmp_path / "两人.txt"
    document.write_text(TEXT.read_text("utf-8").replace("2020", "2021"), "utf-8")
    pages = [browser.new_context(locale="zh-CN").new_page() for _ in range(2)]
    for page, name in zip(pages, ("钱一", "孙二"), strict=True):
        sign_in(page, server, name)
    one, other = pages
    upload(one, document)
    open_project(one)
    other.goto(one.url)
    first, second = (one.locator("[data-finding]").nth(n) for n in range(2))
    first.get_by_role("button", name="采纳", exact=True).click()
    state(first, "已采纳")
    # The other one has begun to write a remark, and decides something else: both stay.
    third = other.locator("[data-finding]").nth(2)
    third.locator("summary", has_text="备注").click()
    third.get_by_role("textbox", name="备注").fill("写到一半")
    state(other.locator("[data-finding]").nth(0), "未处理")
    other.locator("[data-finding]").nth(1).get_by_role("button", name="采纳", exact=True).click()
    state(other.locator("[data-finding]").nth(0), "已采纳")
    expect(third.get_by_role("textbox", name="备注")).to_have_value("写到一半")
    one.reload()
    state(second, "已采纳")
    for page in pages:
        page.context.close()


def test_a_review_without_script(browser: Browser, server: Server, tmp_path: Path) -> None:
    document = tmp_path / "无脚本.txt"
    document.write_text(TEXT.read_text("utf-8").replace("2020", "2022"), "utf-8")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, server, "周无")
    upload(page, document)
    open_project(page)
    finding = page.locator("[data-finding]").nth(0)
    finding.locator("summary", has_text="不采纳").click()
    finding.get_by_label("不采纳的理由").fill("无脚本也行")
    finding.get_by_role("button", name="确定不采纳").click()
    state(finding, "不采纳")
    finding.get_by_role("link", name="查看原文").click()
    expect(page.locator("mark")).to_be_visible()
    context.close()
