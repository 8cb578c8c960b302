"""SAT: satisfaction. One file a rule."""

from kpi.rules.base import Rule
from kpi.rules.satisfaction.below_norm import below_norm
from kpi.rules.satisfaction.no_survey_basis import no_survey_basis

RULES: tuple[Rule, ...] = (below_norm, no_survey_basis)
