"""`kpi check` with a configuration, a baseline, and SARIF as output: the command as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi.rules import BY_CODE
from tests.test_cli import BAD_USAGE, DONE, GOOD, UNREAD, kpi, reviews

FOUND_ERROR = 1


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    path = tmp_path / "基线.json"
    assert kpi("check", GOOD, "--write-baseline", path).code in (DONE, FOUND_ERROR)
    return path


def test_a_baseline_hides_what_it_accepts(baseline: Path) -> None:
    (every,) = reviews(kpi("check", GOOD, "--format", "json").out)
    assert every.findings
    run = kpi("check", GOOD, "--baseline", baseline, "--new-only")
    assert run.code == DONE
    assert "没有新问题" in run.out
    assert f"已接受的 {len(every.findings)} 个问题" in run.out
    (fresh,) = reviews(kpi("check", GOOD, "--baseline", baseline, "--new-only", "--format", "json").out)
    assert fresh.findings == ()
    assert fresh.summary.by_rule == {}
    assert fresh.summary.measurable == every.summary.measurable


def test_a_baseline_alone_marks_what_it_accepts(baseline: Path) -> None:
    run = kpi("check", GOOD, "--baseline", baseline, "--format", "json")
    (line,) = map(json.loads, run.out.splitlines())
    assert line["accepted"] == [finding["id"] for finding in line["review"]["findings"]]
    assert run.code == DONE
    assert "已接受" in kpi("check", GOOD, "--baseline", baseline).out


def test_what_is_not_in_the_baseline_is_new(baseline: Path) -> None:
    data = json.loads(baseline.read_text(encoding="utf-8"))
    taken_out = data["accepted"].pop()
    baseline.write_text(json.dumps(data), encoding="utf-8")
    (fresh,) = reviews(kpi("check", GOOD, "--baseline", baseline, "--new-only", "--format", "json").out)
    assert {finding.id for finding in fresh.findings} == {taken_out["id"]}


def test_two_documents_use_an_acceptance_up_one_by_one(baseline: Path, tmp_path: Path) -> None:
    folder = tmp_path / "两份"
    folder.mkdir()
    for name in ("一.txt", "二.txt"):
        (folder / name).write_bytes(GOOD.read_bytes())
    first, second = reviews(kpi("check", folder, "--baseline", baseline, "--new-only", "--format", "json").out)
    assert first.findings == ()
    assert second.findings


@pytest.mark.parametrize("content", [b"", b"[]", b'{"accepted": [1]}', b'{"accepted": [{"id": "a"}]}', b"\xff"])
def test_what_is_no_baseline_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "基线.json"
    path.write_bytes(content)
    run = kpi("check", GOOD, "--baseline", path)
    assert run.code == BAD_USAGE
    assert "不是基线文件" in run.err


def test_new_only_needs_a_baseline() -> None:
    assert kpi("check", GOOD, "--new-only").code == BAD_USAGE


def test_a_configuration_is_found_above_and_decides_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "kpi.toml").write_text('select = ["VAG"]\n[severity]\nVAG003 = "error"\n', encoding="utf-8")
    folder = tmp_path / "下级"
    folder.mkdir()
    run = kpi("check", GOOD, "--format", "json", cwd=folder)
    assert run.code == FOUND_ERROR
    (review,) = reviews(run.out)
    assert {finding.rule[:3] for finding in review.findings} == {"VAG"}
    assert review.summary.findings.error == review.summary.by_rule["VAG003"]
    elsewhere = tmp_path / "别处.toml"
    elsewhere.write_text('select = ["VAG002"]', encoding="utf-8")
    assert kpi("check", GOOD, "--config", elsewhere, cwd=folder).code == DONE
    elsewhere.write_text("select = 1", encoding="utf-8")
    run = kpi("check", GOOD, "--config", elsewhere)
    assert run.code == BAD_USAGE
    assert "select" in run.err


def test_sarif(baseline: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏 的.txt"
    bad.write_bytes(b"")
    run = kpi("check", GOOD, bad, "--format", "sarif", "--baseline", baseline)
    assert run.code == UNREAD
    log = json.loads(run.out)
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(BY_CODE)
    assert not only["invocations"][0]["executionSuccessful"]
    (notification,) = only["invocations"][0]["toolExecutionNotifications"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("%20%E7%9A%84.txt")
    (review,) = reviews(kpi("check", GOOD, "--format", "json").out)
    assert [result["partialFingerprints"]["kpiFindingId/v1"] for result in only["results"]] == [
        finding.id for finding in review.findings
    ]
    text = GOOD.read_text(encoding="utf-8")
    for result, finding in zip(only["results"], review.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        assert result["level"] == {"error": "error", "warning": "warning", "info": "note"}[finding.severity]
        assert result["suppressions"] == [{"kind": "external", "status": "accepted"}]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == text[: region["charOffset"]].count("\n") + 1
