"""REL007."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.names import about
from kpi.rules.relevance.wordings import any_of
from kpi.schema import Certainty, Extraction, Project, Quantity
from kpi.values import find_values

_CLAUSE = re.compile(r"[，。；;,\n]")
_DIGIT = re.compile(r"\d")
_COUNTED = ("count", "area", "length")
_MOST_CHARS = 300  # of a clause


@lru_cache(maxsize=50_000)
def _subject(name: str) -> tuple[str, ...]:
    """Whom or what a name counts: 保障社区干部人数 → 社区干部."""
    facts = about(name)
    counted = facts.plain.removesuffix(facts.head) if facts.head else facts.plain
    return tuple(piece for piece in any_of("goal.doing").sub(" ", counted).split() if piece)


@lru_cache(maxsize=20_000)
def _amounts(clause: str) -> tuple[Quantity, ...]:
    found = find_values(clause)
    return tuple(each for each in found if isinstance(each, Quantity) and each.dimension in _COUNTED)


def _speaks_of(subject: tuple[str, ...], clause: str) -> bool:
    return any(len(piece) > 1 for piece in subject) and all(piece in clause for piece in subject)


def _stands_in(value: Quantity, clauses: list[str]) -> bool:
    """Whether the number itself stands somewhere, which saves reading the clauses."""
    number = re.escape(f"{value.magnitude:f}")
    return any(re.search(rf"(?<![\d.]){number}(?![\d.])", clause) for clause in clauses)


@project_rule("REL007", "number-differs-from-goal", severity="warning", opinion="其他", certainty="likely")
def number_differs_from_goal(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """指标值与绩效目标里的数量不一致。

    ## 检查什么
    绩效目标或资金用途的一个分句写了对象和数量（社区干部43人），而同一对象的数量指标写的是另一个数，单位相同。
    分句里有“其中、新增、每、约”等限定，或目标别处写着与指标相同的数，不报。

    ## 为什么重要
    目标说43人，指标说40人，执行时按哪个算？多半有一处没有随人数变动更新。

    ## 反例
    - 目标写“保障社区干部43人工资按时发放”，数量指标“保障社区干部人数”写40人。

    ## 正例
    - 目标写“保障社区干部43人工资按时发放”，数量指标“保障社区干部人数”写43人。

    ## 依据
    财预〔2021〕101号：绩效指标应当与绩效目标一致，是目标的细化和量化。
    """
    texts = [text for text in (*project.goals, project.purpose or "") if _DIGIT.search(text)]
    if not texts:
        return
    clauses = [
        part for text in texts for part in _CLAUSE.split(text) if _DIGIT.search(part) and len(part) < _MOST_CHARS
    ]
    for at, row in enumerate(project.indicators):
        value = row.value
        if not isinstance(value, Quantity) or value.dimension not in _COUNTED or not row.name:
            continue
        if value.operator in ("<=", "<", "~") or value.change or value.per or row.horizon == "whole_period":
            continue
        subject = _subject(row.name)
        near = [clause for clause in clauses if _speaks_of(subject, clause)]
        if not near or _stands_in(value, clauses):
            continue
        same_unit = [
            each
            for clause in clauses
            for each in _amounts(clause)
            if each.base_unit == value.base_unit and not each.per
        ]
        said = [each for clause in near for each in _amounts(clause) if each in same_unit]
        if len(said) != 1 or any(each.base_magnitude == value.base_magnitude for each in same_unit):
            continue
        clause = next(clause for clause in near if said[0] in _amounts(clause))
        if said[0].change or said[0].operator_written or any_of("goal.part").search(clause):
            continue
        less = value.operator in (">=", ">") and value.base_magnitude < said[0].base_magnitude
        certainty: Certainty = "judge" if less else "likely"
        yield Fault(
            f"绩效目标写“{clause.strip()[:60]}”，而“{row.name}”写“{row.raw_value.strip()}”，数量不一致。",
            f"核实实际数量，把目标和指标改成同一个数（“{said[0].raw}”或“{row.raw_value.strip()}”）。",
            evidence(绩效目标=clause.strip()[:200], 指标=row.name, 指标值=row.raw_value.strip()),
            certainty,
            indicator=at,
        )
