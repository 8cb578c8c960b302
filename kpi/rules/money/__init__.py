"""FIN: amounts, budgets and plans. One file a rule."""

from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = ()
