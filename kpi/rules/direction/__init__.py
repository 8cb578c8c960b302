"""DIR: the sign against what the indicator wants. One file a rule."""

from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = ()
