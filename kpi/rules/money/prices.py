"""Prices of one piece and how many pieces there are, in the rows of a project and in the words around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kpi.rules import costs
from kpi.schema import Indicator, Project, Quantity

_MOST_CHARS = 1_000  # of a text that are searched
_YEARLY = {"": Decimal(1), "年": Decimal(1), "月": Decimal(12), "季度": Decimal(4), "半年": Decimal(2)}
_COUNTED = "人|名|户|亩|个|台|套|头|件|村|株|只|辆|家|所|生"
# 每人每月补助315元; 315元/人·月
_BEFORE = re.compile(
    rf"每(?P<of>{_COUNTED})(?:每(?P<time>年|月|季度|天|日|半年))?[^，。；、\d每]{{0,8}}(?P<number>\d+(?:\.\d+)?)(?P<wan>万?)元(?!/)"
)
_BEHIND = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?)(?P<wan>万?)元/(?P<of>{_COUNTED})(?:[·./每](?P<time>年|月|季度|天|日|半年))?(?![\w次])"
)
# A price that is only the most that is paid, or up to which incomes are made up, says nothing of what is paid at least.
_CEILING = re.compile("最高|最多|上限|限额|限价|封顶|低保|最低生活保障|低收入|差额")
# How often a price is paid, where its name says so and not its unit: 月均补贴标准260元/户.
_TIME_OF_NAME = re.compile("(?<=[每按逐])(?:半年|季度|年|月|日|天)|(?:半年|季度|年|月|日|天)(?=均)")
_NEAR = 8  # characters before a price in which such a word is looked for
_ONE = re.compile(f"(?:{_COUNTED}|次|件|日|月|年)均|平均")
_SAME = {"名": "人", "生": "人"}


class Price(NamedTuple):
    """So many 元 a year for one of what ``of`` counts (人, 亩, 台); ``most``: no more than so many."""

    of: str
    yuan: Decimal
    most: bool = False


def prices(project: Project) -> set[Price] | None:
    """The prices that rows and texts print; ``None`` where one is by the day, as nothing says for how many days."""
    found: set[Price] = set()
    texts = {text for text in _texts(project) if text and "元" in text}
    rows = [row for row in project.indicators if row.value.kind in ("quantity", "compound")]
    for some in (*map(_in_text, texts), *map(_in_row, rows)):
        if some is None:
            return None
        found.update(some)
    return found


def _texts(project: Project) -> Iterator[str | None]:
    for row in project.indicators:
        yield from (row.basis, row.explanation, row.description)
    yield project.purpose
    yield from project.goals


@lru_cache(maxsize=10_000)
def _in_text(text: str) -> tuple[Price, ...] | None:
    found = []
    for pattern in (_BEFORE, _BEHIND):
        for match in pattern.finditer(text[:_MOST_CHARS]):
            times = _YEARLY.get(match["time"] or "")
            if times is None:
                return None
            number = Decimal(match["number"]) * (10_000 if match["wan"] else 1)
            most = bool(_CEILING.search(text, max(0, match.start() - _NEAR), match.end() + 2))
            found.append(Price(_SAME.get(match["of"], match["of"]), number * times, most))
    return tuple(found)


def _in_row(row: Indicator) -> Iterable[Price] | None:
    if isinstance(row.value, Quantity) and row.value.per is None:
        return ()
    found = []
    for amount in costs.amounts(row):
        if amount.per is not None and isinstance(amount, Quantity):
            of, _, time = amount.per.partition("·")
            name = (row.name or "")[:_MOST_CHARS]
            if not time and (told := _TIME_OF_NAME.search(name)):
                time = told[0]
            if time not in _YEARLY:
                return None
            most = bool(_CEILING.search(name))
            found.append(Price(of, amount.base_magnitude * _YEARLY[time], most))
    return found


def counts(project: Project, units: Iterable[str]) -> dict[str, list[Decimal]]:
    """How many there are of each of the units, row by row; what an effect amounts to, what one gets, whom the project
    only reaches, is no number.
    """
    wanted, found = set(units), defaultdict(list)
    for row in project.indicators:
        if row.tier2 not in (None, "数量指标") or _ONE.search(row.name or "") or costs.is_reached(row):
            continue
        for number in _numbers(row):
            for unit, magnitude in ((number.unit, number.magnitude), (number.base_unit, number.base_magnitude)):
                if unit in wanted and magnitude > 0:
                    found[unit].append(magnitude)
                    break
    return dict(found)


def _numbers(row: Indicator) -> Iterator[Quantity]:
    value = row.value
    if isinstance(value, Quantity) and value.per is None and value.change is None:
        yield value
