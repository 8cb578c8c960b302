"""Script in every field that takes text: whatever page or file shows it, shows it as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from lxml import etree

from api import pages
from api.app import create_app
from api.settings import Settings
from api.store import reviewers
from tests.api.browsing import BROWSER, EVIL, handed_in, harmless, hostile, shown, signed_in, token, words
from tests.office import W

# What a spreadsheet would take for a formula, and Word for a field, beside markup.
TEXTS = (
    EVIL,
    '=HYPERLINK("http://127.0.0.1:9",1)<script>alert(1)</script>',
    "]]><w:t>&lt;x&amp;<!--",
    "${7*7}#{7*7}\\u003c",
)
PAGES = 200


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Somebody whose very name is script."""
    told = Settings(data=tmp_path_factory.mktemp("markup"), database="", workers=1, open=True)
    with TestClient(create_app(told), raise_server_exceptions=False) as client:
        signed_in(client, "<img src=x onerror=alert(1)>{{7*7}}")
        yield client


@pytest.fixture(scope="module", params=range(len(TEXTS)))
def batch(reader: TestClient, request: pytest.FixtureRequest) -> str:
    """Two documents of hostile text, about which everything was said that can be, in hostile text."""
    text = TEXTS[request.param]
    csrf = token(reader.get("/", headers=BROWSER))
    files = {f"{text}.txt": hostile(text).encode(), f"二{text}.txt": hostile(text).replace("2024", "2025").encode()}
    files[f"坏{text}.docx"] = b"PK\x03\x04"
    made = handed_in(reader, csrf, files, title=text)
    project = f"{made}/d/0/p/0"

    def sent(path: str, **fields: str) -> None:
        response = reader.post(path, data={"csrf": csrf, **fields}, headers=BROWSER)
        assert response.status_code < 400, response.text
        harmless(response)

    found = shown(reader.get(project, headers=BROWSER)).xpath("//article[@data-finding]/@id")
    assert found
    for number, identity in enumerate(found):
        for action in ("edit", "note", ("accept", "dismiss")[number % 2]):
            sent(f"{project}/decide", finding=identity.removeprefix("f-"), action=action, text=f"{text}{action}")
    fields = form(reader, f"{project}?correct=0", "correct")
    sent(
        f"{project}/correct",
        **{name: value if name.startswith("was-") or name == "row" else f"{text}改" for name, value in fields.items()},
    )
    fields = form(reader, f"{project}/sheet", "sheet")
    sent(
        f"{project}/sheet",
        **{name: f"{text}意见" if name.startswith("opinion") else value for name, value in fields.items()},
    )
    return made


def form(reader: TestClient, path: str, action: str) -> dict[str, str]:
    """The fields of the form of a page that sends to ``…/action``."""
    found = [one for one in shown(reader.get(path, headers=BROWSER)).forms if (one.action or path).endswith(action)]
    fields = {name: value or "" for name, value in found[0].fields.items() if name and name != "csrf"}
    assert fields
    return fields


def crawled(reader: TestClient, start: str) -> dict[str, Any]:
    """Every page and file that is reached from a page of a batch, within the batch; path → answer."""
    found: dict[str, Any] = {}
    waiting = [start]
    while waiting and len(found) < PAGES:
        path = waiting.pop(0)
        answer = reader.get(path, headers=BROWSER)
        found[path] = answer
        if answer.headers["content-type"].startswith("text/html") and "attachment" not in answer.headers.get(
            "content-disposition", ""
        ):
            for link in shown(answer).xpath("//a/@href | //img/@src"):
                whole = str(answer.url.join(link).copy_with(fragment=None)).removeprefix("http://testserver")
                if whole.startswith((start, "/compare")) and whole not in found and whole not in waiting:
                    waiting.append(whole)
    return found


