"""REL009."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kpi.rules.base import Fault, document_rule, evidence
from kpi.rules.relevance import topics
from kpi.rules.relevance.rows import plain
from kpi.rules.relevance.wordings import any_of, words
from kpi.schema import Certainty, Extraction, Project

_FORM = re.compile(
    r"(?:项目支出|支出)?(?:预算)?绩效(?:目标|自评|评价)[^。，；：\s]{0,10}表(?:[(（][^()（）]*[)）])?(?:[(（]?续表?\d?[)）]?)?$"
)
_NUMBER = re.compile(
    r"^(?:附件\s*\d*\s*[:：.、]?|附?表\s*\d+\s*[:：.、]?|第?[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[.、．:：]"
    r"|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_ANY = re.compile(r"(?:部门|单位|本级|本部门|本单位)?(?:预算)?(?:项目|专项)?(?:支出|资金)?$")
_BRACKETED = re.compile(r"[（(【\[〔][^（(【\[〔）)】\]〕]*[）)】\]〕]")
_ALIKE = 0.5  # of the pairs of characters of the shorter name: a slip of the pen or another form of the same name


@lru_cache(maxsize=50_000)
def named(title: str | None) -> str | None:
    """The project that a title names, without its number and the words of the form; null where it names none."""
    if not title:
        return None
    whole = title.strip()
    name = plain(_FORM.sub("", _NUMBER.sub("", whole)))
    is_form = _FORM.search(whole) is not None
    bare = _YEAR.sub("", name)
    if len(bare) < 2 or bare in words("leftover.no_project") or any_of("leftover.sections").search(bare):
        return None
    if _ANY.sub("", bare).endswith(words("leftover.organisations")):
        return None
    return name if is_form or name.endswith(topics.endings()) else None


def _alike(one: str, other: str) -> bool:
    """Whether two names mean the same project: one within the other, or most of the shorter core in common."""
    one, other = (plain(_BRACKETED.sub("", name)) or name for name in (one, other))
    if one in other or other in one:
        return True
    mine, theirs = topics.pieces(one, 2), topics.pieces(other, 2)
    if not mine or not theirs:  # 工作经费 and the like
        mine, theirs = frozenset(topics.pairs(one)), frozenset(topics.pairs(other))
    return len(mine & theirs) > _ALIKE * min(len(mine), len(theirs))


@lru_cache(maxsize=50_000)
def _kin(name: str) -> frozenset[int]:
    """The groups of words of one meaning that a name touches."""
    return frozenset(at for at, group in enumerate(words("leftover.kin")) if any(word in name for word in group))


def _abbreviates(one: str, other: str) -> bool:
    """Whether a pair of characters of one core stands near one another in the other name: 低保, 最低生活保障."""
    return any(re.search(f"{re.escape(p[0])}.{{0,4}}?{re.escape(p[1])}", other) for p in topics.pieces(one, 2))


def _strange(title: str, project: Project) -> bool:
    """Whether what a title names has nothing at all to do with a table: no word of its own, and none that means the
    same, stands in the project's name, goals or purpose, and none of its own in the rows.
    """
    mine, name = topics.pieces(any_of("leftover.classes").sub(" ", title), 2), plain(project.name or "")
    if not mine or not topics.pieces(name, 2) or _alike(title, name):
        return False
    if _kin(title) & _kin(name) or _abbreviates(title, name) or _abbreviates(name, title):
        return False
    texts = [name, project.purpose or "", *project.goals]
    for row in project.indicators:
        texts += [row.name or "", row.description or "", row.basis or ""]
    return mine.isdisjoint(topics.pairs(" ".join(texts)[:_MOST_CHARS]))


_MOST_CHARS = 10_000  # of a project's texts


def _agree(extraction: Extraction) -> bool:
    """Whether the titles of a document name its projects: most of those that can be compared do, each its own."""
    pairs = [(named(p.title), plain(p.name)) for p in extraction.projects if p.title and p.name]
    told = [(title, name) for title, name in pairs if title]
    alike = sum(_alike(title, name) or bool(_kin(title) & _kin(name)) for title, name in told)
    return alike > 0 and alike * 2 > len(told) and len({title for title, _ in told}) == len(told)


def _own(project: Project) -> list[str]:
    names = (plain(project.name) if project.name else None, named(project.title))
    return list(dict.fromkeys(filter(None, names)))


def names_projects(project: Project) -> bool:
    """Whether a title, a field code or a bookmark names a project that a table's own name can be held against."""
    if not _own(project):
        return False
    return any(map(named, project.hidden_titles)) or bool(project.name and named(project.title))


@document_rule("REL009", "leftover-template-text", severity="warning", opinion="其他")
def leftover_template_text(extraction: Extraction) -> Iterator[Fault]:
    """标题、域代码或书签里写的是另一个项目，是套用模板时留下的。

    ## 检查什么
    表上方的域代码（TC）或书签所写的项目名称与本表的项目不同；或本表的标题写的是同一文档中另一个项目；
    或各表标题都写项目名称，唯独本表标题所写的事项与项目名称、目标、用途和各行指标毫无关系。
    编号、年份、括号里的说明不同，或一个名称包含另一个名称的，不算不同。

    ## 为什么重要
    域代码和书签打印时看不见，但目录由它们生成，电子文档公开后谁都能查到；写着别的项目，说明表是从别处复制来的，内容未必改全。

    ## 反例
    - 标题是“环保工作经费绩效目标表”，域代码却是“市直老干部管理经费绩效目标表”。

    ## 正例
    - 标题是“车辆保险费绩效目标表”，域代码也是“车辆保险费绩效目标表”。

    ## 依据
    财预〔2015〕88号：绩效目标应当指向明确；各地公开检查要求公开内容真实、完整。
    """
    names = {plain(project.name) for project in extraction.projects if project.name}
    agree = _agree(extraction)
    names |= {
        title for p in extraction.projects if p.name and (title := named(p.title)) and _alike(title, plain(p.name))
    }
    for number, project in enumerate(extraction.projects):
        own = _own(project)
        if not own:
            continue
        for title in project.hidden_titles:
            other = named(title)
            if other and not any(_alike(other, name) for name in own):
                yield _fault(project, number, own[0], f"域代码或书签写的是“{title}”", title, "certain")
                break
        else:
            other = named(project.title)
            if not other or not project.name or _alike(other, plain(project.name)):
                continue
            if other in names or (agree and _strange(other, project)):
                yield _fault(project, number, own[0], f"标题写的是“{project.title}”", project.title, "likely")


def _fault(project: Project, number: int, own: str, where: str, title: str | None, certainty: Certainty) -> Fault:
    return Fault(
        f"本表是“{project.name or own}”，{where}，是另一个项目的名称。",
        f"把残留的名称改为“{project.name or own}”（在 Word 中按 Alt+F9 可显示域代码），并核对全表有无其他照搬内容。",
        evidence(项目=project.name or own, 残留的名称=title),
        certainty,
        project=number,
    )
