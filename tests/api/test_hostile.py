"""Whatever bytes come in, the answer is the client's fault or a result: never a 500."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.samples import DOCUMENT, TABLE, answered

_AS_JSON = {"content-type": "application/json"}
_few = settings(max_examples=150, deadline=None, derandomize=True)

_types = st.sampled_from(
    ["text/plain", "application/json", "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "text/html"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
_form_pieces = st.lists(
    st.sampled_from(
        [
            b"--x\r\n", b"--x--\r\n", b"\r\n\r\n", b"\r\n", b"Content-Disposition: form-data; ", b'name="file"; ',
            b'filename="a.txt"', b"filename*=utf-7''+2AA-", b'name="fiscal_year"', b"2024", TABLE.encode(), b"\x00\xff",
        ]
    )
    | st.binary(max_size=8),
    max_size=12,
).map(b"".join)  # fmt: skip
_bytes = st.binary(max_size=300) | _form_pieces
_fragments = [
    "\t",
    "\n",
    "|",
    "一级指标",
    "指标值",
    "≥",
    "%",
    "12月底",
    "万元",
    "（",
    "）",
    "-",
    "每",
    "\x00",
    "\u2028",
]
_texts = st.lists(st.sampled_from(_fragments) | st.text(max_size=6), max_size=30).map("".join)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def _survives(response: Any) -> None:
    assert response.status_code < 500, response.text
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"]


@_few
@given(body=_bytes, content_type=_types)
def test_any_bytes(client: TestClient, body: bytes, content_type: str) -> None:
    for path in ("/v1/extract", "/v1/values"):
        _survives(client.post(path, content=body, headers={"content-type": content_type}))


@_few
@given(cut=st.integers(0, 20_000), noise=st.binary(max_size=12))
def test_a_damaged_document(client: TestClient, cut: int, noise: bytes) -> None:
    data = DOCUMENT.read_bytes()[:20_000]
    _survives(client.post("/v1/extract", files={"file": ("a.txt", data[:cut] + noise + data[cut + len(noise) :])}))


@_few
@given(text=_texts, name=st.text(max_size=20), year=st.integers(1949, 2100))
def test_any_text(client: TestClient, text: str, name: str, year: int) -> None:
    _survives(client.post("/v1/extract", json={"text": TABLE + text, "filename": name, "fiscal_year": year}))


@_few
@given(texts=st.lists(_texts, max_size=5), unit=st.none() | st.text(max_size=8), name=st.none() | _texts)
def test_any_values(client: TestClient, texts: list[str], unit: str | None, name: str | None) -> None:
    values = [*texts, *({"text": text, "unit": unit, "name": name} for text in texts)]
    found = answered(client.post("/v1/values", content=json.dumps({"values": values}), headers=_AS_JSON))["values"]
    assert [value["raw"] for value in found] == texts * 2


@_few
@given(document=_json, member=st.sampled_from(["values", "text", "year", "fiscal_year", "filename"]))
def test_any_json(client: TestClient, document: object, member: str) -> None:
    for body in (document, {member: document}, {"text": TABLE, "values": [], member: document}):
        for path in ("/v1/extract", "/v1/values"):
            _survives(client.post(path, content=json.dumps(body), headers=_AS_JSON))
