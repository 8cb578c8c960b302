"""The rule catalogue. Registration is explicit: a family lists its rules, this module lists the families."""

from __future__ import annotations

from kpi.rules import vague, value
from kpi.rules.base import Rule

RULESET_VERSION = "2026.1"

RULES: tuple[Rule, ...] = (*vague.RULES, *value.RULES)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def is_vague(rule: Rule) -> bool:
    """Whether the rule says that a value cannot be measured (a hedged quantity can)."""
    return rule in vague.RULES and rule.severity != "info"


# Where two rules see the same fault in the same place, the more specific one speaks: code → codes that it silences.
SUPPRESSES: dict[str, frozenset[str]] = {
    "VAG007": frozenset({"VAG002", "VAG003", "VAG004", "VAG005", "VAG006", "VAG008", "VAG009"}),
}
