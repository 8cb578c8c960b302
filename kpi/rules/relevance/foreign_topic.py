"""REL003."""

from collections import Counter
from collections.abc import Iterator

from kpi.rules import suggest
from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.relevance import rows, topics
from kpi.rules.relevance.topics import Topic, pairs, pieces, topics_in, topics_of
from kpi.rules.relevance.wordings import any_of
from kpi.schema import Extraction, Indicator, Project

Line = tuple[str, str]
_DONE = ("产出指标", "成本指标")
_SHOWN = 200  # characters of a description


def _line(row: Indicator) -> Line:
    return rows.plain(row.name or ""), rows.plain(row.description or "")


def _of_row(row: Indicator) -> frozenset[Topic]:
    return topics_in(row.name) | topics_in(row.description)


def _head(project: Project) -> frozenset[Topic]:
    return topics_of((project.name, project.title, project.purpose, *project.goals))


@document_rule("REL003", "foreign-topic", severity="info", opinion="与项目相关性不够", certainty="likely")
def foreign_topic(extraction: Extraction) -> Iterator[Fault]:
    """指标说的是另一个项目的事，与本项目无关。

    ## 检查什么
    指标名称或描述里的主题词，在本项目的名称、用途、目标和其他指标里都没有出现，却是同一文档中另一个项目的主题。
    效益指标和哪个项目都可能涉及的主题（安全、环保、档案等），只在与别的项目某一行完全相同时才报；
    与别的项目某一行名称和值都相同的行，说的是那个项目名称里的事、本项目别处没有提到的，也报；满意度指标只看这一种。
    名称没有明确主题的项目（综合事务、街道工作）不报。

    ## 为什么重要
    这多半是从别的表复制后漏删的一行，会让整张表的可信度受到怀疑。

    ## 反例
    - “车辆保险费”的时效指标写“党建工作开展及时性”，而党建是同一文档里另一个项目的内容。

    ## 正例
    - “车辆保险费”的时效指标写“车辆保险缴纳及时率”。

    ## 依据
    财预〔2015〕88号：绩效目标应当与部门职能、项目内容密切相关。
    """
    done: set[tuple[int, int]] = set()
    for fault in _by_topic(extraction):
        if fault.project is not None and fault.indicator is not None:
            done.add((fault.project, fault.indicator))
        yield fault
    yield from _copied(extraction, done)


def _by_topic(extraction: Extraction) -> Iterator[Fault]:
    """Rows whose subject is that of another project, by the telling words of subjects."""
    projects = extraction.projects
    named = [topics_in(project.name) for project in projects]
    owner: dict[Topic, int] = {}
    for number, mine in enumerate(named):
        for topic in mine:
            owner.setdefault(topic, number)
    if len(projects) < 2 or len(owner) < 2:
        return
    lines: dict[Line, set[int]] = {}
    for number, project in enumerate(projects):
        if not named[number] or any(topic.umbrella for topic in named[number]):
            continue
        own = topics.fields(named[number])
        suspects = [
            at
            for at, row in enumerate(project.indicators)
            if row.tier1 != "满意度指标" and _foreign(_of_row(row), own, owner)
        ]
        if not suspects:
            continue
        lines = lines or _lines(extraction)
        own = topics.fields(_head(project))
        said_by = [_said(row, lines) for row in project.indicators]
        counted = Counter(one for fields in said_by for one in fields)
        for at in suspects:
            row = project.indicators[at]
            elsewhere = {one for one, times in counted.items() if times > (one in said_by[at])}
            found = _foreign(_of_row(row), own | elsewhere, owner)
            said = pairs(f"{row.name} {row.description}")
            if len(lines[_line(row)]) == 1:  # not copied line by line: only what speaks for itself
                found = frozenset(
                    t for t in found if row.tier1 in _DONE and not t.anywhere and _names(t, owner, projects) & said
                )
            if not found or pieces(project.name, 2) & said:
                continue
            topic = min(found, key=lambda each: (owner[each], each.name))
            yield _fault(project, number, at, projects[owner[topic]], topic.name)


def _names(topic: Topic, owner: dict[Topic, int], projects: tuple[Project, ...]) -> frozenset[str]:
    """The pairs of characters of the name whose subject it is: 老年 is of 养老补助, but in no word of that name."""
    return pieces(projects[owner[topic]].name, 2)


