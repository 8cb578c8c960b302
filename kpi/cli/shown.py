"""Findings as a person reads them on a terminal."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from kpi import explain
from kpi.cli.terminal import safe
from kpi.schema import Extraction, Finding, Review, ReviewSummary

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}


class Checked(NamedTuple):
    """One document with the findings that are to be listed.

    ``accepted`` are the places, in ``review.findings``, of those that a baseline accepts; ``hidden`` is how many others
    it accepts that are left out.
    """

    label: str
    extraction: Extraction
    review: Review
    accepted: frozenset[int] = frozenset()
    hidden: int = 0


def document(out: Console, checked: Checked) -> None:
    """The findings of one document, by project."""
    from rich.rule import Rule

    extraction, reviewed = checked.extraction, checked.review
    out.print(Rule(f"[bold]{safe(checked.label)}[/]", align="left", style="dim"))
    by_project: dict[int | None, list[tuple[int, Finding]]] = {}
    for place, finding in enumerate(reviewed.findings):
        by_project.setdefault(finding.project, []).append((place, finding))
    for number, findings in by_project.items():
        project = extraction.projects[number] if number is not None else None
        score = reviewed.scores[number] if number is not None else None
        name = (project.name or "（未写项目名称）") if project else "（整个文档）"
        share = f"[dim]  可衡量 {score.measurable}/{score.filled}[/]" if score else ""
        out.print(f"\n[bold]{safe(name)}[/]{share}")
        for place, finding in findings:
            _finding(out, extraction, finding, accepted=place in checked.accepted)
    if not reviewed.findings and extraction.projects:
        out.print(f"  [green]{'没有新问题' if checked.hidden else '没有发现问题'}[/]")
    out.print()


def _finding(out: Console, extraction: Extraction, finding: Finding, *, accepted: bool) -> None:
    from rich.padding import Padding

    style, word = _STYLES[finding.severity], explain.SEVERITIES[finding.severity]
    certainty = "" if finding.certainty == "certain" else f"，{explain.CERTAINTIES[finding.certainty]}"
    place = explain.place(finding.location)
    path = ""
    if finding.project is not None and finding.indicator is not None:
        indicator = extraction.projects[finding.project].indicators[finding.indicator]
        path = " / ".join(filter(None, (indicator.tier2_text or indicator.tier1_text, indicator.name)))
    facts = "；".join(f"{fact.what}“{fact.text}”" for fact in finding.evidence)
    known = "[dim]（已接受）[/]" if accepted else ""
    said = f"{finding.rule} {word}{certainty}"
    head = f"[{style}]{said}[/]{known} {safe(path)}[dim]  {safe(place)}[/]"
    body = (
        f"{safe(finding.message)}\n[dim]建议：[/]{safe(finding.suggestion)}"
        f"\n[dim]依据：{safe(facts)}　评审意见：{finding.opinion}[/]"
    )
    out.print(Padding(head, (0, 0, 0, 2)))
    out.print(Padding(body, (0, 0, 0, 4)))


def total(out: Console, summaries: list[ReviewSummary], hidden: int, unread: int) -> None:
    """The figures of the whole run."""
    filled, measurable = sum(s.filled for s in summaries), sum(s.measurable for s in summaries)
    rules: Counter[str] = Counter()
    for summary in summaries:
        rules.update(summary.by_rule)
    counts = "  ".join(
        f"[{style}]{explain.SEVERITIES[severity]} {sum(getattr(s.findings, severity) for s in summaries)}[/]"
        for severity, style in _STYLES.items()
    )
    if summaries:
        share = f"（{explain.percent(Decimal(measurable) / filled)}）" if filled else ""
        out.print(
            f"[bold]合计[/] {len(summaries)} 个文档，{sum(s.projects for s in summaries)} 个项目，"
            f"{sum(s.indicators for s in summaries)} 条指标，可衡量 {measurable} 条{share}。 {counts}"
        )
    if rules:
        out.print("[dim]" + "  ".join(f"{code}×{n}" for code, n in sorted(rules.items())) + "[/]")
    if hidden:
        out.print(f"[dim]已接受的 {hidden} 个问题没有列出。[/]")
    if unread:
        out.print(f"[red]{unread} 个文件未能读取[/]，原因如下。")
