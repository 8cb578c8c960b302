"""REL007."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from kpi.rules.base import Fault, evidence, project_rule
from kpi.rules.names import about
from kpi.rules.relevance.topics import pairs
from kpi.rules.relevance.wordings import any_of
from kpi.schema import Certainty, Extraction, Indicator, Project, Quantity
from kpi.values import find_values

_CLAUSE = re.compile(r"[，。；;,！!：:\n]")
_PART = re.compile(r"[、]")
_DIGIT = re.compile(r"\d")
# What is counted, measured or weighed; money is FIN008's, times and scores are no amounts of work.
_COUNTED = ("count", "area", "length", "mass", "volume", "energy", "capacity")
_MOST_CHARS = 300  # of a clause
_MOST_SAID = 60  # numbers of a goal
_ALIKE = 0.6  # of the pairs of characters of what is counted: 路面病害处治, 处治路面病害
_AT_LEAST, _AT_MOST = (">=", ">"), ("<=", "<")


class Said(NamedTuple):
    """A number of a goal: its clause, and what of the clause tells what is counted."""

    clause: str
    amount: Quantity
    about: str


@lru_cache(maxsize=50_000)
def _subject(name: str) -> str:
    """Whom or what a name counts: 保障社区干部人数 → 社区干部."""
    facts = about(name)
    counted = facts.plain.removesuffix(facts.head) if facts.head and facts.dimension != "ratio" else facts.plain
    return _bare(counted) or counted


def _bare(text: str) -> str:
    return any_of("goal.doing").sub("", text)


@lru_cache(maxsize=20_000)
def _said(text: str) -> tuple[Said, ...]:
    """The numbers of a goal, each with its part of the clause."""
    found: list[Said] = []
    for whole in _CLAUSE.split(text):
        if not _DIGIT.search(whole) or len(whole) > _MOST_CHARS:
            continue
        parts = _PART.split(whole)
        for clause in parts if all(map(_DIGIT.search, parts)) else [whole]:
            amounts = [each for each in find_values(clause) if isinstance(each, Quantity)]
            rest = clause
            for each in amounts:
                rest = rest.replace(each.raw.strip(), " ", 1)
            found += [Said(clause.strip(), each, rest) for each in amounts]
        if len(found) > _MOST_SAID:
            break
    return tuple(found)


def _speaks_of(row: Indicator, said: Said) -> bool:
    """Whether a number of a goal counts what a row counts: most of the row's words stand beside it, in any order, or
    all of the goal's in the row (公益活动, 公益文化活动); a rate must stand there as it is called.
    """
    name, subject = about(row.name).plain, _subject(row.name or "")
    if said.amount.dimension == "ratio":
        return len(name) > _SHORTEST_RATE and name in said.about
    if len(subject) < 2:
        return False
    if subject in said.about:
        return True
    mine = pairs(subject)
    if len(mine) > 1 and len(mine & pairs(said.about)) >= _ALIKE * len(mine):
        return True
    told = max(_HAN.findall(_bare(said.about)), key=len, default="")
    return len(told) > _SHORTEST_RATE and set(told) <= set(subject) and len(pairs(told) & mine) > 1


_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SHORTEST_RATE = 3


def _comparable(row: Indicator) -> Quantity | None:
    """The number of a row that a goal may be held against."""
    value = row.value
    if not isinstance(value, Quantity) or not row.name or value.operator == "~" or value.change:
        return None
    if value.dimension == "ratio":
        return value if value.operator in (*_AT_LEAST, "=") and about(row.name).dimension == "ratio" else None
    if value.dimension not in _COUNTED or value.per or row.horizon == "whole_period":
        return None
    return value if value.operator not in _AT_MOST else None


def _is_sure(said: Said, name: str) -> bool:
    """Whether the goal gives the whole number: nothing tells of a part, a change, a rough figure or another deed."""
    amount = said.amount
    if amount.operator == "~" or amount.change or amount.per or amount.operator in _AT_MOST:
        return False
    mine, theirs = set(any_of("goal.deeds").findall(name)), set(any_of("goal.deeds").findall(said.clause))
    if mine and theirs and mine.isdisjoint(theirs):
        return False
    return all(word.group() in name for word in any_of("goal.part").finditer(said.clause))


def _contradicts(value: Quantity, said: Quantity) -> bool:
    """Whether a row wants another number than the goal; where the goal names the least, more is no contradiction."""
    if said.operator in _AT_LEAST or said.dimension == "ratio":
        return value.base_magnitude < said.base_magnitude
    return value.base_magnitude != said.base_magnitude


def _same_unit(one: Quantity, other: Quantity) -> bool:
    if one.dimension != other.dimension:
        return False
    return one.base_unit == other.base_unit or (one.dimension == "ratio" and other.dimension == "ratio")


@project_rule("REL007", "number-differs-from-goal", severity="warning", opinion="其他", certainty="likely")
def number_differs_from_goal(project: Project, _extraction: Extraction) -> Iterator[Fault]:
    """指标值与绩效目标里的数量不一致。

    ## 检查什么
    绩效目标或资金用途的一个分句写了对象和数量（社区干部43人），而同一对象的数量指标写的是另一个数，单位相同；
    目标写“以上”的，以及合格率一类的比率，指标低于目标才报。为若干对象配备的东西，指标数少于对象数的，请人工判断。
    分句里有“其中、新增、每、约”等限定，目标别处写着与指标相同的数，或另一行已写着目标的数，不报。

    ## 为什么重要
    目标说43人，指标说40人，执行时按哪个算？多半有一处没有随人数变动更新。

    ## 反例
    - 目标写“保障社区干部43人工资按时发放”，数量指标“保障社区干部人数”写40人。

    ## 正例
    - 目标写“保障社区干部43人工资按时发放”，数量指标“保障社区干部人数”写43人。

    ## 依据
    财预〔2021〕101号：绩效指标应当与绩效目标一致，是目标的细化和量化。
    """
    told, rows = _told(project), _rows(project)
    if not told or not rows:
        return
    taken = {(value.base_magnitude, value.base_unit) for _, _, value in rows}
    paired: dict[Said, list[tuple[int, Indicator, Quantity]]] = {}
    for at, row, value in rows:
        near = _near(row, value, told)
        if len({each.amount.base_magnitude for each in near}) == 1 and not _stands_in(value, told):
            paired.setdefault(near[0], []).append((at, row, value))
    for each, found in paired.items():
        at, row, value = found[0]
        amount = each.amount
        if len(found) > 1 or (amount.base_magnitude, amount.base_unit) in taken or not _contradicts(value, amount):
            continue
        if not _is_sure(each, row.name or ""):
            continue
        less = value.operator in _AT_LEAST and value.base_magnitude < amount.base_magnitude
        yield _fault(at, row, each, "judge" if less else "likely")
    yield from _too_few(rows, told)


def shares_a_number(project: Project) -> bool:
    """Whether a number of the goals counts what a row counts, so that one can be held against the other."""
    told = _told(project)
    return bool(told) and any(_near(row, value, told) for _, row, value in _rows(project))


def _told(project: Project) -> list[Said]:
    texts = [text for text in (*project.goals, project.purpose or "") if _DIGIT.search(text)]
    return [each for text in texts for each in _said(text)][:_MOST_SAID]


def _rows(project: Project) -> list[tuple[int, Indicator, Quantity]]:
    return [(at, row, value) for at, row in enumerate(project.indicators) if (value := _comparable(row))]


def _near(row: Indicator, value: Quantity, told: list[Said]) -> list[Said]:
    return [each for each in told if _same_unit(each.amount, value) and _speaks_of(row, each)]


def _stands_in(value: Quantity, told: list[Said]) -> bool:
    """Whether a goal names the row's number somewhere, whatever it counts there."""
    return any(each.amount.base_magnitude == value.base_magnitude and _same_unit(each.amount, value) for each in told)


