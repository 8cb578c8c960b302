"""REL: relevance and copying. One file a rule."""

from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = ()