def _fault(project: Project, number: int, at: int, other: Project, about: str) -> Fault:
    row = project.indicators[at]
    told = row.description or row.name or ""
    return Fault(
        f"“{told[:_SHOWN]}”说的是“{other.name}”的内容（{about}），与本项目无关。",
        f"删去这一行，或改成“{project.name}”自己的内容，{suggest.measurable(row, project)}。",
        evidence(项目=project.name, 指标=row.name, 指标描述=row.description, 另一项目=other.name),
        project=number,
        indicator=at,
    )


def _copied(extraction: Extraction, done: set[tuple[int, int]]) -> Iterator[Fault]:
    """Rows that stand word for word, with their values, in another project whose name they speak of."""
    projects, having = extraction.projects, _having(extraction)
    alone: dict[int, set[str]] = {}
    own: dict[tuple[int, int], frozenset[str]] = {}
    for places in having.values():
        if not 1 < len(places) <= _MOST_PROJECTS:
            continue
        for number, at in places.items():
            for other in () if (number, at) in done else sorted(places.keys() - {number}):
                if (number, other) not in own:
                    own[number, other] = _words_of_other(projects[other], projects[number])
                project, row = projects[number], projects[number].indicators[at]
                words = _spoken(own[number, other], project, row)
                if not words or (rows.is_standard(row) and not _apart(project, projects[other])):
                    continue
                if number not in alone:
                    alone[number] = _of_its_own(projects[number], having)
                if words.isdisjoint(alone[number]):
                    about = next(part for part in topics.core(projects[other].name) if words & pairs(part))
                    yield _fault(projects[number], number, at, projects[other], about)
                    break


def _having(extraction: Extraction) -> dict[rows.Key, dict[int, int]]:
    """Where each row stands, by name and value: the projects, and in each the first such row."""
    found: dict[rows.Key, dict[int, int]] = {}
    for number, project in enumerate(extraction.projects):
        for at, key in enumerate(rows.keys(project)):
            if key is not None:
                found.setdefault(key, {}).setdefault(number, at)
    return found


_MOST_PROJECTS = 4  # a row of more is one of the form


def _of_its_own(project: Project, having: dict[rows.Key, dict[int, int]]) -> set[str]:
    """The pairs of characters of the rows that no other project has."""
    keyed = zip(project.indicators, rows.keys(project), strict=True)
    mine = (row for row, key in keyed if key is None or len(having[key]) == 1)
    return pairs(" ".join(f"{row.name} {row.description or ''} {row.raw_value} {row.basis or ''}" for row in mine))


def _words_of_other(other: Project, project: Project) -> frozenset[str]:
    """The pairs of characters that only the other project's name has; none where anything may stand in a project."""
    mine = any_of("umbrellas").sub(" ", project.name or "")
    if not topics.core(mine) or rows.same_project(project, other):
        return frozenset()
    return rows.own_words(other, project)


def _spoken(words: frozenset[str], project: Project, row: Indicator) -> frozenset[str]:
    """Which words of another project a row speaks of, where it speaks of nothing in its own one's name."""
    told = f"{row.name} {row.description or ''}"
    spoken = frozenset([word for word in words if word in told])
    if spoken:
        told_of = any_of("activities").sub(" ", told)
        spoken = frozenset([word for word in spoken if word in told_of])
    if not spoken or pieces(any_of("umbrellas").sub(" ", project.name or ""), 2) & pairs(told):
        return frozenset()
    return spoken


def _apart(project: Project, other: Project) -> bool:
    """Whether two projects are of fields that are known, and not the same."""
    mine, theirs = topics.fields(topics_in(project.name)), topics.fields(topics_in(other.name))
    return bool(mine and theirs) and not mine & theirs


def _lines(extraction: Extraction) -> dict[Line, set[int]]:
    """Which projects have a row of that name and description."""
    found: dict[Line, set[int]] = {}
    for number, project in enumerate(extraction.projects):
        for row in project.indicators:
            found.setdefault(_line(row), set()).add(number)
    return found


def _foreign(mentioned: frozenset[Topic], own: set[str], owner: dict[Topic, int]) -> frozenset[Topic]:
    """The topics of other projects that a row mentions, where it mentions nothing of the project's own fields."""
    if any(topic.field in own for topic in mentioned):
        return frozenset()
    return frozenset(topic for topic in mentioned if topic in owner and not topic.umbrella)


def _said(row: Indicator, lines: dict[Line, set[int]]) -> set[str]:
    """The fields that a row speaks of; none where it stands in another project too."""
    if len(lines[_line(row)]) > 1:
        return set()
    return topics.fields(topics_of((row.name, row.description, row.raw_value, row.basis)))
