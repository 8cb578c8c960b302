"""REL006."""

from collections.abc import Iterator
from functools import lru_cache

from kpi.rules import facts
from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.relevance import topics
from kpi.rules.relevance.wordings import any_of
from kpi.schema import Extraction, Indicator, Project, Qualitative

_ROWS = 3
_MOST_CHARS = 2_000


@lru_cache(maxsize=20_000)
def _content(text: str) -> frozenset[str]:
    """What a goal speaks of: the pairs of characters outside of words that any goal has."""
    return frozenset().union(*(topics.pieces(part, 2) for part in any_of("goal.empty").split(text[:_MOST_CHARS])))


def _told(row: Indicator) -> str:
    parts = (row.name, row.description, row.raw_value, row.basis, row.explanation)
    return " ".join(part for part in parts if part)[:_MOST_CHARS]


def _is_wish(row: Indicator) -> bool:
    """Whether a row wishes an effect in words (提高人大代表素养 | 有所提高).

    That it names whom the project is about is not yet to measure what the goal says is done.
    """
    wish = isinstance(row.value, Qualitative) and row.value.sense in ("direction_only", "intensity_only")
    return wish and row.tier1 == "效益指标"


@project_rule("REL006", "goal-not-covered", severity="info", opinion="与项目相关性不够", certainty="judge")
def goal_not_covered(project: Project, extraction: Extraction) -> Iterator[Fault]:
    """绩效目标说的事，没有一个指标在衡量。

    ## 检查什么
    项目名称和绩效目标有明确内容，而满意度以外的指标（名称、描述、值、依据）没有一处提到它。
    只看完整的表；目标是“保障正常运转”一类没有内容的话时不报（见 REL008）。

    ## 为什么重要
    指标应当由目标分解而来。目标是防治大气污染，指标却全是办公设备维护，目标完成与否无从得知。

    ## 反例
    - 目标是“大气污染防治”，指标是设备维护次数、办公设备正常运行率、预算控制数。

    ## 正例
    - 目标是“大气污染防治”，指标有“PM2.5 年均浓度”“散煤治理户数”。

    ## 依据
    财预〔2021〕101号：绩效指标应当是绩效目标的细化和量化描述。
    """
    goals = " ".join(project.goals)
    wanted = _content(goals) if goals else frozenset()
    rows = [row for row in project.indicators if row.name and row.tier1 != "满意度指标"]
    if not wanted or len(rows) < _ROWS:
        return
    subjects = topics.topics_in(project.name) | topics.topics_in(goals)
    if any(topic.umbrella for topic in topics.topics_in(project.name)) and len(subjects) == 1:
        return
    named = topics.pieces(project.name, 2)
    besides, either = wanted - named, wanted | named
    for row in rows:
        told, wish = _told(row), _is_wish(row)
        if not (besides if wish else either).isdisjoint(topics.pairs(told)):
            return
        if subjects and not wish and topics.topics_in(told) & subjects:
            return
    if not facts.is_whole(project, extraction):
        return
    shown = "、".join(list(dict.fromkeys(row.name for row in rows if row.name))[:4])
    yield Fault(
        f"绩效目标“{goals[:60]}”没有对应的指标，现有指标是{shown}等。",
        "把目标分解成指标：目标里的每件事至少设一个数量指标，写明做多少、做到什么标准。",
        evidence(项目=project.name, 绩效目标=goals[:200], 指标=shown),
    )
