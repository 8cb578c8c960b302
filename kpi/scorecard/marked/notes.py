"""What is written at which place: the findings of a document, in the words of a reviewer."""

from __future__ import annotations

from typing import NamedTuple

from kpi.explain import SEVERITIES
from kpi.schema import Finding, Location
from kpi.scorecard.scored import Scored, worst_first
from kpi.scorecard.text import clean

AUTHOR, INITIALS = "绩效目标机审", "机审"


class Note(NamedTuple):
    """The text of one finding and where it belongs; ``None`` is the beginning of the document."""

    location: Location | None
    text: str


def notes_of(document: Scored) -> list[Note]:
    """The notes on a document, in the order of its projects and rows, the worst of each first."""
    return [Note(_place(document, finding), _text(finding)) for finding in worst_first(document.review.findings)]


def _place(document: Scored, finding: Finding) -> Location | None:
    projects = document.extraction.projects
    if finding.location is not None:
        return finding.location
    return projects[finding.project or 0].location if projects else None


def _text(finding: Finding) -> str:
    suggestion = f" 建议：{finding.suggestion}" if finding.suggestion else ""
    text = clean(f"{finding.rule} {SEVERITIES[finding.severity]}：{finding.message}{suggestion}")
    return " ".join(text.split())
