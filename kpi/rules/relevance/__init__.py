"""REL: relevance and copying. One file a rule."""

from kpi.rules.base import Rule
from kpi.rules.relevance.copied_indicator_set import copied_indicator_set
from kpi.rules.relevance.foreign_topic import foreign_topic
from kpi.rules.relevance.goal_is_a_slogan import goal_is_a_slogan
from kpi.rules.relevance.goal_not_covered import goal_not_covered
from kpi.rules.relevance.input_as_output import input_as_output
from kpi.rules.relevance.leftover_template_text import leftover_template_text
from kpi.rules.relevance.money_management_as_result import money_management_as_result
from kpi.rules.relevance.near_duplicate_project import near_duplicate_project
from kpi.rules.relevance.number_differs_from_goal import number_differs_from_goal

RULES: tuple[Rule, ...] = (
    money_management_as_result,
    input_as_output,
    foreign_topic,
    copied_indicator_set,
    near_duplicate_project,
    goal_not_covered,
    number_differs_from_goal,
    goal_is_a_slogan,
    leftover_template_text,
)