def test_every_page_shows_text_as_text(reader: TestClient, batch: str) -> None:
    found = crawled(reader, batch)
    kinds = {answer.headers["content-type"].partition(";")[0] for answer in found.values()}
    assert len(found) > 8
    assert {"text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} <= kinds
    for path, answer in found.items():
        assert answer.status_code in (200, 422), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers["content-type"].startswith("text/html"):
            assert "alert(1)</script>" not in answer.text, path
            if "attachment" not in answer.headers.get("content-disposition", ""):
                harmless(answer)
        elif answer.content[:2] == b"PK":
            is_plain(answer.content)


def is_plain(content: bytes) -> None:
    """A Word or Excel file in which what was written is text: no formula, no field, no link, no macro."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            assert "vba" not in name.lower()
            if name.endswith((".xml", ".rels")):
                _no_markup(etree.fromstring(archive.read(name)))
    if "xl/workbook.xml" in names:
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        texts = {str(cell.value): cell for cell in cells if cell.value is not None}
        assert any(mark in text for text in texts for mark in ("<script>", "7*7", "<w:t>"))
        assert all(cell.data_type != "f" for text, cell in texts.items() if "127.0.0.1" in text)
        assert all(cell.hyperlink is None or "127.0.0.1" not in str(cell.hyperlink.target) for cell in cells)


def _no_markup(part: etree._Element) -> None:
    fields = {element.get(f"{{{W}}}instr") for element in part.iter(f"{{{W}}}fldSimple")}
    assert {field.split()[0] for field in fields if field} <= {"PAGE", "NUMPAGES"}
    assert not list(part.iter(f"{{{W}}}instrText", "{*}script"))
    assert not [one for one in part.iter() if one.get("TargetMode") == "External"]


def test_what_was_written_is_still_there(reader: TestClient, batch: str) -> None:
    """Escaping, not cutting: the words are shown."""
    page = words(reader.get(f"{batch}/d/0/p/0", headers=BROWSER))
    sheet = words(reader.get(f"{batch}/d/0/p/0/sheet", headers=BROWSER))
    sayings = [text for text in TEXTS if f"{' '.join(text.split())}note" in page]
    assert len(sayings) == 1
    assert f"{' '.join(sayings[0].split())}意见" in sheet


def test_json_is_never_taken_for_a_page(reader: TestClient) -> None:
    csrf = token(reader.get("/", headers=BROWSER))
    for answer in (
        reader.post("/v1/values", json={"values": [EVIL], "explain": True}, headers={**BROWSER, "x-csrf-token": csrf}),
        reader.post(
            "/v1/extract", json={"text": hostile(), "filename": EVIL}, headers={**BROWSER, "x-csrf-token": csrf}
        ),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def forms() -> list[str]:
    """The addresses of all forms of the pages but the sign-in, which there is no session for yet."""
    routes = [route for router in pages.ROUTERS for route in router.routes if "POST" in getattr(route, "methods", ())]
    return sorted({getattr(route, "path", "") for route in routes} - {"/sign-in"})


def test_no_form_is_taken_without_the_token_of_its_session(reader: TestClient, batch: str, tmp_path: Path) -> None:
    """Every form there is, also those that come later."""
    _, other = reviewers.sign_in(reader.app.state.service.store, "李四")  # type: ignore[attr-defined]
    csrf = token(reader.get("/", headers=BROWSER))
    assert len(forms()) >= 7
    before = words(reader.get(f"{batch}/d/0/p/0", headers=BROWSER))
    for form_ in forms():
        path = form_.replace("{id}", batch.rpartition("/")[2]).replace("{document}", "0").replace("{project}", "0")
        for sent in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": other.csrf}, {"csrf": f"{csrf} x"}):
            assert reader.post(path, data={**sent, "text": "x"}, headers=BROWSER).status_code == 403, (path, sent)
            in_query = reader.post(f"{path}?csrf={csrf}", data=sent, headers={**BROWSER, "x-csrf-token": csrf})
            assert in_query.status_code == 403, (path, sent)
        for foreign in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
            answer = reader.post(path, data={"csrf": csrf}, headers={**BROWSER, **foreign})
            assert answer.status_code == 403, (path, foreign)
        assert reader.get(f"{path}?csrf={csrf}", headers=BROWSER).status_code in (200, 404, 405)
    assert words(reader.get(f"{batch}/d/0/p/0", headers=BROWSER)) == before


def test_no_secret_is_kept_or_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads the database or the log cannot sign in with what stands there."""
    with (
        TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client,
        caplog.at_level(0),
    ):
        key = reviewers.add(client.app.state.service.store, "张三")  # type: ignore[attr-defined]
        assert key is not None
        client.post("/sign-in", data={"key": key}, headers=BROWSER)
        cookie = client.cookies["kpi_session"]
        client.post("/v1/values", json={"values": []}, headers={"x-api-key": key})
        client.post("/v1/values", json={"values": []}, headers={"authorization": f"Bearer {key}x"})
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "张三".encode() in kept
    for secret in (key, cookie):
        assert secret.encode() not in kept
        assert secret not in caplog.text
