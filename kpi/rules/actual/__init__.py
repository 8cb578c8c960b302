"""ACT: what the self-evaluation says was reached. One file a rule."""

from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = ()
