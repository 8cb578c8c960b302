"""Faults that a reading by other eyes found: each a case that must not come back."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

import kpi
from kpi import baseline, sarif
from kpi.configuration import Config, ConfigError, parse
from kpi.schema import Extraction
from tests.cases import extraction
from tests.test_cli import UNREAD
from tests.test_cli import kpi as run

HEAD = "一级指标\t二级指标\t三级指标\t指标值\n"


def rules(case: dict[str, object]) -> set[str]:
    return {finding.rule for finding in kpi.review(extraction(case)).findings}


@pytest.mark.parametrize(
    ("value", "actual", "silent"),
    [("≤3%", "0.5", True), ("≤2%", "1", True), ("≤5‰", "0.8", True), ("≥95%", "0.9", False), ("≥95%", "0.96", True)],
)
def test_a_bare_actual_is_a_share_only_beside_a_target_near_the_whole(value: str, actual: str, silent: bool) -> None:
    row = {"tier1": "产出指标", "tier2": "质量指标", "name": "差错率" if "≤" in value else "合格率", "value": value}
    found = rules(
        {"project": {"self_evaluation": True}, "rows": [{**row, "actual": actual, "score": "5", "weight": "10"}]}
    )
    assert ("ACT001" not in found) == silent
    assert "ACT003" not in found


def test_a_plan_over_the_budget_is_not_said_to_fall_short() -> None:
    read = extraction({"project": {"budget": "100万元", "plan": {"6月底": "60万元", "12月底": "120万元"}}, "rows": []})
    (finding,) = [f for f in kpi.review(read).findings if f.rule == "FIN004"]
    assert "超过了项目预算" in finding.message


def test_deadlines_of_two_goals_are_two_findings() -> None:
    def found(goal: str) -> set[str]:
        read = extraction({"project": {"name": "道路", "goals": [goal]}, "rows": []})
        return {f.id for f in kpi.review(read).findings if f.rule == "TIM001"}

    first, second = found("2023年底前建成甲路"), found("2020年底前建成乙路")
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("text", ['ignore = [""]', 'select = ["V"]', 'select = ["VAL0"]'])
def test_half_a_code_is_no_code(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text)


def test_the_command_line_holds_for_every_organisation(tmp_path: Path) -> None:
    (tmp_path / "kpi.toml").write_text('[[organisation]]\nmatch = ["*"]\nselect = ["STR"]\n', encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"某县公安局\n{HEAD}产出指标\t时效指标\t完成时间\t按时完成\n", encoding="utf-8")
    done = run("check", "a.txt", "--select", "VAG", "--format", "json", cwd=tmp_path)
    assert set(json.loads(done.out)["review"]["summary"]["by_rule"]) == {"VAG005"}


def test_a_number_of_many_places_does_not_stop_parquet(tmp_path: Path) -> None:
    value = f"≥1.{'0' * 34}1%"
    (tmp_path / "a.txt").write_text(f"{HEAD}产出指标\t数量指标\t完成率\t{value}\n", encoding="utf-8")
    assert run("score", "a.txt", "--out", "out", "--format", "parquet", cwd=tmp_path).code in (0, 1)
    assert (tmp_path / "out" / "findings.parquet").exists()


def test_a_file_name_that_is_no_text_is_named_in_sarif(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\xff.txt")
    (tmp_path / name).write_bytes(b"")
    assert run("check", tmp_path, "--format", "sarif").code == UNREAD
    assert sarif._uri(name) == "a%FF.txt"


def test_a_baseline_of_endless_times_is_none(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text('{"accepted": [{"id": "a", "times": Infinity}]}', encoding="utf-8")
    with pytest.raises(baseline.BaselineError):
        baseline.load(path)


def test_absurd_weights_are_no_weights() -> None:
    read = extraction({"rows": [{"tier1": "产出指标", "name": "甲", "value": "1个", "weight": "1"}] * 2})
    rows = tuple(row.model_copy(update={"weight": Decimal("-9E+999999")}) for row in read.projects[0].indicators)
    project = read.projects[0].model_copy(update={"indicators": rows})
    assert isinstance(kpi.review(read.model_copy(update={"projects": (project,)}), config=Config()), object)
    assert isinstance(read, Extraction)
