"""``/openapi.json``: valid, complete, in Chinese, and its examples are true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient

from api.problems import MEDIA_TYPE
from tests.api.samples import answered


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    return answered(client.get("/openapi.json"))


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _refs(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _refs(child)
    elif isinstance(node, list):
        for child in node:
            yield from _refs(child)


def _chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


def test_it_is_openapi(description: dict[str, Any]) -> None:
    OpenAPI.model_validate(description)
    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert set(_refs(description)) <= known


def test_every_path_is_there(description: dict[str, Any]) -> None:
    assert {(method, path) for path, method, _ in _operations(description)} == {
        ("post", "/v1/extract"),
        ("post", "/v1/values"),
        ("get", "/v1/rules"),
        ("get", "/v1/rules/{code}"),
        ("get", "/healthz"),
        ("get", "/metrics"),
        ("post", "/v1/batches"),
        ("get", "/v1/batches/{id}"),
        ("delete", "/v1/batches/{id}"),
        ("get", "/v1/batches/{id}/results.jsonl"),
        ("get", "/v1/batches/{id}/scorecard.xlsx"),
        ("get", "/v1/batches/{id}/scorecard.html"),
        ("get", "/v1/batches/{id}/scorecard.csv.zip"),
    }


def test_every_operation_is_described_in_chinese(description: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in _operations(description)]
    assert len(ids) == len(set(ids))
    for _, _, operation in _operations(description):
        assert _chinese(operation["summary"])
        assert _chinese(operation["description"])
        assert all(_chinese(response["description"]) for response in operation["responses"].values())
        assert all(_chinese(parameter["description"]) for parameter in operation.get("parameters", []))


def test_every_error_is_a_problem(description: dict[str, Any]) -> None:
    for path, method, operation in _operations(description):
        errors = {status: answer for status, answer in operation["responses"].items() if not status.startswith("2")}
        assert {"500", "default"} <= set(errors)
        assert method != "post" or {"400", "413", "415", "422"} <= set(errors)
        assert "{" not in path or "404" in errors
        for answer in errors.values():
            assert answer["content"] == {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}


def test_what_may_be_asked_again_says_when(description: dict[str, Any]) -> None:
    later = {(path, status) for path, _, operation in _operations(description) for status in operation["responses"]}
    assert {("/v1/batches", "429"), ("/v1/batches", "503"), ("/v1/extract", "503")} <= later
    for _, _, operation in _operations(description):
        for status, answer in operation["responses"].items():
            assert ("Retry-After" in answer.get("headers", {})) == (status in ("429", "503"))


def test_examples_are_answered(client: TestClient, description: dict[str, Any]) -> None:
    tried = 0
    for path, method, operation in _operations(description):
        for media_type, content in operation.get("requestBody", {"content": {}})["content"].items():
            for example in content.get("examples", {}).values():
                body = {"json": example["value"]} if media_type.endswith("json") else {"content": example["value"]}
                answer = answered(client.request(method, path, headers={"content-type": media_type}, **body))
                assert "values" in answer or answer["extraction"]["projects"][0]["indicators"]
                tried += 1
    assert tried >= 3
