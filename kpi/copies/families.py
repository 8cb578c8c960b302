"""Groups of alike projects → families, judged by what the rules on copying know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kpi.copies import near, sets
from kpi.copies.models import Copies, Family, Kind, Member, Row
from kpi.copies.sets import Places, Sets
from kpi.copies.standing import is_standing
from kpi.rules import BY_CODE
from kpi.rules.relevance.rows import LEAST, is_standard_row, plain
from kpi.rules.relevance.topics import core, related
from kpi.trend.rows import timeless

if TYPE_CHECKING:
    import polars as pl

SHARE = 0.8  # of the rows, as REL005
_MOST_SUBJECTS = 8  # a name is compared with so many others of its family: the work stays linear
_RULES: dict[Kind, str] = {"copied": "REL004", "repeated": "REL005"}
_ORDER: tuple[Kind, ...] = ("copied", "repeated", "shared")
_PROJECT = ("document", "project_number", "project", "project_code", "organisation", "fiscal_year", "budget", "place")


class _One(NamedTuple):
    """A project of a group: its row of the table, its set, and what makes it the same project in another year."""

    row: dict[str, Any]
    set: int
    identity: object


def found(projects: pl.LazyFrame, indicators: pl.LazyFrame, *, share: float = SHARE, shared: bool = False) -> Copies:
    """The families of a batch.

    Args:
        projects: the table of projects, with the columns of ``kpi.scorecard.columns.PROJECTS``.
        indicators: the table of indicators, likewise.
        share: how much of the rows two projects must have in common.
        shared: give the families in which nothing is wrong as well.

    """
    import polars as pl

    batch = sets.read(indicators)
    groups = near.groups(batch, share)
    _, of_group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    several = np.flatnonzero(sizes[of_group] > 1)
    rows = _rows_of(projects, batch.owners[several])
    members: dict[int, list[_One]] = defaultdict(list)
    standing = 0
    for number in several.tolist():
        row = rows.get(int(batch.owners[number]))
        if row is None:
            continue
        if is_standing(row["project"], row["organisation"]):
            standing += 1
            continue
        members[int(groups[number])].append(_One(row, number, None))
    chosen = [ones for group in members.values() if len(ones := _distinct(group)) > 1]
    firsts = np.array([ones[0].set for ones in chosen], np.int64)
    printed = _printed(indicators, batch, firsts)
    judged = (
        family
        for ones in chosen
        for family in _judged(ones, batch, printed[int(batch.owners[ones[0].set])], share, shared=shared)
    )
    return Copies(
        projects=projects.select(pl.len()).collect().item(), compared=len(batch.owners), standing=standing,
        families=tuple(sorted(judged, key=_rank)),
    )  # fmt: skip


def _rank(family: Family) -> tuple[int, int, str, int]:
    first = family.members[0]
    return _ORDER.index(family.kind), -len(family.members), first.document, first.project


def _rows_of(projects: pl.LazyFrame, owners: sets.Numbers) -> dict[int, dict[str, Any]]:
    """The projects of some owners, by owner."""
    import polars as pl

    wanted = pl.LazyFrame({"owner": owners})
    frame = projects.select(sets.owner(), *_PROJECT).join(wanted, on="owner", how="semi").collect(engine="streaming")
    return {row["owner"]: row for row in frame.iter_rows(named=True)}


def _distinct(group: Sequence[_One]) -> list[_One]:
    """The projects of a group, each once: of one that stands there in several years the latest.

    The same project has the same name in the same organisation; in one year with several codes it is several projects.
    With another name it is the same by its code. A target and its self-evaluation are one as well.
    """
    codes: dict[tuple[object, object], set[str]] = defaultdict(set)
    for one in group:
        if code := one.row["project_code"]:
            codes[_named(one), one.row["fiscal_year"]].add(plain(code))
    by_code: dict[tuple[str, str], object] = {}
    latest: dict[object, _One] = {}
    for one in sorted(group, key=lambda o: (o.row["document"], o.row["project_number"])):
        whose, code = plain(one.row["organisation"] or ""), plain(one.row["project_code"] or "")
        identity: object = _named(one)
        if code:
            several = len(codes[identity, one.row["fiscal_year"]]) > 1
            identity = by_code.setdefault((whose, code), (identity, code) if several else identity)
        before = latest.get(identity)
        if before is None or (one.row["fiscal_year"] or 0) > (before.row["fiscal_year"] or 0):
            latest[identity] = one._replace(identity=identity)
    return list(latest.values())


def _named(one: _One) -> object:
    name = timeless(one.row["project"])
    if not name:
        return one.row["document"], one.row["project_number"]
    return plain(one.row["organisation"] or ""), name


class _Printed(NamedTuple):
    """A row of a project as it is printed; ``telling`` where not any table has such a row."""

    row: Row
    telling: bool


def _printed(indicators: pl.LazyFrame, batch: Sets, firsts: Places) -> dict[int, dict[int, _Printed]]:
    """The rows of some sets as they are printed, by owner and key."""
    import polars as pl

    wanted = pl.LazyFrame({"owner": batch.owners[firsts]})
    columns = ("number", "name", "raw_value", "tier1", "tier2")
    rows = indicators.filter(pl.col("row_key").is_not_null()).select(sets.owner(), sets.row_key(), *columns)
    frame = rows.join(wanted, on="owner", how="semi").collect(engine="streaming").sort("owner", "number")
    found: dict[int, dict[int, _Printed]] = defaultdict(dict)
    for owner, key, _, name, value, tier1, tier2 in frame.iter_rows():
        said = _Printed(Row(name=name or "", value=value or ""), not is_standard_row(tier1, tier2, name))
        found[owner].setdefault(key, said)
    return found


def _judged(
    ones: list[_One], batch: Sets, printed: dict[int, _Printed], share: float, *, shared: bool
) -> Iterator[Family]:
    """What a group is: copied over subjects, else filed several times by an organisation, else shared."""
    common, counts = _common(ones, batch, share)
    rows = [printed[key] for key in printed if key in common]
    if sum(row.telling for row in rows) < LEAST:
        return  # a chain of projects each of which resembles the next, or rows that any table has
    subjects = _subjects(ones)
    everyone = [_member(one, batch, counts[one.set], subject) for one, subject in zip(ones, subjects, strict=True)]
    exact = len({tuple(batch.of(one.set).tolist()) for one in ones}) == 1
    if max(subjects) > 1:
        yield _family("copied", exact, rows, everyone)
        return
    by_unit: dict[tuple[object, object], list[Member]] = defaultdict(list)
    for member in everyone:
        by_unit[member.organisation, member.fiscal_year].append(member)
    for own in by_unit.values():
        if len(own) > 1:
            yield _family("repeated", exact, rows, own)
    if shared and len({member.organisation for member in everyone}) > 1:
        yield _family("shared", exact, rows, everyone)


def _common(ones: Sequence[_One], batch: Sets, share: float) -> tuple[set[int], dict[int, int]]:
    """The rows that a share of the group has, and how many of them each set has."""
    of_set = {one.set: batch.of(one.set) for one in ones}
    times = Counter(key for keys in of_set.values() for key in keys.tolist())
    common = {key for key, count in times.items() if count >= share * len(of_set)}
    return common, {number: sum(key in common for key in keys.tolist()) for number, keys in of_set.items()}


def _subjects(ones: Sequence[_One]) -> list[int]:
    """A number for each project's subject; two of different numbers share no topic.

    Each name is compared with the first one of every subject, so that a chain of names does not make one of all.
    """
    firsts: list[str | None] = []
    known: dict[str | None, int] = {}
    names = dict.fromkeys(one.row["project"] for one in ones)
    for name in sorted(names, key=lambda name: not core(name)):  # what tells nothing of its subject comes last
        own = next((n for n, first in enumerate(firsts, start=1) if related(first, name)), 0)
        if not own and len(firsts) < _MOST_SUBJECTS:
            firsts.append(name)
            own = len(firsts)
        known[name] = own or 1
    return [known[one.row["project"]] for one in ones]


def _member(one: _One, batch: Sets, shared: int, subject: int) -> Member:
    row = one.row
    budget = row["budget"]
    return Member(
        document=row["document"], project=row["project_number"] - 1, name=row["project"], code=row["project_code"],
        organisation=row["organisation"], fiscal_year=row["fiscal_year"], place=row["place"] or "",
        budget=None if budget is None else Decimal(budget), rows=len(batch.of(one.set)), shared=shared,
        subject=subject,
    )  # fmt: skip


_SHOWN = 3


def _family(kind: Kind, exact: bool, rows: Sequence[_Printed], members: Sequence[Member]) -> Family:
    rule = BY_CODE[_RULES[kind]] if kind in _RULES else None
    units = len({member.organisation for member in members})
    where = f"{units}个单位的" if units > 1 else ""
    same = f"{'完全相同' if exact else '几乎相同'}的{len(rows)}行指标"
    names = list(dict.fromkeys(member.name for member in members if member.name))
    listed = "、".join(f"“{name}”" for name in names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
    said = {
        "copied": f"{where}{len(members)}个主题不同的项目（{listed}）有{same}，疑似成套照搬。",
        "repeated": f"同一单位的{len(members)}个项目（{listed}）有{same}，可能是重复申报或应当合并。",
        "shared": f"{where}{len(members)}个同类项目（{listed}）有{same}。",
    }
    suggestions = {
        "copied": "逐个按项目自身的任务重设这几行指标，写明本项目做什么、做多少、做到什么标准。",
        "repeated": "说明各项目的分工，各写各的数量和对象；确为同一件事的，合并为一个项目。",
    }
    return Family(
        kind=kind, exact=exact, rows=tuple(row.row for row in rows), members=tuple(members),
        rule=rule.code if rule else None, severity=rule.severity if rule else None,
        certainty=rule.certainty if rule else None, opinion=rule.opinion if rule else None,
        message=said[kind], suggestion=suggestions.get(kind),
    )  # fmt: skip
