"""The pages' frame, the lists, the manual, the try-it box and the comparison, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store import batches as stored
from api.store import decisions, lists, reviewers
from api.store.store import Store
from kpi.rules import RULES
from tests.api.browsing import BROWSER, EVIL, handed_in, harmless, hostile, shown, signed_in, token, waited_for, words
from tests.api.samples import RENDERED, TABLE, answered, refused
from tests.office import zipped

NANGUAN = RENDERED / "nanguan-2024.tab_rows.txt"
XIGANG = RENDERED / "xigang-2025.tab_rows.txt"
EVIL_NAME = '"><img src=x onerror=alert(1)>{{7*7}}.txt'
PAGES = ("/", "/rules", "/rules/VAG001", "/try", "/try?text=%E2%89%A590%25", "/compare")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser that is signed in."""
    told = Settings(data=tmp_path_factory.mktemp("pages"), database="", workers=1, open=True)
    with TestClient(create_app(told), raise_server_exceptions=False) as client:
        signed_in(client)
        yield client


@pytest.fixture(scope="module")
def csrf(reader: TestClient) -> str:
    return token(reader.get("/", headers=BROWSER))


@pytest.fixture(scope="module")
def batch(reader: TestClient, csrf: str) -> str:
    """Two years of two offices, what cannot be read and what holds no table."""
    documents = {path.name: path.read_bytes() for path in (NANGUAN, XIGANG)}
    earlier = NANGUAN.read_text(encoding="utf-8").replace("2024", "2023")
    documents |= {"earlier.txt": earlier.encode(), "坏.docx": b"PK\x03\x04", "信.txt": "你好，没有表。".encode()}
    return handed_in(reader, csrf, documents, title="两个街道")


def store(client: TestClient) -> Store:
    found: Store = client.app.state.service.store  # type: ignore[attr-defined]
    return found


# ------------------------------------------------------------------------------------------ who may come in


def test_every_page_answers(reader: TestClient, batch: str) -> None:
    for path in (*PAGES, batch, f"{batch}?page=99"):
        response = reader.get(path, headers=BROWSER)
        assert response.status_code == 200, path
        harmless(response)
        page = shown(response)
        assert page.get("lang") == "zh-CN"
        assert len(page.xpath("//h1")) == 1
        assert page.xpath("//title/text()")[0].endswith("绩效目标审核")
        unlabelled = "//*[self::input[not(@type='hidden')] or self::select or self::textarea][not(@id = //label/@for)]"
        assert not page.xpath(unlabelled), path
        assert all("post" not in form.get("method") or form.xpath(".//input[@name='csrf']") for form in page.forms)


