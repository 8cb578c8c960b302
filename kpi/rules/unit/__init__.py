"""UNI: the value against what the indicator measures. One file a rule."""

from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = ()
