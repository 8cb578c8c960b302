"""How the tests of the pages behave as a browser: sign in, hand documents in, look at what is shown."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient
from lxml import html

SECONDS = 60.0
BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}

# What no page may take for its own markup or its template's.
EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}&amp;"""


def hostile(text: str = EVIL) -> str:
    """A document whose every text is ``text``."""
    return "\n".join(
        (
            f"612 {text}",
            "预算年度：2024",
            f"1、{text}绩效目标表",
            "单位：万元",
            f"项目编码\t{text}\t\t项目名称\t{text}\t\t",
            "预算规模及资金用途\t预算数\t0.40\t其中：财政资金\t0.40\t其他资金\t",
            f"\t{text}\t\t\t\t\t",
            "资金支出计划（%）\t3月底\t\t6月底\t10月底\t12月底\t",
            f"\t{text}\t\t0.20\t0.30\t0.40\t",
            f"绩效目标\t1. {text}\t\t\t\t\t",
            "一级指标\t二级指标\t三级指标\t绩效指标描述\t\t指标值\t指标值确定依据",
            f"产出指标\t数量指标\t{text}\t{text}\t\t{text}\t{text}",
            f"\t质量指标\t{text}合格率\t{text}\t\t较好{text}\t{text}",
            f"\t{text}\t{text}\t{text}\t\t是/否\t{text}",
            f"效益指标\t社会效益指标\t{text}\t{text}\t\t进一步提高\t{text}",
            "",
        )
    )


def signed_in(client: TestClient, name: str = "张三") -> str:
    """Sign in by name; the token for forms."""
    assert client.post("/sign-in", data={"name": name}, headers=BROWSER, follow_redirects=False).status_code == 303
    return token(client.get("/", headers=BROWSER))


def token(response: Any) -> str:
    """The token of the forms on a page."""
    found: str = shown(response).xpath("//input[@name='csrf']/@value")[0]
    return found


def handed_in(client: TestClient, csrf: str, files: Mapping[str, bytes], **fields: str) -> str:
    """Upload files and wait until they are read; the address of the batch."""
    response = client.post(
        "/upload", data={"csrf": csrf, **fields}, files=[("files", item) for item in files.items()], headers=BROWSER,
        follow_redirects=False,
    )  # fmt: skip
    assert response.status_code == 303, response.text
    batch: str = response.headers["location"]
    waited_for(client, batch)
    return batch


def waited_for(client: TestClient, batch: str) -> None:
    """Wait until a batch is read."""
    late = time.monotonic() + SECONDS
    while client.get(f"{batch}/progress").json()["state"] in ("queued", "running"):
        assert time.monotonic() < late
        time.sleep(0.05)


def shown(response: Any) -> html.HtmlElement:
    """The page in an answer, which must be one."""
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(response.text)


def words(response: Any) -> str:
    """What a reader sees of it, in one line."""
    return " ".join(shown(response).text_content().split())


def harmless(response: Any) -> None:
    """Nothing on the page comes from what was sent: no script but our files, no handler, no style, no picture."""
    page = shown(response)
    assert all(src.startswith("/static/") for src in page.xpath("//script/@src"))
    assert not page.xpath("//script[not(@src)] | //style | //img[not(starts-with(@src, '/'))] | //iframe | //object")
    assert not page.xpath("//@*[starts-with(name(), 'on')] | //@style | //@formaction")
    assert not page.xpath("//@href[starts-with(., 'javascript:')]")
    assert "alert(1)49" not in response.text
    assert ">49" not in response.text