def test_without_a_session_a_page_leads_to_the_sign_in(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        for path in (*PAGES, "/batches/abc", "/batches/abc/progress"):
            response = client.get(path, headers=BROWSER, follow_redirects=False)
            assert response.status_code == 303
            assert response.headers["location"] == f"/sign-in?next={quote(path, safe='/')}"
        for path in ("/upload", "/sign-out", "/batches/abc/delete", "/batches/abc/cancel"):
            response = client.post(path, data={"csrf": "x"}, headers=BROWSER, follow_redirects=False)
            assert (response.status_code, response.headers["location"][:14]) == (303, "/sign-in?next=")


def test_sign_in_leads_back_and_out_ends_the_session(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        form = shown(client.get("/try?text=%26", headers=BROWSER)).forms[0]
        assert form.fields["next"] == "/try?text=%26"
        response = client.post("/sign-in", data={"name": "李四", "next": form.fields["next"]}, headers=BROWSER)
        assert (response.url.path, response.url.query) == ("/try", b"text=%26")
        assert "李四" in words(response)
        cookie = client.cookies["kpi_session"]
        client.post("/sign-out", data={"csrf": token(response)}, headers=BROWSER)
        assert "kpi_session" not in client.cookies
        client.cookies.set("kpi_session", cookie)
        assert client.get("/", headers=BROWSER, follow_redirects=False).status_code == 303


def test_the_cookie_is_for_our_pages_alone(tmp_path: Path) -> None:
    for base, secure in (("http://testserver", False), ("https://testserver", True)):
        app = create_app(Settings(data=tmp_path, database="", workers=1, open=True))
        with TestClient(app, base_url=base) as client:
            sent = client.post("/sign-in", data={"name": "张三"}, headers=BROWSER, follow_redirects=False)
        cookie = sent.headers["set-cookie"].lower()
        assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/"))
        assert ("secure" in cookie) is secure


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "evil",
        "/\t/evil.example", "/a\r\nset-cookie: x=1", "/a b", "", "/../\\x", "/%0d\u2028",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_the_sign_in(reader: TestClient, path: str) -> None:
    signed = reader.get("/sign-in", params={"next": path}, headers=BROWSER, follow_redirects=False)
    assert signed.headers["location"] == "/"
    sent = TestClient(reader.app).post(
        "/sign-in", data={"name": "张三", "next": path}, headers=BROWSER, follow_redirects=False
    )
    assert sent.headers["location"] == "/"


def test_a_name_must_be_given_and_is_only_a_name(reader: TestClient) -> None:
    for name in ("", "   ", "\u202e\u200b", "///"):
        response = reader.post("/sign-in", data={"name": name}, headers=BROWSER)
        assert response.status_code == 422
        assert "请写姓名" in words(response)


def test_a_closed_service_asks_for_the_key(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        signed_in(client, "外人")
        key = reviewers.add(store(client), "王五")
        left = client.get("/", headers=BROWSER, follow_redirects=False)
        assert left.status_code == 303  # the name alone is worth nothing any more
        assert client.get("/v1/batches/abc").status_code == 401
        for fields in ({"name": "王五"}, {"key": "wrong"}, {"key": ""}, {"name": "王五", "key": f"{key}x"}):
            response = client.post("/sign-in", data=fields, headers=BROWSER)
            assert response.status_code == 422
            assert "密钥无效" in words(response)
        assert "王五" in words(client.post("/sign-in", data={"key": f" {key} "}, headers=BROWSER))
        reviewers.disable(store(client), "王五")
        reviewers.add(store(client), "赵六")
        assert client.get("/", headers=BROWSER, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("sent", [None, "", "x", "é", "x" * 10_000])
def test_a_form_without_its_token_changes_nothing(reader: TestClient, batch: str, sent: str | None) -> None:
    data = {} if sent is None else {"csrf": sent}
    for path in ("/sign-out", "/upload", f"{batch}/cancel", f"{batch}/delete"):
        response = reader.post(path, data={**data, "text": TABLE}, headers=BROWSER)
        assert response.status_code == 403, path
        assert "页面已过期" in words(response)
    assert reader.get(batch, headers=BROWSER).status_code == 200


def test_a_token_of_another_session_is_refused(reader: TestClient, batch: str) -> None:
    _, other = reviewers.sign_in(store(reader), "李四")
    response = reader.post(f"{batch}/delete", data={"csrf": other.csrf}, headers=BROWSER)
    assert response.status_code == 403


def test_another_site_cannot_send_a_form(reader: TestClient, csrf: str, batch: str) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}):
        for path in ("/sign-in", f"{batch}/delete"):
            response = reader.post(path, data={"csrf": csrf, "name": "x"}, headers={**BROWSER, **headers})
            assert response.status_code == 403
            assert "其他网站" in words(response)


def test_the_session_serves_the_api_with_the_token_alone(reader: TestClient, csrf: str) -> None:
    body = {"values": ["≥90%"], "explain": True}
    refused(reader.post("/v1/values", json=body), 403, "csrf")
    refused(reader.post("/v1/values", json=body, headers={"x-csrf-token": "x"}), 403, "csrf")
    said = answered(reader.post("/v1/values", json=body, headers={"x-csrf-token": csrf}))["explained"]
    assert said == [{"said": "不低于 90%", "kind": "数量", "base": "0.9", "notes": []}]


def test_a_form_that_is_none_is_refused(reader: TestClient, csrf: str) -> None:
    for more in ({"x": "x" * 10**6}, {f"field{n}": "" for n in range(999)}):
        response = reader.post("/sign-out", headers=BROWSER, data={"csrf": csrf, **more})
        assert response.status_code == 400
        assert "表单内容不完整" in words(response)
    multipart = {**BROWSER, "content-type": "multipart/form-data; boundary=x"}
    assert reader.post("/upload", content=b"--x\r\nnonsense", headers=multipart).status_code in (400, 403)
    assert reader.post("/upload", content=b"csrf=x", headers=BROWSER).status_code == 403


# ------------------------------------------------------------------------------------------ errors, static files


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/none", 404, "没有这个地址"),
        ("/batches/abc", 404, "没有这个批次"),
        ("/batches/ABC", 422, "请求中有不符合要求的内容"),
        ("/rules/NONE", 404, "没有这条规则"),
        ("/rules/%3Cscript%3E", 404, "没有这条规则"),
        ("/compare?left=abc.0.0", 404, "没有这个项目"),
        ("/compare?left=x", 422, "请求中有不符合要求的内容"),
        ("/?page=x", 422, "应为整数"),
        ("/try?year=20255", 422, "不得超过 4 个字符"),
        (f"/batches/{'a' * 40}", 422, "请求中有不符合要求的内容"),
    ],
)
def test_errors_are_pages_for_browsers(reader: TestClient, path: str, status: int, text: str) -> None:
    response = reader.get(path, headers=BROWSER)
    assert response.status_code == status
    assert text in words(response)
    harmless(response)


