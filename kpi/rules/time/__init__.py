"""TIM: deadlines and timeliness. One file a rule."""

from kpi.rules.time.deadline_outside_year import deadline_outside_year
from kpi.rules.time.impossible_date import impossible_date
from kpi.rules.time.timeliness_without_time import timeliness_without_time

RULES = (
    deadline_outside_year,
    timeliness_without_time,
    impossible_date,
)
