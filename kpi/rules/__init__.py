"""The rule catalogue. Registration is explicit: a family lists its rules, this module lists the families."""

from __future__ import annotations

import tomllib
from importlib import resources

from kpi.rules import actual, direction, money, relevance, satisfaction, structure, time, unit, vague, value
from kpi.rules.base import Rule

RULESET_VERSION = "2026.3"

RULES: tuple[Rule, ...] = (
    *vague.RULES,
    *value.RULES,
    *unit.RULES,
    *direction.RULES,
    *money.RULES,
    *time.RULES,
    *structure.RULES,
    *relevance.RULES,
    *satisfaction.RULES,
    *actual.RULES,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


_VAGUE = frozenset(rule.code for rule in vague.RULES if rule.severity != "info")


def is_vague(rule: Rule) -> bool:
    """Whether the rule says that a value cannot be measured (a hedged quantity can)."""
    return rule.code in _VAGUE


def _suppressions() -> dict[str, frozenset[str]]:
    text = resources.files("kpi.rules").joinpath("suppressions.toml").read_text(encoding="utf-8")
    return {code: frozenset(silenced) for code, silenced in tomllib.loads(text).items()}


# Where two rules see the same fault in the same place, the more specific one speaks: code → codes that it silences.
SUPPRESSES: dict[str, frozenset[str]] = _suppressions()