def test_errors_stay_problems_for_programs(reader: TestClient) -> None:
    refused(reader.get("/none"), 404, "unknown_path")
    refused(reader.get("/v1/batches/abc", headers=BROWSER), 404, "unknown_batch")
    refused(reader.get("/static/x/style.css", headers=BROWSER), 404, "unknown_path")


def test_what_is_too_large_is_said_on_a_page(reader: TestClient) -> None:
    response = reader.post("/upload", headers={**BROWSER, "content-length": str(10**12)}, content=b"x")
    assert response.status_code == 413
    assert "内容过大" in words(response)


def test_static_files_are_kept_by_browsers(reader: TestClient) -> None:
    page = shown(reader.get("/", headers=BROWSER))
    for address in (*page.xpath("//link/@href"), *page.xpath("//script/@src")):
        response = reader.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        old = re.sub("/[0-9a-f]{16}/", "/0000000000000000/", address)
        assert reader.get(old).status_code == 404
    assert reader.get("/static/x/..%2f..%2fapp.py").status_code == 404


# ------------------------------------------------------------------------------------------ handing in


def test_pasted_text_is_a_batch(reader: TestClient, csrf: str) -> None:
    sent = {"csrf": csrf, "text": TABLE, "title": "粘贴", "fiscal_year": "2025", "retry": "one"}
    first = reader.post("/upload", data=sent, headers=BROWSER)
    waited_for(reader, first.url.path)
    page = words(reader.get(first.url.path, headers=BROWSER))
    assert "粘贴" in page
    assert "2025" in page
    assert reader.post("/upload", data=sent, headers=BROWSER).url == first.url  # sent twice
    other = reader.post("/upload", data={**sent, "text": TABLE + TABLE}, headers=BROWSER)
    assert other.url != first.url
    assert "粘贴的内容.txt" in words(reader.get(first.url.path, headers=BROWSER))


def test_a_zip_is_opened(reader: TestClient, csrf: str) -> None:
    batch = handed_in(reader, csrf, {"全部.zip": zipped({"一.txt": TABLE, "二.txt": TABLE})})
    page = words(reader.get(batch, headers=BROWSER))
    assert "全部.zip!一.txt" in page
    assert "全部.zip!二.txt" in page


