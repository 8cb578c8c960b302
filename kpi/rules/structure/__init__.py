"""STR: completeness and filing. One file a rule."""

from kpi.rules.base import Rule
from kpi.rules.structure.benefit_all_qualitative import benefit_all_qualitative
from kpi.rules.structure.duplicate_indicator import duplicate_indicator
from kpi.rules.structure.impossible_tier_pair import impossible_tier_pair
from kpi.rules.structure.low_quantification import low_quantification
from kpi.rules.structure.missing_basis import missing_basis
from kpi.rules.structure.missing_identity import missing_identity
from kpi.rules.structure.missing_second_tier import missing_second_tier
from kpi.rules.structure.name_too_long import name_too_long
from kpi.rules.structure.no_benefit_indicator import no_benefit_indicator
from kpi.rules.structure.no_output_indicator import no_output_indicator
from kpi.rules.structure.no_satisfaction_indicator import no_satisfaction_indicator
from kpi.rules.structure.nonstandard_tier import nonstandard_tier
from kpi.rules.structure.number_of_indicators import number_of_indicators
from kpi.rules.structure.weights_do_not_add_up import weights_do_not_add_up
from kpi.rules.structure.wrong_first_tier import wrong_first_tier
from kpi.rules.structure.wrong_second_tier import wrong_second_tier

RULES: tuple[Rule, ...] = (
    no_output_indicator,
    no_benefit_indicator,
    no_satisfaction_indicator,
    missing_second_tier,
    nonstandard_tier,
    impossible_tier_pair,
    wrong_second_tier,
    wrong_first_tier,
    duplicate_indicator,
    weights_do_not_add_up,
    number_of_indicators,
    missing_basis,
    missing_identity,
    low_quantification,
    benefit_all_qualitative,
    name_too_long,
)
