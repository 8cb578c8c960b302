"""Tokens → rows: the most likely way to lay a run of cells into the columns of a heading (a Viterbi search)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from kpi.documents.cleaning import clean
from kpi.tables.fit import MOST_DRAWN, beside, fit, goes_on, skip, sort_of, starts_tier, stump
from kpi.tables.pasted import wrap
from kpi.tables.pasted.stream import MOST_WORD, Gap, Token

Filled = dict[int, list[Token]]  # a row: column → the tokens of its cell
Homes = Mapping[str, int]  # text → the column in which it stands in other rows
_NEVER = -1e9
_NEW_ROW = -0.3
_LEFT_OUT = -0.6  # for each token before the first row or behind the last
_SHOWN = 0.5  # columns are passed over for which the row shows as many empty cells
_NO_SECOND = 2.5  # a first tier whose second is missing
_AT_HOME = 3.0
_SAMPLE = 3_000
_MOST_AT_LINES = 0.85  # the share of tiers at the beginning of lines, from which on rows begin there
_ROW_COLUMNS = 2.5  # cells in a line, on average, from which on lines are rows


class Layout(NamedTuple):
    """How much the line ends of a text say: the cost of a row that begins within a line, and of one that goes on
    over the end of a line.
    """

    within: float
    over: float


class Decoded(NamedTuple):
    """The rows, the tokens they begin and end with (an index behind the last), and the weight of the evidence."""

    rows: list[Filled]
    begin: int
    end: int
    score: float


def layout_of(found: Sequence[Token]) -> Layout:
    """Whether lines are rows in this text, and how surely: by where the tiers that begin a row stand."""
    lines = sum(1 for token in found if token.gap & Gap.LINE)
    kinds = [sort_of(clean(token.text[:MOST_WORD])).kind for token in found[:_SAMPLE]]
    begins = [n for n in range(1, len(kinds)) if kinds[n] == "tier" != kinds[n - 1]]
    at_line = sum(1 for n in begins if found[n].gap & Gap.LINE)
    if lines < 2 or at_line < len(begins) * _MOST_AT_LINES:
        return Layout(0.0, 0.0)
    if len(found) / lines < _ROW_COLUMNS:
        return Layout(1.5, 0.0)
    bars = sum(1 for token in found if token.gap & (Gap.CELL | Gap.WIDE))
    return Layout(2.5, 2.5) if bars > len(found) / 2 else Layout(1.5, 0.8)


def _join_cost(gap: int) -> float:
    if gap & Gap.ROW:
        return 6.0
    if gap & Gap.CELL:
        return 4.0 if not gap & Gap.LINE else 6.0
    if gap & Gap.BLANK:
        return 1.6
    if gap & Gap.LINE:
        return 1.0
    return 2.0 if gap & Gap.WIDE else 0.4


def decode(found: Sequence[Token], fields: Sequence[str], homes: Homes = MappingProxyType({})) -> Decoded:
    """The rows of ``found`` in the columns ``fields``; work and memory grow with the number of tokens alone.

    ``homes`` are texts that stand in one column in most rows, and so in this one. Where a first search shows that
    cells were broken at the width of their columns, a second one makes use of it.
    """
    sample = found[:_SAMPLE]
    first = _search(sample, fields, [0] * len(fields), homes)
    widths = wrap.widths_of(first.rows, fields)
    if len(sample) < len(found):
        return _search(found, fields, widths, homes)
    return max(_search(found, fields, widths, homes), first, key=lambda way: way.score) if any(widths) else first


def _search(found: Sequence[Token], fields: Sequence[str], widths: Sequence[int], homes: Homes) -> Decoded:
    """The rows of ``found``; ``widths`` are those at which the cells of a column are broken, 0 for no such column."""
    width = len(fields)
    skips = [skip(field) for field in fields]
    tail = [0.0] * (width + 1)  # the cost of ending a row behind a column
    for at in range(width - 1, -1, -1):
        tail[at] = tail[at + 1] + skips[at]
    head = [sum(skips[:at]) for at in range(width)]
    starts = [at for at in range(width) if head[at] < skip("name")]
    second = fields.index("tier2") if "tier2" in fields else -1
    first = fields.index("tier1") if "tier1" in fields else -1
    layout = layout_of(found)
    texts = [clean(token.text) for token in found]
    wrapped = any(widths)
    most = [MOST_DRAWN + (wrap.MOST if broken else 0.0) for broken in widths]  # nothing goes on better than this
    score = [_NEVER] * width
    back: list[list[int]] = []  # token → column → where it came from: column before, or one of the codes
    new, go_on = width, width + 1
    best_end: list[tuple[int, float]] = []
    for n, token in enumerate(found):
        text, before = texts[n], texts[n - 1] if n else ""
        left = [s - c for s, c in zip(score, wrap.costs(before, widths), strict=True)] if n and wrapped else score
        apart = stump(before, text) if 0 < n < len(found) - 1 else 0.0  # the last piece may have been cut
        ends = max(range(width), key=lambda at: left[at] - tail[at + 1]) if n else 0
        opened = (left[ends] - tail[ends + 1] - apart) if n else _NEVER
        begun = _LEFT_OUT * n
        row_end = bool(token.gap & Gap.LINE)
        new_row = max(opened, begun) + _NEW_ROW - (0.0 if row_end or n == 0 else layout.within)
        came_new = new + 2 + (ends if opened >= begun else width)
        same = -layout.over if row_end else 0.0
        join = _join_cost(token.gap)
        home = homes.get(text)
        now = [_NEVER] * width
        came = [0] * width
        reach, reached = _NEVER, -1  # the best way to come from a column further left, with the skips since then
        for at in range(width):
            fits = fit(fields[at], text) + (0.0 if home is None else _AT_HOME if home == at else -_AT_HOME)
            if at:
                reach -= skips[at - 1] + (_NO_SECOND if at - 1 == second and reached == first else 0.0)
                if left[at - 1] - apart >= reach:
                    reach, reached = left[at - 1] - apart, at - 1
            best, source = reach + same + fits, reached
            if token.empty and (seen := at - 1 - token.empty) >= 0 and left[seen] + _SHOWN >= reach:
                best, source = left[seen] + _SHOWN + same + fits, seen
            if source >= 0 and n:
                best += beside(fields[source], before, fields[at], text)
            shown = _SHOWN if row_end and token.empty and token.empty == at else 0.0
            if at in starts and (fresh := new_row - head[at] + fits + shown - _start_cost(fields[at], text)) > best:
                best, source = fresh, came_new
            if n and home is None and score[at] + most[at] - join > best:
                further = score[at] + goes_on(fields[at], before, text) - join
                if widths[at]:
                    further += wrap.goes_on(before, text, widths[at])
                if further > best:
                    best, source = further, go_on
            now[at], came[at] = best, source
        score = now
        back.append(came)
        last = max(range(width), key=lambda at: score[at] - tail[at + 1])
        best_end.append((last, score[last] - tail[last + 1]))
    return _traced(found, back, best_end, width)


def _start_cost(field: str, text: str) -> float:
    """A row rarely begins with 满意度指标 on the second tier: the word stands on the first."""
    return 3.0 if field == "tier2" and starts_tier(text) else 0.0


def _traced(found: Sequence[Token], back: list[list[int]], best_end: list[tuple[int, float]], width: int) -> Decoded:
    if not found:
        return Decoded([], 0, 0, 0.0)
    total = len(found)
    end = max(range(total), key=lambda n: best_end[n][1] + _LEFT_OUT * (total - 1 - n))
    at, score = best_end[end]
    new, go_on = width, width + 1
    rows: list[Filled] = []
    row: Filled = {}
    n = end
    while n >= 0:
        row.setdefault(at, []).append(found[n])
        came = back[n][at]
        if came == go_on:
            n -= 1
            continue
        if came < new:
            at = came
        else:
            rows.append({column: parts[::-1] for column, parts in row.items()})
            row = {}
            at = came - new - 2
            if at == width:
                break
        n -= 1
    return Decoded(rows[::-1], max(n, 0), end + 1, score + _LEFT_OUT * (total - 1 - end))