@pytest.mark.parametrize(
    ("fields", "text"),
    [({}, "请选择文件"), ({"text": "  "}, "请选择文件"), ({"text": "x", "fiscal_year": "20x5"}, "预算年度应为")],
)
def test_what_cannot_be_taken_in_is_said(reader: TestClient, csrf: str, fields: dict[str, str], text: str) -> None:
    response = reader.post("/upload", data={"csrf": csrf, **fields}, headers=BROWSER)
    assert response.status_code == 422
    assert text in words(response)


def test_a_batch_is_deleted(reader: TestClient, csrf: str) -> None:
    batch = handed_in(reader, csrf, {"一.txt": TABLE.encode()})
    assert reader.post(f"{batch}/cancel", data={"csrf": csrf}, headers=BROWSER).status_code == 200
    assert reader.post(f"{batch}/delete", data={"csrf": csrf}, headers=BROWSER).url.path == "/"
    assert reader.get(batch, headers=BROWSER).status_code == 404
    assert reader.post(f"{batch}/delete", data={"csrf": csrf}, headers=BROWSER).status_code == 404


# ------------------------------------------------------------------------------------------ the lists


def rows(client: TestClient, address: str) -> list[str]:
    """The names of the projects that are listed."""
    page = shown(client.get(address, headers=BROWSER))
    names: list[str] = page.xpath("//table[caption='本批的项目']/tbody/tr/td[1]/a/strong/text()")
    return names


def test_the_batch_page_says_what_the_store_knows(reader: TestClient, batch: str) -> None:
    page = words(reader.get(batch, headers=BROWSER))
    assert "两个街道" in page
    assert "张三 提交于" in page
    reviews = [stored.document(store(reader), batch.rpartition("/")[2], n).review for n in range(3)]  # type: ignore[union-attr]
    summed = [review.summary for review in reviews if review is not None]
    figures = lists.figures(store(reader), batch.rpartition("/")[2])
    assert figures.projects == sum(each.projects for each in summed)
    assert figures.indicators == sum(each.indicators for each in summed)
    assert figures.errors == sum(each.findings.error for each in summed)
    assert figures.warnings == sum(each.findings.warning for each in summed)
    assert figures.infos == sum(each.findings.info for each in summed)
    share = sum(each.measurable for each in summed) / sum(each.filled for each in summed)
    assert f"量化率{share * 100:.1f}%" in page
    for name, reason in (("坏.docx", "damaged_file"), ("信.txt", "没有找到绩效目标表")):
        assert re.search(rf"{name}.{{0,60}}{reason}", page), name


def test_filters(reader: TestClient, batch: str) -> None:
    everything = rows(reader, batch)
    identity = batch.rpartition("/")[2]
    listed = lists.of_batch(store(reader), identity, lists.Wanted()).rows
    assert len(everything) == len(listed) == lists.figures(store(reader), identity).projects
    organisations = {one.organisation for one in listed}
    assert len(organisations) == 2
    for organisation in organisations:
        wanted = [one.name for one in listed if one.organisation == organisation]
        assert rows(reader, f"{batch}?organisation={quote(organisation or '')}") == wanted
    for severity, count in (("error", "errors"), ("warning", "warnings"), ("info", "infos")):
        found = rows(reader, f"{batch}?severity={severity}")
        assert 0 < len(found) <= len(everything)
        assert found == [one.name for one in listed if getattr(one, count)]
    rule = next(iter(lists.rules(store(reader), identity)))
    assert 0 < len(rows(reader, f"{batch}?rule={rule}")) < len(everything)
    assert rows(reader, f"{batch}?q=&organisation=&severity=&rule=&reviewed=&sort=&desc=") == everything  # as a form
    assert rows(reader, f"{batch}?rule=NONE") == []
    assert rows(reader, f"{batch}?organisation=-") == []
    assert rows(reader, f"{batch}?q={quote('车辆')}&severity=none") == [n for n in everything if "车辆" in n]
    assert rows(reader, f"{batch}?q=%25") == [n for n in everything if "%" in n]  # no wildcard
    code = listed[0].code or ""
    assert set(rows(reader, f"{batch}?q={code.lower()}")) == {one.name for one in listed if one.code == code}
    assert len(rows(reader, f"{batch}?q=earlier.txt")) == sum(one.label == "earlier.txt" for one in listed)


