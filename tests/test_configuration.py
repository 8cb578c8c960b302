"""`kpi.toml`: what it may say, what it changes, and what is said of a slip in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import kpi
from kpi.configuration import Config, ConfigError, load, nearest, parse
from kpi.rules import RULES
from kpi.schema import Organisation
from tests.cases import extraction

ROWS = [
    {"tier1": "产出指标", "tier2": "数量指标", "name": "培训场次", "value": "≥12场"},
    {"tier1": "效益指标", "tier2": "社会效益指标", "name": "服务能力", "value": "进一步提高"},
    {"tier1": "效益指标", "tier2": "社会效益指标", "name": "业务保障能力", "value": "是/否"},
]
CASE = {"organisation": "某县公安局", "project": {"name": "培训经费"}, "rows": ROWS}


def found(config: Config | None = None) -> dict[str, str]:
    """The vague findings and their severities."""
    findings = kpi.review(extraction(CASE), config=config).findings
    return {finding.rule: finding.severity for finding in findings if finding.rule.startswith("VAG")}


def test_nothing_said_changes_nothing() -> None:
    assert parse("") == Config()
    assert found(parse("")) == found() == {"VAG001": "warning", "VAG002": "warning"}


def test_select_ignore_severity() -> None:
    assert found(parse('select = ["vag"]\nignore = [" VAG001 "]\n[severity]\nvag002 = "error"')) == {"VAG002": "error"}
    assert found(parse('select = ["VAL"]')) == {}


def test_overrides_of_an_organisation() -> None:
    config = parse(
        'ignore = ["VAG002"]\n'
        '[[organisation]]\nmatch = ["*公安局"]\nseverity = { VAG001 = "error" }\n'
        '[[organisation]]\nmatch = ["434*"]\nignore = ["VAG"]\n'
    )
    assert found(config) == {"VAG001": "error"}
    assert config.of(Organisation(name="某县教育局")) is config
    assert config.of(Organisation(name="某县教育局", code="434001")).ignore == ("VAG002", "VAG")


def test_thresholds_are_exact() -> None:
    named = [(rule.code, name) for rule in RULES for name in rule.thresholds]
    for code, name in named:
        config = parse(f"[thresholds.{code.lower()}]\n{name} = 0.1\n")
        assert config.thresholds == {code: {name: Decimal("0.1")}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("select = 1", "select"),
        ('select = ["XYZ"]', "XYZ"),
        ('selct = ["VAG"]', "selct：没有这一项"),
        ('[severity]\nVAG001 = "fatal"', "severity.VAG001：应是 error、warning 或 info"),
        ('[severity]\nVAG = "error"', "没有规则“VAG”"),
        ("[thresholds.VAG001]\nnone = 1", "没有“none”这个数值"),
        ("[thresholds.NIX001]\nx = 1", "没有规则“NIX001”"),
        ("[score]\n完整性 = -1", "TOML"),
        ('[score]\n"完整性" = -1', "score.完整性：不能小于 0"),
        ('[score]\n"完整性" = nan', "score.完整性"),
        ('[score]\n"完整性" = 0.1234567', "score.完整性：最多写 6 位小数"),
        ('[score]\n"完整性" = 1e7', "score.完整性：不能大于 1000000"),
        ('[score]\n"完整" = 1', "没有“完整”这一块"),
        ("[[organisation]]\nignore = []", "organisation.0.match：缺少这一项"),
        ("[[organisation]]\nmatch = []", "organisation.0.match：不能为空"),
        ("= =", "TOML"),
    ],
)
def test_a_slip_is_named(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(text)
    assert told in str(error.value)


def test_files(tmp_path: Path) -> None:
    deep = tmp_path / "一" / "二"
    deep.mkdir(parents=True)
    (tmp_path / "kpi.toml").write_bytes('\ufeffignore = ["VAG002"]\n'.encode())
    assert nearest(deep) == tmp_path / "kpi.toml"
    assert load(tmp_path / "kpi.toml").ignore == ("VAG002",)
    for content in (b"\xff\xfe\x00", b"x"):
        (deep / "kpi.toml").write_bytes(content)
        assert nearest(deep) == deep / "kpi.toml"
        with pytest.raises(ConfigError, match=r"kpi\.toml"):
            load(deep / "kpi.toml")
    with pytest.raises(ConfigError, match="不能读取"):
        load(tmp_path / "none.toml")
