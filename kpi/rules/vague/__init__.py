"""VAG: the value cannot be measured. One file a rule; the senses are those of :data:`kpi.schema.Sense`."""

from kpi.rules.vague.direction_only import direction_only
from kpi.rules.vague.hedged_quantity import hedged_quantity
from kpi.rules.vague.intensity_only import intensity_only
from kpi.rules.vague.other_unmeasurable import other_unmeasurable
from kpi.rules.vague.procedural_value import procedural_value
from kpi.rules.vague.punctual_without_date import punctual_without_date
from kpi.rules.vague.restates_indicator import restates_indicator
from kpi.rules.vague.task_as_value import task_as_value
from kpi.rules.vague.uncounted_coverage import uncounted_coverage
from kpi.rules.vague.yes_no_target import yes_no_target

RULES = (
    yes_no_target,
    direction_only,
    intensity_only,
    procedural_value,
    punctual_without_date,
    uncounted_coverage,
    restates_indicator,
    task_as_value,
    other_unmeasurable,
    hedged_quantity,
)
