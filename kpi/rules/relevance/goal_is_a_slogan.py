"""REL008."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.relevance.rows import plain
from kpi.rules.relevance.wordings import any_of, words
from kpi.schema import Extraction, Project

_CLAUSES = re.compile(r"[，。；;,、!！\n]+")
# Figures that count nothing: years, the numbers of documents and of goals, what stands in quotation marks.
_NO_COUNT = re.compile(
    r"[〔\[【(（]\s*(?:19|20)\d\d\s*[〕\]】)）]\s*\d*\s*号?|(?:19|20)\d\d\s*年?(?:度)?|目标(?:内容)?\s*\d{1,2}|[“\"][^”\"]{1,12}[”\"]"
)
_COUNT = re.compile(r"[\d０-９%％]|[一二两三四五六七八九十百千万]+(?:[个名人次户家场期台套所座公里亩]|平方米|以上)")
_SEVERAL = 3  # clauses, of which two in three say nothing, before a bare activity among them is no more than they are
_MOST_CHARS = 1_000  # a goal of that length tells more than a slogan


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(f"^(?:{any_of('slogan.openings').pattern})*")


@cache
def _abstract() -> re.Pattern[str]:
    return re.compile(f"(?:{any_of('slogan.concrete').pattern})(?={any_of('slogan.abstract').pattern})")


@lru_cache(maxsize=20_000)
def _is_slogan(goal: str, name: str) -> bool:
    """Whether every clause of a goal is a slogan, or only says the project's name again."""
    if len(goal) > _MOST_CHARS:
        return False
    if name and plain(goal) in (name, name + "项目"):
        return True
    text = _NO_COUNT.sub("", goal)
    beside = plain(text).replace(_NO_COUNT.sub("", name), "") if name else plain(text)
    clauses = [clause for clause in (_opening().sub("", part.strip()) for part in _CLAUSES.split(text)) if clause]
    empty = sum(map(_says_nothing, clauses))
    if _COUNT.search(beside) or not empty:
        return False
    concrete = set(any_of("slogan.concrete").findall(_abstract().sub("", beside)))
    mostly = len(clauses) >= _SEVERAL and empty * 3 >= len(clauses) * 2
    return not concrete or (mostly and concrete <= set(words("slogan.light")))


def _says_nothing(clause: str) -> bool:
    """Whether a clause only wants something to be kept up, done or made better."""
    return clause.startswith(words("slogan.verbs")) or clause.endswith(words("slogan.results"))


@project_rule("REL008", "goal-is-a-slogan", severity="warning", opinion="不够细化量化", certainty="judge")
def goal_is_a_slogan(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """绩效目标是口号，没有说做什么、做到什么程度。

    ## 检查什么
    项目的各条绩效目标都没有数量，也没有具体的事项（发放、建设、购置、培训、检查等），只有“保障正常运转”“提高服务水平”一类的话，
    或者只把项目名称又写了一遍。几句话里多半是这样的话，只夹着一句“开展巡查”而没有数量的，也算。

    ## 为什么重要
    目标是设指标的根据。目标是口号，指标就无从对应，年底也无法判断目标是否实现。

    ## 反例
    - 绩效目标只写“保障单位正常运转”。

    ## 正例
    - 绩效目标写“为43名社区干部按月发放工资，缴纳社会保险”。

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确、细化量化。
    """
    goals = [goal for goal in project.goals if goal.strip()]
    name = plain(project.name or "")
    if not goals or not all(_is_slogan(goal, name) for goal in goals):
        return
    yield Fault(
        f"绩效目标“{goals[0][:60]}”没有数量，也没有具体事项，无法据以考核。",
        "写明本年做什么、做多少、给谁、何时完成，如“全年开展__次（项），服务__人，于__月底前完成”。",
        evidence(项目=project.name, 绩效目标="；".join(goals)[:200]),
    )
