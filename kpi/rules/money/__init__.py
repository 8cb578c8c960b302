"""FIN: amounts against one another and against the budget. One file a rule."""

from kpi.rules.money.cost_above_budget import cost_above_budget
from kpi.rules.money.cost_differs_from_budget import cost_differs_from_budget
from kpi.rules.money.execution_above_budget import execution_above_budget
from kpi.rules.money.figure_contradicts_text import figure_contradicts_text
from kpi.rules.money.funding_parts import funding_parts_do_not_add_up
from kpi.rules.money.plan_not_cumulative import plan_not_cumulative
from kpi.rules.money.plan_short_of_total import plan_does_not_reach_total
from kpi.rules.money.plan_unit_mismatch import plan_unit_mismatch
from kpi.rules.money.projects_exceed_total import projects_exceed_total
from kpi.rules.money.unit_cost_times_quantity import unit_cost_times_quantity

RULES = (
    cost_above_budget,
    cost_differs_from_budget,
    plan_not_cumulative,
    plan_does_not_reach_total,
    plan_unit_mismatch,
    funding_parts_do_not_add_up,
    projects_exceed_total,
    figure_contradicts_text,
    unit_cost_times_quantity,
    execution_above_budget,
)