@pytest.mark.parametrize("key", lists.SORTS)
def test_sorting(reader: TestClient, batch: str, key: str) -> None:
    up = lists.of_batch(store(reader), batch.rpartition("/")[2], lists.Wanted(sort=key)).rows
    down = lists.of_batch(store(reader), batch.rpartition("/")[2], lists.Wanted(sort=key, descending=True)).rows

    def by(one: lists.Listed) -> Any:
        match key:
            case "findings":
                return one.errors, one.warnings, one.infos
            case "year":
                return one.fiscal_year
            case "reviewed":
                return 2 if not one.said else one.decided / one.said
        return getattr(one, key)

    known = [one for one in up if by(one) is not None]
    assert [by(one) for one in known] == sorted(by(one) for one in known)
    assert [by(one) for one in down if by(one) is not None] == [by(one) for one in reversed(known)]
    assert all(by(one) is None for one in (*up[len(known) :], *down[len(known) :]))
    assert reader.get(f"{batch}?sort={key}&desc=1", headers=BROWSER).status_code == 200


def test_the_state_of_review(reader: TestClient, csrf: str) -> None:
    batch = handed_in(reader, csrf, {"审.txt": XIGANG.read_bytes()})
    identity = batch.rpartition("/")[2]
    kept = stored.document(store(reader), identity, 0)
    assert kept is not None
    assert kept.review is not None
    first = kept.review.findings[0].project
    about = [finding for finding in kept.review.findings if finding.project == first]
    name = kept.extraction.projects[first].name if kept.extraction and first is not None else None
    assert name in rows(reader, f"{batch}?reviewed=open")
    decisions.add(store(reader), [(about[0].id, about[0].rule)], "accept", None, "张三")
    begun = "over" if len(about) == 1 else "begun"
    assert rows(reader, f"{batch}?reviewed={begun}") == [name]
    decisions.add(store(reader), [(each.id, each.rule) for each in about], "dismiss", "不适用", "李四")
    assert rows(reader, f"{batch}?reviewed=over") == [name]
    assert lists.figures(store(reader), identity).decided == len(about)
    decisions.add(store(reader), [(about[0].id, about[0].rule)], "note", "一句话", "张三")
    assert rows(reader, f"{batch}?reviewed=over") == [name]
    decisions.add(store(reader), [(each.id, each.rule) for each in about], "reopen", None, "张三")
    assert rows(reader, f"{batch}?reviewed=over") == []
    said = {one.name for one in lists.of_batch(store(reader), identity, lists.Wanted()).rows if not one.said}
    assert set(rows(reader, f"{batch}?reviewed=none")) == said


