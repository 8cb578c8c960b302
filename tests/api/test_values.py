"""``POST /v1/values``: many values, in order."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

import kpi
from api.routes.values import MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_UNIT_CHARS, MAX_VALUES
from tests.api.samples import answered, refused


def _values(client: TestClient, *values: object, **members: object) -> list[dict[str, Any]]:
    body = answered(client.post("/v1/values", json={"values": values, **members}))
    assert body["schema_version"]
    found: list[dict[str, Any]] = body["values"]
    return found


def test_strings_and_objects_come_back_in_order(client: TestClient) -> None:
    found = _values(client, "≥90%", {"text": "95", "unit": "%"}, {"text": "12", "name": "场次（场）"}, "", "是/否")
    assert [(value["raw"], value["kind"]) for value in found] == [
        ("≥90%", "quantity"),
        ("95", "quantity"),
        ("12", "quantity"),
        ("", "empty"),
        ("是/否", "yes_no"),
    ]
    assert [value["unit"] for value in found[:3]] == ["%", "%", "场"]


def test_the_answer_is_what_the_library_gives(client: TestClient) -> None:
    cells: list[dict[str, Any]] = [
        {"text": "12月底前", "unit": None, "name": None},
        {"text": "进一步提高", "unit": "%", "name": "居民满意度"},
        {"text": "优（≥90%）、良（≥80%）", "unit": None, "name": None},
    ]
    for year in (None, 2025):
        expected = [kpi.parse_value(**cell, year=year).model_dump(mode="json") for cell in cells]
        assert _values(client, *cells, year=year) == expected


def test_as_many_values_as_are_allowed(client: TestClient) -> None:
    texts = [f"≥{n}%" for n in range(MAX_VALUES)]
    assert [value["magnitude"] for value in _values(client, *texts)] == [str(n) for n in range(MAX_VALUES)]


def test_no_values_give_none(client: TestClient) -> None:
    assert _values(client) == []


def test_a_text_of_the_longest_length(client: TestClient) -> None:
    assert _values(client, "高" * MAX_TEXT_CHARS)[0]["notes"] == ["truncated"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/values"),
        ({"values": "≥90%"}, "/values"),
        ({"values": [""] * (MAX_VALUES + 1)}, "/values"),
        ({"values": ["", 90]}, "/values/1"),
        ({"values": [None]}, "/values/0"),
        ({"values": [{"unit": "%"}]}, "/values/0/text"),
        ({"values": [{"text": "", "units": "%"}]}, "/values/0/units"),
        ({"values": ["x" * (MAX_TEXT_CHARS + 1)]}, "/values/0/text"),
        ({"values": [{"text": "", "unit": "x" * (MAX_UNIT_CHARS + 1)}]}, "/values/0/unit"),
        ({"values": [{"text": "", "name": "x" * (MAX_NAME_CHARS + 1)}]}, "/values/0/name"),
        ({"values": [], "year": 10_000}, "/year"),
        ({"values": [], "year": 2024.5}, "/year"),
        ({"values": [], "fiscal_year": 2024}, "/fiscal_year"),
    ],
)
def test_a_body_that_does_not_fit(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    problem = refused(client.post("/v1/values", json=body), 422, "invalid_request")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_only_json_is_read(client: TestClient) -> None:
    refused(client.post("/v1/values", content='{"values": []}'), 415, "unsupported_media_type")
    refused(client.post("/v1/values", data={"values": "≥90%"}), 415, "unsupported_media_type")
    json = {"content-type": "application/json"}
    refused(client.post("/v1/values", content=b"", headers=json), 400, "malformed_body")
