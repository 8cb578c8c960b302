"""Tables with level rules only, as browsers and spreadsheets print them: the walls between their columns are supplied.

Where several rules run over the same width and none is shorter, the text between them shows the columns: the band with
the most runs gives them, and other runs widen them. A wall stands in every band in which no run crosses its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kpi.documents.pdf.chars import Char
from kpi.documents.pdf.columns import hulls_of
from kpi.documents.pdf.lines import Run, is_full, lines_of
from kpi.documents.pdf.page import Edge

_SAME = 6.0  # points by which the ends of rules may differ
_MIN_RULES = 3  # over the whole width
_MIN_COLUMNS = 3
_NARROW = 0.6  # ems between two columns
_FAR = 0.45  # share of the page's height between two rules of one table, at most


def supplied(levels: Sequence[Edge], chars: Sequence[Char], height: float) -> list[tuple[list[Edge], list[Edge]]]:
    """For each table with rules only: its rules, and the upright lines to draw. ``height`` is that of the page."""
    found = []
    groups = _groups(levels, height)
    lines = lines_of(chars, _NARROW) if groups else []
    for rules in groups:
        if not all(_is_whole(rule, rules) for rule in rules):
            continue  # cells go over several rows; the text tells more of them than the ends of rules
        top, bottom = rules[0].at, rules[-1].at
        runs = [run for line in lines for run in line if top < (run.top + run.bottom) / 2 < bottom]
        bands = _bands(rules, runs)
        columns = _columns(bands)
        if len(columns) < _MIN_COLUMNS or any(_several_rows(band, columns) for band in bands):
            continue
        left, right = min(rule.start for rule in rules), max(rule.end for rule in rules)
        uprights = [Edge(left, top, bottom), Edge(right, top, bottom)]
        for (_, end), (start, _) in pairwise(columns):
            place = (end + start) / 2
            for upper, lower, inside in bands:
                if not any(run.x0 < place < run.x1 for run in inside):
                    uprights.append(Edge(place, upper, lower))
        found.append((rules, uprights))
    return found


def _groups(levels: Sequence[Edge], height: float) -> list[list[Edge]]:
    """Rules of one width, and those between them that are shorter, as merged cells leave them."""
    groups: list[list[Edge]] = []
    for level in sorted(levels):
        for group in groups:
            start, end = group[0].start, group[0].end
            inside = start - _SAME <= level.start and level.end <= end + _SAME
            if inside and level.at - group[-1].at <= _FAR * height:
                group.append(level)
                break
        else:
            groups.append([level])
    return [group for group in groups if sum(_is_whole(rule, group) for rule in group) >= _MIN_RULES]


def _is_whole(rule: Edge, group: list[Edge]) -> bool:
    return rule.end - rule.start >= group[0].end - group[0].start - 2 * _SAME


_Band = tuple[float, float, list[Run]]


def _bands(rules: list[Edge], runs: list[Run]) -> list[_Band]:
    """What stands between two neighbouring rules; a run stands in the band of its middle."""
    places = sorted({rule.at for rule in rules})
    found: list[_Band] = []
    for upper, lower in pairwise(places):
        found.append((upper, lower, [run for run in runs if upper <= (run.top + run.bottom) / 2 < lower]))
    return found


def _columns(bands: list[_Band]) -> list[tuple[float, float]]:
    """The extents of the columns: those of the band with the most, widened by all runs that touch one column only."""
    best: list[tuple[float, float]] = max((hulls_of(runs) for _, _, runs in bands), key=len, default=[])
    for _, _, runs in bands:
        for run in runs:
            touched = [at for at, (x0, x1) in enumerate(best) if run.x0 < x1 and x0 < run.x1]
            if len(touched) == 1:
                x0, x1 = best[touched[0]]
                best[touched[0]] = min(x0, run.x0), max(x1, run.x1)
            elif not touched:
                best = sorted([*best, (run.x0, run.x1)])
    return best


def _several_rows(band: _Band, columns: list[tuple[float, float]]) -> bool:
    """Whether rules do not divide the rows in a band: in several columns a line is short and not the last."""
    broken = 0
    for x0, x1 in columns:
        lines = sorted((run for run in band[2] if x0 - 1 <= run.x0 and run.x1 <= x1 + 1), key=lambda run: run.top)
        longest = max((run.x1 - run.x0 for run in lines), default=0.0)
        broken += any(
            low.top - high.top > high.height / 2 and not is_full(high, x1 - x0, longest)
            for high, low in pairwise(lines)
        )
    return broken >= _MIN_COLUMNS
