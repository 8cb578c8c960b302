"""``POST /v1/extract``: three ways to send a document, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import kpi
from tests.api.samples import DOCUMENT, GB18030, TABLE, UTF8_BOM, UTF16, answered, refused


def _post(client: TestClient, **request: Any) -> Any:
    return client.post("/v1/extract", **request)


def _extraction(client: TestClient, **request: Any) -> dict[str, Any]:
    extraction: dict[str, Any] = answered(_post(client, **request))["extraction"]
    return extraction


def _text(body: str | bytes, **request: Any) -> dict[str, Any]:
    return {"content": body, "headers": {"content-type": "text/plain; charset=utf-8"}, **request}


def test_three_forms_give_the_same_answer(client: TestClient) -> None:
    data = DOCUMENT.read_bytes()
    form = answered(_post(client, files={"file": ("预算.txt", data)}, data={"fiscal_year": "2023"}))
    json = answered(_post(client, json={"text": data.decode(), "filename": "预算.txt", "fiscal_year": 2023}))
    text = answered(_post(client, **_text(data, params={"filename": "预算.txt", "fiscal_year": 2023})))
    assert form == json == text
    assert form["extraction"]["source"]["name"] == "预算.txt"
    assert form["extraction"]["fiscal_year"] == 2023


def test_the_answer_is_what_the_library_gives(client: TestClient) -> None:
    response = _post(client, files={"file": (DOCUMENT.name, DOCUMENT.read_bytes())})
    body = answered(response)
    assert "数量指标" in response.content.decode("utf-8")
    extraction = kpi.extract(DOCUMENT.read_bytes(), filename=DOCUMENT.name)
    assert extraction.projects
    assert body == {
        "extraction": extraction.model_dump(mode="json"),
        "review": kpi.review(extraction).model_dump(mode="json"),
    }


@pytest.mark.parametrize("path", [GB18030, UTF16, UTF8_BOM], ids=lambda path: path.suffixes[-2])
def test_encodings_are_told_from_the_content(client: TestClient, path: Path) -> None:
    expected = kpi.extract(DOCUMENT).model_dump(mode="json")
    for request in ({"files": {"file": (path.name, path.read_bytes())}}, _text(path.read_bytes())):
        extraction = _extraction(client, **request)
        assert extraction["projects"] == expected["projects"]
        assert extraction["problems"] == []


@pytest.mark.parametrize(
    "request_",
    [
        {"files": {"file": ("a.txt", TABLE)}, "params": {"fiscal_year": 2019}},
        {"files": {"file": ("a.txt", TABLE)}, "data": {"fiscal_year": "2019"}, "params": {"fiscal_year": 2020}},
        {"json": {"text": TABLE, "fiscal_year": 2019}, "params": {"fiscal_year": 2020}},
        {"json": {"text": TABLE}, "params": {"fiscal_year": 2019}},
        _text(TABLE, params={"fiscal_year": 2019}),
    ],
)
def test_the_body_names_the_year_before_the_query(client: TestClient, request_: dict[str, Any]) -> None:
    indicator = _extraction(client, **request_)["projects"][0]["indicators"][0]
    assert indicator["value"]["end"] == "2019-12-31"


def test_json_with_a_byte_order_mark(client: TestClient) -> None:
    body = b"\xef\xbb\xbf" + f'{{"text": "{TABLE.encode("unicode_escape").decode()}"}}'.encode()
    assert _extraction(client, content=body, headers={"content-type": "application/json"})["projects"]


def test_a_document_without_targets_is_an_answer(client: TestClient) -> None:
    extraction = _extraction(client, **_text("今天天气很好。"))
    assert [problem["code"] for problem in extraction["problems"]] == ["no_target_table"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty_document"),
        (b" \n\t ", 422, "empty_document"),
        (bytes(range(256)) * 8, 422, "not_text"),
        (b"\x81\xff" * 40, 422, "unknown_encoding"),
        (b"%PDF-1.7\n", 422, "damaged_file"),
        (b"\x89PNG\r\n\x1a\n", 415, "unsupported_format"),
    ],
)
def test_a_document_that_cannot_be_read(client: TestClient, content: bytes, status: int, code: str) -> None:
    refused(_post(client, files={"file": ("预算.txt", content)}), status, code)
    refused(_post(client, **_text(content)), status, code)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "text/html"},
        {"content-type": "multipart/mixed; boundary=x"},
        {"content-type": "text/plain", "content-encoding": "gzip"},
        {},
    ],
)
def test_an_unsupported_content_type(client: TestClient, headers: dict[str, str]) -> None:
    response = _post(client, content=b"text", headers=headers)
    refused(response, 415, "unsupported_media_type")
    assert response.headers["accept"] == "multipart/form-data, text/plain, application/json"


HOSTILE_NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\用户\\预算.txt": "预算.txt",
    "a\x00b\nc\r.txt": "abc.txt",
    "\u202etxt.exe": "txt.exe",
    "预算　公开.txt": "预算　公开.txt",
    "..": None,
    "a/..\\": None,
    "": None,
    "\x00": None,
}


@pytest.mark.parametrize(("sent", "kept"), HOSTILE_NAMES.items())
def test_a_file_name_is_only_a_label(client: TestClient, sent: str, kept: str | None) -> None:
    assert _extraction(client, json={"text": TABLE, "filename": sent})["source"]["name"] == kept
    assert _extraction(client, **_text(TABLE, params={"filename": sent}))["source"]["name"] == kept


def test_a_hostile_name_in_a_form(client: TestClient) -> None:
    assert _extraction(client, files={"file": ("../../etc/passwd", TABLE)})["source"]["name"] == "passwd"
    body = _form(b'name="file"; filename="..\\..\\a\x00\x7f.txt"', TABLE.encode())
    assert _extraction(client, **body)["source"]["name"] == "a.txt"


def test_a_long_name_keeps_its_ending(client: TestClient) -> None:
    name = _extraction(client, json={"text": TABLE, "filename": "长" * 100_000 + ".md"})["source"]["name"]
    assert len(name) == 200
    assert name.endswith("长.md")


def _form(disposition: bytes, content: bytes, end: bytes = b"--x--\r\n") -> dict[str, Any]:
    head = b"--x\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n"
    return {"content": head + content + b"\r\n" + end, "headers": {"content-type": "multipart/form-data; boundary=x"}}


@pytest.mark.parametrize(
    "request_",
    [
        {"content": b"no form", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"no boundary", "headers": {"content-type": "multipart/form-data"}},
        {"files": [("file", ("a.txt", TABLE)), ("file", ("b.txt", TABLE))]},
        {"files": {"file": ("a.txt", TABLE)}, "data": {f"field{n}": "" for n in range(20)}},
        {"files": {"file": ("a.txt", TABLE)}, "data": {"fiscal_year": "2" * 10_000}},
        _form(b'filename="nameless"', b"text"),
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": '{"text": "表"}'.encode("gb18030"), "headers": {"content-type": "application/json"}},
        {"content": b'{"text": "\\ud800"}', "headers": {"content-type": "application/json"}},
        {"content": b'{"text": ' + b"[" * 100_000, "headers": {"content-type": "application/json"}},
    ],
)
def test_a_malformed_body(client: TestClient, request_: dict[str, Any]) -> None:
    refused(_post(client, **request_), 400, "malformed_body")


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "rot13", "nonsense", "utf-7"])
def test_a_hostile_charset_of_a_form(client: TestClient, charset: str) -> None:
    body = _form(b'name="file"; filename="+2AA-\xff.txt"', TABLE.encode())
    body["headers"] = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    assert _post(client, **body).status_code in (200, 400, 422)


@pytest.mark.parametrize(
    ("request_", "location", "pointers"),
    [
        ({"json": {}}, "body", ["/text"]),
        ({"json": []}, "body", [""]),
        ({"json": {"text": 1, "filename": 2, "fiscal_year": "x"}}, "body", ["/text", "/filename", "/fiscal_year"]),
        ({"json": {"text": "", "fiscal_year": 1948, "fiscal-year": 2020}}, "body", ["/fiscal_year", "/fiscal-year"]),
        ({"json": {"text": "", "a/b~": 1}}, "body", ["/a~1b~0"]),
        ({"files": {"document": ("a.txt", TABLE)}}, "body", ["/file", "/document"]),
        ({"data": {"file": "text"}, "files": {"x": ("a.txt", TABLE)}}, "body", ["/file", "/x"]),
        (_text(TABLE, params={"fiscal_year": "二〇二四"}), "query", ["/fiscal_year"]),
        (_text(TABLE, params={"fiscal_year": "9" * 5000}), "query", ["/fiscal_year"]),
    ],
)
def test_a_body_that_does_not_fit(
    client: TestClient, request_: dict[str, Any], location: str, pointers: list[str]
) -> None:
    problem = refused(_post(client, **request_), 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == pointers
    assert {error["location"] for error in problem["errors"]} == {location}


def test_a_file_cut_off_on_the_way_is_not_half_read(client: TestClient) -> None:
    cut = _form(b'name="file"; filename="a.txt"', TABLE.encode(), end=b"")
    refused(_post(client, **cut), 422, "invalid_request")


def test_only_the_first_faults_are_listed(client: TestClient) -> None:
    problem = refused(_post(client, json={str(n): n for n in range(5_000)}), 422, "invalid_request")
    assert len(problem["errors"]) == 20


def test_the_service_answers_while_it_reads_a_document(faulty: TestClient) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(_post, faulty, json={"text": f"mock:sleep 1.5\n{TABLE}"})
        answered(faulty.get("/healthz"))
        assert answered(_post(faulty, json={"text": TABLE}))["extraction"]["projects"]
        assert not waiting.done()
        assert answered(waiting.result())["extraction"]["projects"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [("hang", "out_of_time"), ("spin", "out_of_time"), ("crash", "damaged_file"), ("exit", "damaged_file")],
)
def test_a_document_that_ends_its_process_is_refused(faulty: TestClient, fault: str, code: str) -> None:
    refused(_post(faulty, json={"text": f"mock:{fault}\n"}), 422, code)
    assert answered(_post(faulty, json={"text": TABLE}))["extraction"]["projects"]


def test_documents_beyond_those_that_may_wait_are_sent_away(faulty: TestClient) -> None:
    with ThreadPoolExecutor(12) as pool:
        text = f"mock:sleep 0.4\n{TABLE}"
        answers = list(pool.map(lambda _: _post(faulty, json={"text": text}), range(12)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 6
    sent_away = next(answer for answer in answers if answer.status_code == 503)
    refused(sent_away, 503, "busy")
    assert int(sent_away.headers["retry-after"]) > 0
