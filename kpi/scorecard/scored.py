"""What every output of the scorecard is written from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kpi.explain import SEVERITIES
from kpi.schema import Extraction, Finding, Review

_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Scored(NamedTuple):
    """One document of a batch, read and reviewed.

    ``label`` says where it lies, as a user would look for it (a member of a zip: ``全部.zip!下级/一.xlsx``);
    ``source`` is the file itself, for the marked copy.
    """

    label: str
    extraction: Extraction
    review: Review
    source: Path | bytes


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
