"""``GET /v1/rules``, ``/v1/rules/{code}`` and ``/healthz``."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from fastapi.testclient import TestClient

from kpi.rules import RULES, RULESET_VERSION
from kpi.schema import SCHEMA_VERSION
from tests.api.samples import answered, refused


def test_every_rule_is_listed(client: TestClient) -> None:
    catalogue = answered(client.get("/v1/rules"))
    assert catalogue["ruleset_version"] == RULESET_VERSION
    assert [rule["code"] for rule in catalogue["rules"]] == [rule.code for rule in RULES]
    assert all(rule["title"] and rule["manual"].startswith(rule["title"]) for rule in catalogue["rules"])


@pytest.mark.parametrize("code", ["VAG001", "vag001"])
def test_one_rule(client: TestClient, code: str) -> None:
    rule = answered(client.get(f"/v1/rules/{code}"))
    assert set(rule) == {"code", "name", "severity", "certainty", "opinion", "title", "manual"}
    assert rule == answered(client.get("/v1/rules"))["rules"][0]


@pytest.mark.parametrize("code", ["VAG999", "%00", "%FF", "规则", "x" * 5_000])
def test_an_unknown_rule(client: TestClient, code: str) -> None:
    refused(client.get(f"/v1/rules/{code}"), 404, "unknown_rule")


def test_health(client: TestClient) -> None:
    assert answered(client.get("/healthz")) == {
        "status": "ok",
        "version": version("kpi"),
        "schema_version": SCHEMA_VERSION,
        "ruleset_version": RULESET_VERSION,
    }