def test_long_lists_come_in_pages(reader: TestClient, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = rows(reader, f"{batch}?sort=name")
    monkeypatch.setattr(lists, "PAGE", 10)
    pages = -(-len(everything) // 10)
    paged = [name for n in range(1, pages + 1) for name in rows(reader, f"{batch}?sort=name&page={n}")]
    assert paged == everything
    last = shown(reader.get(f"{batch}?sort=name&page={pages}", headers=BROWSER))
    assert last.xpath("//a[@rel='prev']/@href") == [f"?sort=name&page={pages - 1}"]
    assert not last.xpath("//a[@rel='next']")


# ------------------------------------------------------------------------------------------ what came from documents


def test_what_came_from_a_document_is_text(reader: TestClient, csrf: str) -> None:
    documents = {EVIL_NAME: hostile().encode(), "二.txt": hostile().replace("2024", "2025").encode()}
    batch = handed_in(reader, csrf, {**documents, f"坏{EVIL_NAME}": b"PK\x03\x04"}, title=EVIL)
    identity = batch.rpartition("/")[2]
    names = [one.name for one in lists.of_batch(store(reader), identity, lists.Wanted()).rows]
    assert names
    assert all("<script>alert(1)</script>" in (name or "") for name in names)
    compared = f"/compare?left={identity}.0.0&right={identity}.1.0"
    query = quote(EVIL, safe="")
    for path in (
        "/", batch, f"{batch}?q={query}&organisation={query}&rule={query}&sort={query}&severity={query}", compared,
        f"/compare?left={identity}.0.0", f"/compare?q={query}", f"/try?text={query}&name={query}&unit={query[:60]}",
        f"/sign-in?next={query}",
    ):  # fmt: skip
        response = reader.get(path, headers=BROWSER)
        assert response.status_code == 200, path
        harmless(response)
        if not path.startswith("/sign-in"):
            assert "{{7*7}}" in words(response), path
    reader.post(f"{batch}/delete", data={"csrf": csrf}, headers=BROWSER)


def test_a_name_of_a_reader_is_text(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        client.post("/sign-in", data={"name": "<img src=x onerror=a(1)>{{7*7}}"}, headers=BROWSER)
        harmless(client.get("/", headers=BROWSER))


# ------------------------------------------------------------------------------------------ manual, try-it, comparison


def test_every_rule_has_its_page(reader: TestClient) -> None:
    catalogue = shown(reader.get("/rules", headers=BROWSER))
    assert {href.rpartition("/")[2] for href in catalogue.xpath("//main//td/a/@href")} == {rule.code for rule in RULES}
    for rule in RULES:
        response = reader.get(f"/rules/{rule.code}", headers=BROWSER)
        harmless(response)
        headings = shown(response).xpath("//h2/text()")
        assert {"检查什么", "为什么重要", "反例", "正例", "依据"} <= set(headings), rule.code


def test_a_value_is_typed_without_script(reader: TestClient) -> None:
    page = words(reader.get("/try", params={"text": "0.4万元", "year": "2025"}, headers=BROWSER))
    assert "读作 0.4万元" in page
    assert "4000 元" in page
    with_unit = words(reader.get("/try", params={"text": "95", "unit": "%", "name": "使用率"}, headers=BROWSER))
    assert "单位取自单位列或指标名称" in with_unit


def test_the_same_project_in_two_years(reader: TestClient, batch: str) -> None:
    page = shown(reader.get(batch, headers=BROWSER))
    links = page.xpath("//a[starts-with(@href, '/compare')]/@href")
    assert len(links) >= 10
    compared = reader.get(links[0] if "left=" in links[0] else links[1], headers=BROWSER)
    states = set(shown(compared).xpath("//table[contains(@class, 'compare')]/tbody/tr/@class"))
    assert states == {"same"}
    assert "2023年" in words(compared)
    assert "2024年" in words(compared)


def test_what_differs_is_said(reader: TestClient, csrf: str) -> None:
    head = "1、培训经费绩效目标表\n\n一级指标\t二级指标\t三级指标\t指标值\n"
    left = (
        f"{head}产出指标\t数量指标\t场次\t≥12 场\n\t数量指标\t人数\t≥100人\n\t数量指标\t场次\t≥12场\n"
        "\t数量指标\t旧的\t1个\n"
    )
    right = f"{head}产出指标\t数量指标\t新的\t2个\n\t数量指标\t人数\t≥90人\n\t数量指标\t场 次\t≥12场\n"
    batch = handed_in(reader, csrf, {"左.txt": left.encode(), "右.txt": right.encode()}).rpartition("/")[2]
    compared = reader.get(f"/compare?left={batch}.0.0&right={batch}.1.0", headers=BROWSER)
    table = shown(compared).xpath("//table[contains(@class, 'compare')]/tbody/tr")
    assert [row.get("class") for row in table] == ["same", "lowered", "dropped", "dropped", "new"]
    assert "目标降低" in words(compared)
    assert "减少10人" in words(compared)
    offered = shown(reader.get(f"/compare?left={batch}.0.0", headers=BROWSER))
    assert f"?left={batch}.0.0&right={batch}.1.0" in "".join(offered.xpath("//main//td/a/@href"))
