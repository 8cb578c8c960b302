"""The figures of the report's charts. A bar is a row of parts, each with its share of the width in per cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kpi.explain import FAMILIES, SEVERITIES
from kpi.scorecard.results import Results, shares
from kpi.scorecard.summary import Total

_STEPS = 10
_CENT = Decimal("0.01")


class Part(NamedTuple):
    """A part of a bar: what it counts, where it begins and how wide it is, in per cent of the width."""

    kind: str
    label: str
    total: int
    start: Decimal
    width: Decimal


class Bar(NamedTuple):
    """A bar with its label."""

    label: str
    total: int
    parts: tuple[Part, ...]


class Chart(NamedTuple):
    """Bars under one title; the longest takes the whole width."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""


def charts(batch: Results) -> tuple[Chart, ...]:
    """The charts of a batch; those with nothing to show are left out."""
    found = (_families(batch.total), _values(batch.total), _shares(batch), _scores(batch))
    return tuple(chart for chart in found if any(bar.total for bar in chart.bars))


def _families(total: Total) -> Chart:
    counts: Counter[tuple[str, str]] = Counter()
    for rule, by_severity in total.by_rule.items():
        counts.update({(rule[:3], severity): n for severity, n in by_severity.items()})
    families = [*FAMILIES, *sorted({family for family, _ in counts} - set(FAMILIES))]
    rows = [
        (f"{family} {FAMILIES.get(family, '')}", [(kind, word, counts[family, kind]) for kind, word in _SEVERITIES])
        for family in families
        if any(counts[family, kind] for kind, _ in _SEVERITIES)
    ]
    return Chart("问题按类别和级别", _bars(rows))


_SEVERITIES = tuple(SEVERITIES.items())


def _values(sums: Total) -> Chart:
    other = max(sums.filled - sums.measurable - sums.vague, 0)
    rows = [
        ("可衡量", [("good", "可衡量", sums.measurable)]),
        ("含糊", [("warning", "含糊", sums.vague)]),
        ("其他文字", [("plain", "其他文字", other)]),
        ("没有填写", [("error", "没有填写", sums.indicators - sums.filled)]),
    ]
    return Chart("指标值是否可衡量", _bars(rows), "量化率＝可衡量的指标数÷已填写的指标数")


def _shares(batch: Results) -> Chart:
    return _distribution("项目按量化率分布", shares(batch, "share_quantified"))


def _scores(batch: Results) -> Chart:
    return _distribution(
        "项目按机审得分率分布", shares(batch, "share_reached"), "机审得分率＝得分÷机器可核对的分值；其余待人工评定"
    )


def _distribution(title: str, shares: Counter[Decimal], note: str = "") -> Chart:
    """How many projects lie in each tenth; the best first."""
    counts: Counter[int] = Counter()
    for share, projects in shares.items():
        counts[min(int(share * _STEPS), _STEPS)] += projects
    rows = [("100%", [("good", "项目", counts[_STEPS])])]
    rows += [
        (f"{step}0%–{step + 1}0%" if step else "10% 以下", [("plain", "项目", counts[step])])
        for step in reversed(range(_STEPS))
    ]
    return Chart(title, _bars(_without_empty_ends(rows)), note)


_Row = tuple[str, list[tuple[str, str, int]]]


def _without_empty_ends(rows: list[_Row]) -> list[_Row]:
    filled = [at for at, (_, parts) in enumerate(rows) if any(n for _, _, n in parts)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _bars(rows: Sequence[_Row]) -> tuple[Bar, ...]:
    longest = max((sum(n for _, _, n in parts) for _, parts in rows), default=0)
    return tuple(_bar(label, parts, longest) for label, parts in rows)


def _bar(label: str, parts: Sequence[tuple[str, str, int]], longest: int) -> Bar:
    placed: list[Part] = []
    start = 0
    for kind, word, n in parts:
        if n:
            placed.append(Part(kind, word, n, _per_cent(start, longest), _per_cent(n, longest)))
            start += n
    return Bar(label, start, tuple(placed))


def _per_cent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / Decimal(whole)).quantize(_CENT)
