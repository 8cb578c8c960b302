"""`kpi reviewer`: a key is made, opens the service, and is taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.samples import answered, refused
from tests.test_cli import BAD_USAGE, DONE, kpi


def test_a_reviewer_from_beginning_to_end(tmp_path: Path) -> None:
    made = kpi("reviewer", "add", "张三", "--data", tmp_path)
    assert made.code == DONE
    key = made.out.strip()
    assert len(key) > 40
    assert kpi("reviewer", "add", "张三", "--data", tmp_path).code == BAD_USAGE
    assert kpi("reviewer", "add", " ", "--data", tmp_path).code == BAD_USAGE
    assert kpi("reviewer", "list", "--data", tmp_path).out.split() == ["张三"]
    asked: dict[str, Any] = {"headers": {"X-API-Key": key}, "json": {"values": ["≥90%"]}}
    with TestClient(create_app(Settings(data=tmp_path, database="", workers=1, open=True))) as client:
        answered(client.post("/v1/values", **asked))
        refused(client.post("/v1/values", json={"values": []}), 401, "unauthorized")
        assert kpi("reviewer", "remove", "张三", "--data", tmp_path).code == DONE
        refused(client.post("/v1/values", **asked), 401, "unauthorized")
    assert kpi("reviewer", "remove", "李四", "--data", tmp_path).code == BAD_USAGE
    assert kpi("reviewer", "list", "--data", tmp_path).out == ""
