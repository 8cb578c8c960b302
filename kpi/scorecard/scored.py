"""What every output of the scorecard is written from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kpi.explain import SEVERITIES
from kpi.schema import Extraction, Finding, Review

_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Amended(NamedTuple):
    """What reviewers changed of what the machine read and said; already applied to the document that tells it.

    Cells put right, findings dismissed (they cost no points), suggestions worded anew.
    """

    cells: int = 0
    dismissed: int = 0
    edited: int = 0


class Scored(NamedTuple):
    """One document of a batch, read and reviewed.

    ``label`` says where it lies, as a user would look for it (a member of a zip: ``全部.zip!下级/一.xlsx``);
    ``source`` is the file itself, for the marked copy.
    """

    label: str
    extraction: Extraction
    review: Review
    source: Path | bytes
    amended: Amended = Amended()


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of projects and rows, those on one thing as they weigh."""
    return sorted(
        findings,
        key=lambda f: (
            -1 if f.project is None else f.project,
            -1 if f.indicator is None else f.indicator,
            _RANKS[f.severity],
        ),
    )


def amended(counts: Iterable[Amended]) -> str:
    """What reviewers changed in all documents, in a sentence that every output prints; empty where nothing."""
    cells, dismissed, edited = (sum(each) for each in zip(Amended(), *counts, strict=True))
    said = (
        cells and f"更正 {cells} 个单元格",
        dismissed and f"不采纳 {dismissed} 个问题（不扣分）",
        edited and f"修改 {edited} 条建议",
    )
    parts = [part for part in said if part]
    return f"已按审核人的处理计算：{'，'.join(parts)}。" if parts else ""
