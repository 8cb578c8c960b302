"""Whether more or less of what an indicator measures is better, from ``polarity.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from kpi.rules import names
from kpi.schema import Compound, Indicator, Quantity, Value

Polarity = Literal["good", "harm"]


@cache
def _words() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(resources.files("kpi.rules.direction").joinpath("polarity.toml").read_text(encoding="utf-8"))
    good, harm, turning = data["good"], data["harm"], data["turning"]
    return {
        "good": re.compile(f"(?:{_any(good['rates'] + good['counts'] + good['money'])})$"),
        "except": re.compile(_any(good["except"])),
        "growth": re.compile(f"(?:{_any(good['growth'])})$"),
        "growing": re.compile(_any(good["growing"])),
        "harm": re.compile(f"(?:{_any(harm['heads'])})$"),
        "harmed": re.compile(_any(harm["heads"])),
        "event": re.compile(
            f"(?:(?:{_any(harm['events'])})(?:{_any(harm['counters'])})?"
            f"|(?:{_any(harm['events'] + harm['crimes'])})[\u4e00-\u9fff]{{0,5}}(?:{_any(harm['happens'])}))$"
        ),
        "waits": re.compile(f"(?:{_any(harm['waits'])})$"),
        "without": re.compile(f"(?:{_any(harm['without'])})(?:{_any(harm['between'])})*$"),
        "spared": re.compile(_any(harm["spared"])),
        "turning": re.compile(_any(turning["words"])),
        "falls": re.compile(f"(?:{_any(turning['falls'])})$"),
        "handled": re.compile(_any(turning["handled"])),
    }


def _any(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@lru_cache(maxsize=20_000)
def of(name: str | None) -> Polarity | None:
    """What the name measures, something good or a harm; null where that is not certain."""
    words, plain = _words(), names.about(name).plain
    if falls := words["falls"].search(plain):
        subject = plain[: falls.start()]
        return "good" if words["harmed"].search(subject) and not words["handled"].search(subject) else None
    if words["turning"].search(plain):
        return None
    if harm := words["harm"].search(plain):
        before = plain[: harm.start()]
        return None if words["without"].search(before) or words["handled"].search(plain) else "harm"
    if growth := words["growth"].search(plain):
        subject = plain[: growth.start()]
        return "good" if words["growing"].search(subject) and not words["harmed"].search(subject) else None
    if good := words["good"].search(plain):
        before = plain[: good.start()]
        return None if before.endswith(("不", "未", "非", "无")) or words["except"].search(plain) else "good"
    return None


@lru_cache(maxsize=20_000)
def is_event(name: str | None) -> bool:
    """Whether the name counts what is a harm wherever it happens: 违章占道经营发生数."""
    words, plain = _words(), names.about(name).plain
    found = words["event"].search(plain)
    if not found or any(words[role].search(plain) for role in ("turning", "handled", "spared")):
        return False
    return not words["without"].search(plain[: found.start()])


@lru_cache(maxsize=20_000)
def is_wait(name: str | None) -> bool:
    """Whether the name is of a span of time that someone waits, the shorter the better: 办结时限."""
    words, plain = _words(), names.about(name).plain
    return bool(words["waits"].search(plain)) and not words["turning"].search(plain)


_RATES = ("率", "度", "感", "面")
_OF_RATES = ("ratio", "number", "score")


def bounded(indicator: Indicator, *operators: str) -> Quantity | None:
    """The first number of a value that stands behind one of the operators, is no decrease, and under a rate is one."""
    for number in _quantities(indicator.value):
        if (
            number.operator in operators
            and number.change != "decrease"
            and (number.dimension in _OF_RATES or not names.about(indicator.name).plain.endswith(_RATES))
        ):
            return number
    return None


def _quantities(value: Value) -> Iterator[Quantity]:
    if isinstance(value, Compound):
        for part in value.parts:
            yield from _quantities(part)
    elif isinstance(value, Quantity):
        yield value
