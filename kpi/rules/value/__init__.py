"""VAL: the value as it is written. One file a rule."""

from kpi.rules.value.contradictory_bounds import contradictory_bounds
from kpi.rules.value.empty_value import empty_value
from kpi.rules.value.missing_unit import missing_unit
from kpi.rules.value.nonstandard_unit import nonstandard_unit
from kpi.rules.value.number_as_name import number_as_name
from kpi.rules.value.placeholder_left import placeholder_left
from kpi.rules.value.ratio_above_100 import ratio_above_100
from kpi.rules.value.suspected_misread import suspected_misread
from kpi.rules.value.type_contradicts_value import type_contradicts_value
from kpi.rules.value.unbeatable_bound import unbeatable_bound
from kpi.rules.value.unit_typo import unit_typo

RULES = (
    empty_value,
    missing_unit,
    unit_typo,
    nonstandard_unit,
    ratio_above_100,
    unbeatable_bound,
    suspected_misread,
    number_as_name,
    placeholder_left,
    contradictory_bounds,
    type_contradicts_value,
)
