"""The pages in a real Chromium, on a desk and on a phone; with a mouse, by keyboard, and without script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.samples import RENDERED, TABLE
from tests.browser.running import Server
from tests.browser.seen import Seen, beyond, check, small_targets, violations

DOCUMENTS = [RENDERED / name for name in ("nanguan-2024.tab_rows.txt", "nandagang-2020.word.docx")]
_READ = 60_000


def sign_in(page: Page, server: Server, name: str = "张三") -> None:
    """Sign in by name."""
    page.goto(f"{server.address}/")
    page.get_by_label("姓名").fill(name)
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", name="绩效目标审核")).to_be_visible()


@pytest.fixture(scope="session")
def batch(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a batch with two years of an office, another office, and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "坏文件.docx").write_bytes(b"PK\x03\x04")
    (folder / "上一年.txt").write_text(DOCUMENTS[0].read_text("utf-8").replace("2024", "2023"), "utf-8")
    page = browser.new_page()
    sign_in(page, server)
    page.get_by_label("选择文件").set_input_files([*DOCUMENTS, *folder.iterdir()])
    page.get_by_role("button", name="上传并审核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成", timeout=_READ)
    address = page.url
    page.close()
    return address


def test_every_page(page: Page, server: Server, batch: str, axe: str, size: str, screenshots: Path | None) -> None:
    """Each page at both widths: no serious violation, nothing off the screen, nothing in the console."""
    page.goto(f"{server.address}/")
    check(page, axe, size, "sign-in", screenshots)
    sign_in(page, server)
    identity = batch.rpartition("/")[2]
    page.goto(batch)
    twins = page.locator("a[href^='/compare?left']").first.get_attribute("href")
    paths = {
        "home": "/",
        "batch": f"/batches/{identity}",
        "filtered": f"/batches/{identity}?severity=error&sort=score",
        "nothing": f"/batches/{identity}?q=没有这个",
        "rules": "/rules",
        "rule": "/rules/VAG001",
        "try": "/try?text=≥90%25",
        "choose": "/compare",
        "choose-other": f"/compare?left={identity}.0.0",
        "compare": f"{twins}",
        "unknown": "/none",
    }
    for name, path in paths.items():
        page.goto(server.address + path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        check(page, axe, size, name, screenshots)


def test_documents_are_dropped_on_the_page(page: Page, server: Server) -> None:
    sign_in(page, server)
    dropped = page.evaluate_handle(
        """([one, other]) => {
          const sent = new DataTransfer();
          sent.items.add(new File([one], "一.txt"));
          sent.items.add(new File([other], "二.txt"));
          return sent;
        }""",
        [TABLE, TABLE],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("[data-drop]", event, {"dataTransfer": dropped})
    expect(page.locator("[data-chosen]")).to_contain_text("已选 2 个文件")
    page.get_by_role("button", name="上传并审核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成", timeout=_READ)
    expect(page.get_by_role("table", name="本批的项目")).to_contain_text("二.txt")


def test_what_is_too_much_is_not_sent(page: Page, server: Server) -> None:
    sign_in(page, server)
    page.evaluate("document.querySelector('[data-upload]').dataset.mostFiles = 1")
    page.get_by_label("选择文件").set_input_files(DOCUMENTS)
    expect(page.locator("[data-chosen]")).to_contain_text("一批最多 1 个文件，现有 2 个")
    page.get_by_role("button", name="上传并审核").click()
    assert page.url == f"{server.address}/"


def test_a_value_is_read_while_it_is_written(page: Page, server: Server) -> None:
    sign_in(page, server)
    page.goto(f"{server.address}/try")
    result = page.locator("[data-result]")
    expect(result).to_be_hidden()
    page.get_by_label("指标值").press_sequentially("≥90")
    expect(result).to_contain_text("不低于 90")
    page.get_by_label("计量单位").fill("%")
    expect(result).to_contain_text("不低于 90%")
    page.get_by_label("指标值").fill("<b>较好</b>")
    expect(result.locator("[data-kind]")).to_have_text("文字")
    page.get_by_label("指标值").fill("")
    expect(result).to_be_hidden()


def test_by_keyboard_alone(page: Page, server: Server, batch: str) -> None:
    sign_in(page, server)
    page.goto(batch)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_label("查找").focus()
    page.keyboard.type("车辆")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    for row in page.get_by_role("table", name="本批的项目").locator("tbody tr").all():
        expect(row).to_contain_text("车辆")
    outline = page.get_by_label("查找").evaluate("each => (each.focus(), getComputedStyle(each).outlineWidth)")
    assert outline == "3px"


def test_a_choice_filters_at_once(page: Page, server: Server, batch: str) -> None:
    sign_in(page, server)
    page.goto(batch)
    page.get_by_label("级别").select_option("错误")
    page.wait_for_url("**severity=error*")
    expect(page.get_by_label("级别")).to_have_value("error")


def test_everything_works_without_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    seen = Seen(page)
    sign_in(page, server, "李四")
    page.get_by_label("从 Excel、Word 或网页复制的表格").fill(TABLE)
    page.get_by_role("button", name="审核", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成", timeout=_READ)  # the page asks by itself
    page.get_by_label("级别").select_option("警告")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**severity=warning*")
    page.get_by_role("link", name="试一试").click()
    page.get_by_label("指标值").fill("12月底前")
    page.get_by_role("button", name="识别").click()
    expect(page.locator("[data-result]")).to_contain_text("不晚于")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert seen.faults == []
    context.close()


def test_a_batch_is_deleted_after_a_second_word(page: Page, server: Server) -> None:
    sign_in(page, server)
    page.get_by_label("从 Excel、Word 或网页复制的表格").fill(TABLE)
    page.get_by_role("button", name="审核", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已完成", timeout=_READ)
    address = page.url
    expect(page.get_by_role("button", name="确定删除")).to_be_hidden()
    page.get_by_text("删除本批").click()
    page.get_by_role("button", name="确定删除").click()
    page.wait_for_url(f"{server.address}/")
    page.goto(address)
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()


def test_the_checks_find_what_they_look_for(browser: Browser, axe: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    seen = Seen(page)
    page.set_content(
        '<main><input><p style="color: #ccc">看不清的文字</p><p style="width: 900px">宽</p><script>x()</script></main>'
    )
    found = " ".join(violations(page, axe))
    assert "label" in found
    assert "color-contrast" in found
    assert beyond(page)
    assert small_targets(page, 44)
    assert any("x is not defined" in fault for fault in seen.faults)
    page.close()
