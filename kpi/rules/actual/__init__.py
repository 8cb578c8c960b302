"""ACT: what the self-evaluation says was reached. One file a rule."""

from kpi.rules.actual.actual_copies_target import actual_copies_target
from kpi.rules.actual.far_exceeded import far_exceeded
from kpi.rules.actual.full_marks_without_data import full_marks_without_data
from kpi.rules.actual.not_reached_without_reason import not_reached_without_reason
from kpi.rules.actual.number_for_a_wording import number_for_a_wording
from kpi.rules.actual.points_lost_though_reached import points_lost_though_reached
from kpi.rules.actual.score_above_weight import score_above_weight
from kpi.rules.actual.words_for_a_number import words_for_a_number
from kpi.rules.base import Rule

RULES: tuple[Rule, ...] = (
    not_reached_without_reason,
    words_for_a_number,
    far_exceeded,
    score_above_weight,
    full_marks_without_data,
    actual_copies_target,
    points_lost_though_reached,
    number_for_a_wording,
)