def _too_few(rows: list[tuple[int, Indicator, Quantity]], told: list[Said]) -> Iterator[Fault]:
    """Things handed out to so many, of which there are fewer: 为360艘渔船安装北斗终端, 330台."""
    for each in told:
        found = _handed().search(each.clause)
        if not found or each.amount.dimension != "count" or each.amount.raw.strip() not in found["whom"]:
            continue
        for at, row, value in rows:
            thing = any_of("goal.handing").sub("", _subject(row.name or ""))
            if len(thing) < 2 or thing not in found["what"] or value.dimension != "count":
                continue
            fewer = value.base_unit != each.amount.base_unit and value.base_magnitude < each.amount.base_magnitude
            if fewer and not any(_same_unit(other.amount, value) and thing in other.about for other in told):
                yield _fault(at, row, each, "judge")


@cache
def _handed() -> re.Pattern[str]:
    return re.compile(f"(?:为|给|向|对)(?P<whom>.{{2,30}}?)(?:{any_of('goal.handing').pattern})(?P<what>.+)")


def _fault(at: int, row: Indicator, said: Said, certainty: Certainty) -> Fault:
    printed = row.raw_value.strip()
    return Fault(
        f"绩效目标写“{said.clause[:60]}”，而“{row.name}”写“{printed}”，数量不一致。",
        f"核实实际数量，把目标和指标改成同一个数（“{said.amount.raw}”或“{printed}”）。",
        evidence(绩效目标=said.clause[:200], 指标=row.name, 指标值=printed),
        certainty,
        indicator=at,
    )
