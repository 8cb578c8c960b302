"""Indicators of cost, and amounts of money: what the rules on direction and on money share, from ``costs.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from kpi.rules import names
from kpi.schema import Compound, Indicator, Project, Quantity, Range, Value
from kpi.schema.base import plain
from kpi.values import units

_COST_TIERS = ("成本指标", "经济成本指标")
_OTHERS_TIERS = ("社会成本指标", "生态环境成本指标")  # borne by others than the project
_MOST_CHARS = 30  # a longer name is a sentence, and names no whole cost


class CostName(NamedTuple):
    """What an indicator's name says of a cost.

    ``turned``: less of it is worse (节约成本, 营业收入), so that it is no cost; ``paid``: money for people; ``given``:
    such money by a standard, or a standard; ``priced``: per piece, person or time; ``lifelong``: over more than the
    year; ``invested``: what a work costs in all; ``noun``: ends in a word for a cost; ``whole``: the cost of the whole
    project.
    """

    turned: bool
    paid: bool
    given: bool
    priced: bool
    lifelong: bool
    invested: bool
    noun: bool
    whole: bool


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(resources.files("kpi.rules").joinpath("costs.toml").read_text(encoding="utf-8"))
    found = {role: re.compile(_any(words)) for role, words in data["words"].items()}
    cores, fillers = data["whole"]["cores"], data["whole"]["fillers"]
    found["nouns"] = re.compile(f"(?:{_any(data['words']['nouns'])})$")
    found["totals"] = re.compile(f"(?:{_any(data['words']['totals'])})$")
    found["core"] = re.compile(_any(cores))
    found["filler"] = re.compile(_any(fillers))
    found["whole"] = re.compile(f"(?:{_any([*cores, *fillers])})+")
    return found


def _any(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@lru_cache(maxsize=20_000)
def about(name: str | None) -> CostName:
    """What the name says; nothing where there is none."""
    words = _words()
    plain_name = words["masked"].sub("", names.about(name).plain)
    standard = bool(words["standard"].search(plain_name)) and not words["ceilings"].search(plain_name)
    paid = bool(words["given"].search(plain_name))
    return CostName(
        turned=bool(words["saves"].search(plain_name) or words["earns"].search(plain_name)),
        paid=paid,
        given=standard or (paid and not words["sums"].search(plain_name)),
        priced=bool(words["priced"].search(name or "")),
        lifelong=bool(words["lifelong"].search(plain_name)),
        invested=bool(words["invested"].search(plain_name)),
        noun=bool(words["nouns"].search(plain_name)),
        whole=len(plain_name) <= _MOST_CHARS
        and bool(words["core"].search(plain_name))
        and words["whole"].fullmatch(plain_name) is not None,
    )


def in_cost_tier(indicator: Indicator) -> bool:
    """Whether the row stands under a tier of costs, whoever bears them."""
    return indicator.tier2 in (*_COST_TIERS, *_OTHERS_TIERS) or (
        indicator.tier1 == "成本指标" and indicator.tier2 is None
    )


def is_cost(indicator: Indicator) -> bool:
    """Whether the row limits a cost: by its tier, or among the outputs by the noun at the end of its name."""
    said = about(indicator.name)
    if said.turned:
        return False
    return in_cost_tier(indicator) or (said.noun and indicator.tier1 in ("产出指标", "成本指标", None))


def is_own_cost(indicator: Indicator) -> bool:
    """Whether the row limits what the project itself spends, and not per piece, person or time."""
    said = about(indicator.name)
    return (
        is_cost(indicator)
        and indicator.tier2 not in _OTHERS_TIERS
        and not (said.priced or said.given or said.lifelong or said.invested)
        and indicator.horizon != "whole_period"
    )


def is_year_investment(indicator: Indicator, project: Project) -> bool:
    """Whether the row limits what a work costs in all (维修总投资), and nothing says that the work is longer than the
    budget's year or that others pay for it as well.
    """
    said = about(indicator.name)
    if not said.invested or said.priced or said.given or said.lifelong or not is_cost(indicator):
        return False
    if indicator.tier2 in _OTHERS_TIERS or indicator.horizon == "whole_period" or project.whole_budget is not None:
        return False
    told = [text for text in (project.name, project.title, project.purpose, *project.goals) if text]
    others = project.funding.other  # where they are printed, the budget holds what others pay
    signs = (
        [_words()["longer"], _YEARS]
        if others and others.magnitude
        else [_words()["longer"], _words()["shared"], _YEARS]
    )
    return not any(sign.search(text) for text in told for sign in signs)


_YEARS = re.compile(r"20\d\d\s*年?度?\s*[-—–－~～至到]+\s*20\d\d")


def says_total(indicator: Indicator, project: Project) -> bool:
    """Whether name or description speak of a sum of costs (防治总费用), and what they are for is the project itself."""
    words, name = _words(), names.about(indicator.name).plain
    for text in (name, names.about(indicator.description).plain):
        if (found := words["totals"].search(text)) and len(text) <= _MOST_CHARS:
            purpose = words["filler"].sub("", text[: found.start()])
            return not purpose or _is_all_of(purpose, project.name or "")
    return False


def _is_all_of(purpose: str, name: str) -> bool:
    """Whether a project is for one purpose and nothing beside: 设备购置 is half of 设备购置及维护."""
    return purpose in name and not _JOINT.search(name.replace(purpose, ""))


_JOINT = re.compile("[及和与、暨]")


def names_a_part(indicator: Indicator) -> bool:
    """Whether brackets or the description say that a cost is that of a part: 项目成本（二期）."""
    of_which = (text for text in _IN_BRACKETS.findall((indicator.name or "")[:_MOST_SEARCHED]) if not units.whole(text))
    if any(not about(text).whole for text in of_which):
        return True
    said = about(indicator.description)
    return said.noun and not said.whole


_IN_BRACKETS = re.compile(r"[（(]([^（()）\d≤＜<]{2,40})[)）]")
_MOST_SEARCHED = 400


def is_whole_cost(indicator: Indicator, project: Project) -> bool:
    """Whether the row is about all that the project costs: 项目总成本, 控制在预算内, or the project's own name."""
    if not is_own_cost(indicator) or not (about(indicator.name).whole or _named_alike(indicator.name, project.name)):
        return False
    return not names_a_part(indicator) or says_total(indicator, project)


