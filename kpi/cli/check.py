"""``kpi check``: documents → findings."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kpi import explain
from kpi.cli.common import Exit, Paths, Year, console, emit, extractions, is_unread, list_problems, safe
from kpi.reviewing import Config, review
from kpi.schema import Extraction, Finding, Problem, Review, ReviewSummary

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


def check(
    paths: Paths,
    format: Annotated[Format, typer.Option("--format", help="text：给人看；json：每个文档一行")] = Format.TEXT,
    select: Annotated[list[str] | None, typer.Option(help="只用这些规则（编号或类别，如 VAG、VAG001）")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="不用这些规则")] = None,
    year: Year = None,
) -> None:
    """检查绩效目标，列出问题、依据和修改建议。"""
    config = Config(_codes(select, "--select"), _codes(ignore, "--ignore"))
    problems: list[tuple[str, Problem]] = []
    summaries: list[ReviewSummary] = []
    unread = 0
    out = console()
    for label, extraction in extractions(paths, year):
        problems += [(label, problem) for problem in extraction.problems]
        reviewed = review(extraction, config=config)
        if format is Format.JSON:
            emit(_line(extraction, reviewed))
        if is_unread(extraction):
            unread += 1
            continue
        summaries.append(reviewed.summary)
        if format is Format.TEXT:
            _show(out, label, extraction, reviewed)
    if format is Format.TEXT:
        _total(out, summaries, unread)
    list_problems(problems)
    found_error = any(summary.findings.error for summary in summaries)
    raise typer.Exit(Exit.UNREAD if unread else Exit.FOUND_ERROR if found_error else Exit.DONE)


def _line(extraction: Extraction, reviewed: Review) -> str:
    """One document as a JSON line: whose review it is, what could not be read, and the review."""
    named = {
        "source": extraction.source.model_dump(mode="json"),
        "problems": [problem.model_dump(mode="json") for problem in extraction.problems],
        "review": reviewed.model_dump(mode="json"),
    }
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"))


def _codes(given: list[str] | None, option: str) -> tuple[str, ...]:
    """The codes of an option, comma-separated or repeated; each must name at least one rule."""
    from kpi.rules import BY_CODE

    codes = tuple(code.strip().upper() for text in given or [] for code in text.split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in BY_CODE):
            raise typer.BadParameter(f"没有编号以“{code}”开头的规则；用 kpi rules 查看全部规则。", param_hint=option)
    return codes


def _show(out: Console, label: str, extraction: Extraction, reviewed: Review) -> None:
    from rich.rule import Rule

    out.print(Rule(f"[bold]{safe(label)}[/]", align="left", style="dim"))
    by_project: dict[int | None, list[Finding]] = {}
    for finding in reviewed.findings:
        by_project.setdefault(finding.project, []).append(finding)
    for number, findings in by_project.items():
        project = extraction.projects[number] if number is not None else None
        score = reviewed.scores[number] if number is not None else None
        name = (project.name if project else None) or "（未写项目名称）"
        share = f"[dim]  可衡量 {score.measurable}/{score.filled}[/]" if score else ""
        out.print(f"\n[bold]{safe(name)}[/]{share}")
        for finding in findings:
            _show_finding(out, extraction, finding)
    if not reviewed.findings and extraction.projects:
        out.print("  [green]没有发现问题[/]")
    out.print()


def _show_finding(out: Console, extraction: Extraction, finding: Finding) -> None:
    from rich.padding import Padding

    style, word = _STYLES[finding.severity], explain.SEVERITIES[finding.severity]
    certainty = "" if finding.certainty == "certain" else f"，{explain.CERTAINTIES[finding.certainty]}"
    place = explain.place(finding.location)
    path = ""
    if finding.project is not None and finding.indicator is not None:
        indicator = extraction.projects[finding.project].indicators[finding.indicator]
        path = " / ".join(filter(None, (indicator.tier2_text or indicator.tier1_text, indicator.name)))
    facts = "；".join(f"{fact.what}“{fact.text}”" for fact in finding.evidence)
    head = f"[{style}]{finding.rule} {word}{certainty}[/] {safe(path)}[dim]  {safe(place)}[/]"
    body = (
        f"{safe(finding.message)}\n[dim]建议：[/]{safe(finding.suggestion)}"
        f"\n[dim]依据：{safe(facts)}　评审意见：{finding.opinion}[/]"
    )
    out.print(Padding(head, (0, 0, 0, 2)))
    out.print(Padding(body, (0, 0, 0, 4)))


def _total(out: Console, summaries: list[ReviewSummary], unread: int) -> None:
    filled, measurable = sum(s.filled for s in summaries), sum(s.measurable for s in summaries)
    rules: Counter[str] = Counter()
    for summary in summaries:
        rules.update(summary.by_rule)
    counts = "  ".join(
        f"[{style}]{explain.SEVERITIES[severity]} {sum(getattr(s.findings, severity) for s in summaries)}[/]"
        for severity, style in _STYLES.items()
    )
    if summaries:
        share = f"（{measurable / filled:.1%}）" if filled else ""
        out.print(
            f"[bold]合计[/] {len(summaries)} 个文档，{sum(s.projects for s in summaries)} 个项目，"
            f"{sum(s.indicators for s in summaries)} 条指标，可衡量 {measurable} 条{share}。 {counts}"
        )
    if rules:
        out.print("[dim]" + "  ".join(f"{code}×{n}" for code, n in sorted(rules.items())) + "[/]")
    if unread:
        out.print(f"[red]{unread} 个文件未能读取[/]，原因如下。")
