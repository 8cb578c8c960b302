"""Where the columns of a table without lines are: what its text covers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kpi.documents.pdf.lines import Line, Run, parted

Hull = tuple[float, float]  # where a column begins and ends


def hulls_of(runs: Sequence[Run]) -> list[Hull]:
    """What ``runs`` cover from left to right."""
    hulls: list[Hull] = []
    for run in sorted(runs, key=lambda r: r.x0):
        if hulls and run.x0 < hulls[-1][1] + 1:
            hulls[-1] = hulls[-1][0], max(hulls[-1][1], run.x1)
        else:
            hulls.append((run.x0, run.x1))
    return hulls


def fitted(line: Line, columns: Sequence[Hull]) -> Line | None:
    """The runs of a line, each in one column; ``None`` where one goes over several.

    Cells that are full stand so near one another that they seem to be one run; they are parted at the widest gap
    between two columns.
    """
    found: Line = []
    for run in line:
        rest = run
        for left, right in pairwise(_touched(run, columns)):
            first, last = sum(columns[left]) / 2, sum(columns[right]) / 2
            gaps = [gap for gap in rest.gaps if gap.end > first and gap.start < last]
            if not gaps:
                return None
            part, rest = parted(rest, max(gaps, key=lambda gap: gap.start - gap.end))
            found.append(part)
        found.append(rest)
    return found if all(len(_touched(run, columns)) < 2 for run in found) else None


def column_of(run: Run, columns: Sequence[Hull]) -> int:
    """The column that a run stands in, or is nearest to; of several the first."""
    touched = _touched(run, columns)
    if touched:
        return touched[0]
    return min(range(len(columns)), key=lambda at: max(columns[at][0] - run.x1, run.x0 - columns[at][1]))


def _touched(run: Run, columns: Sequence[Hull]) -> list[int]:
    return [at for at, (x0, x1) in enumerate(columns) if run.x0 < x1 and x0 < run.x1]
