"""DIR: the sign against what the indicator wants. One file a rule."""

from kpi.rules.direction.benefit_at_most import benefit_at_most
from kpi.rules.direction.cost_at_least import cost_at_least
from kpi.rules.direction.cost_exact import cost_exact
from kpi.rules.direction.harm_at_least import harm_at_least

RULES = (
    cost_at_least,
    benefit_at_most,
    harm_at_least,
    cost_exact,
)
