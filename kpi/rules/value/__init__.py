"""VAL: the value as it is written. One file a rule."""

from kpi.rules.value.unit_typo import unit_typo

RULES = (unit_typo,)