def _named_alike(name: str | None, project: str | None) -> bool:
    own = names.about(name).plain
    return bool(project) and len(own) >= _ALIKE and own == names.about(project).plain


_ALIKE = 4  # characters that two names must share at least to be the same by more than chance


def amounts(indicator: Indicator) -> list[Quantity | Range]:
    """The amounts of money in the value of a row of cost, prices per piece among them; a bare 150万 is 元."""
    return [money for part in _parts(indicator.value) if (money := _as_money(part, indicator)) is not None]


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, Compound):
        for part in value.parts:
            yield from _parts(part)
    else:
        yield value


_MULTIPLIED = re.compile("[万亿]")


def _as_money(value: Value, indicator: Indicator) -> Quantity | Range | None:
    if not isinstance(value, Quantity | Range):
        return None
    if value.dimension == "money":
        return value if value.base_unit == "元" else None
    bare = isinstance(value, Quantity) and value.unit is None and value.dimension == "number"
    if bare and _MULTIPLIED.search(value.raw) and names.about(indicator.name).dimension in (None, "money"):
        return value.model_copy(update={"unit": "元", "base_unit": "元", "dimension": "money"})
    return None


def is_reached(indicator: Indicator) -> bool:
    """Whether a row counts whom a project reaches (宣传覆盖人数), so that no price is paid for each of them."""
    name = names.about(indicator.name).plain
    words = _words()
    return bool(words["reached"].search(name)) and not words["given"].search(name)


def whole_amount(indicator: Indicator) -> Quantity | Range | None:
    """The one amount in a value that is no price; ``None`` where there are several or none, or where it is a change."""
    found = [amount for amount in amounts(indicator) if amount.per is None]
    return found[0] if len(found) == 1 and found[0].change is None else None


def most(amount: Quantity | Range) -> Decimal:
    """The most that an amount allows, in 元."""
    return amount.upper.base_magnitude if isinstance(amount, Range) else amount.base_magnitude


def printed(amount: Quantity) -> str:
    """The amount in its printed unit, without its operator: ``12.5万元/人``."""
    return f"{plain(amount.magnitude)}{amount.unit or ''}{'/' + amount.per if amount.per else ''}"
