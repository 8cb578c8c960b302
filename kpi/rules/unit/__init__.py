"""UNI: the value against its indicator. One file a rule."""

from kpi.rules.unit.ratio_of_no_ratio import ratio_of_no_ratio
from kpi.rules.unit.two_measures_in_one import two_measures_in_one
from kpi.rules.unit.unit_does_not_fit import unit_does_not_fit
from kpi.rules.unit.units_disagree import units_disagree

RULES = (unit_does_not_fit, units_disagree, ratio_of_no_ratio, two_measures_in_one)
