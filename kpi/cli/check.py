"""``kpi check``: documents → findings."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpi import baseline as baselines
from kpi import sarif
from kpi.cli import shown
from kpi.cli.common import ConfigFile, Exit, Paths, Year, configured, extractions, is_unread, list_problems
from kpi.cli.shown import Checked
from kpi.cli.terminal import console, emit
from kpi.reviewing import only, review
from kpi.schema import Extraction, Finding, Problem, Review, ReviewSummary


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def check(
    paths: Paths,
    format: Annotated[
        Format, typer.Option("--format", help="text：给人看；json：每个文档一行；sarif：SARIF 2.1.0")
    ] = Format.TEXT,
    select: Annotated[list[str] | None, typer.Option(help="只用这些规则（编号或类别，如 VAG、VAG001）")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="不用这些规则")] = None,
    config: ConfigFile = None,
    baseline: Annotated[Path | None, typer.Option(help="基线文件：其中的问题已接受", show_default=False)] = None,
    new_only: Annotated[bool, typer.Option("--new-only", help="只列出基线中没有的问题")] = False,
    write_baseline: Annotated[Path | None, typer.Option(help="把全部问题写成基线文件", show_default=False)] = None,
    year: Year = None,
) -> None:
    """Show the findings of each document, or write them."""
    if new_only and baseline is None:
        raise typer.BadParameter("要与 --baseline 一起用。", param_hint="--new-only")
    settings, accepted = configured(config, select, ignore), _baseline(baseline)
    out = console()
    problems: list[tuple[str, Problem]] = []
    everything: list[Finding] = []
    summaries: list[ReviewSummary] = []
    kept: list[sarif.Checked] = []
    unread = hidden = 0
    new_error = False
    for label, extraction in extractions(paths, year):
        problems += [(label, problem) for problem in extraction.problems]
        reviewed = review(extraction, config=settings)
        everything += reviewed.findings if write_baseline else ()
        checked = _against(accepted, label, extraction, reviewed, new_only=new_only)
        unread += is_unread(extraction)
        hidden += checked.hidden
        new_error |= any(
            finding.severity == "error" and place not in checked.accepted
            for place, finding in enumerate(checked.review.findings)
        )
        if format is Format.SARIF:
            kept.append(sarif.Checked(label, extraction, checked.review.findings, checked.accepted))
        if format is Format.JSON:
            emit(_line(checked))
        if not is_unread(extraction):
            summaries.append(checked.review.summary)
            if format is Format.TEXT:
                shown.document(out, checked)
    if format is Format.SARIF:
        emit(json.dumps(sarif.log(kept, unread=bool(unread)), ensure_ascii=False, indent=2))
    if format is Format.TEXT:
        shown.total(out, summaries, hidden, unread)
    if write_baseline is not None:
        _save(write_baseline, baselines.written(everything))
    list_problems(problems)
    raise typer.Exit(Exit.UNREAD if unread else Exit.FOUND_ERROR if new_error else Exit.DONE)


def _baseline(path: Path | None) -> baselines.Baseline:
    try:
        return baselines.load(path) if path else baselines.Baseline()
    except baselines.BaselineError as error:
        raise typer.BadParameter(f"{path}：{error}。", param_hint="--baseline") from error


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"不能写 {path}（{error}）。", param_hint="--write-baseline") from error


def _against(
    accepted: baselines.Baseline, label: str, extraction: Extraction, reviewed: Review, *, new_only: bool
) -> Checked:
    """The review beside the baseline: accepted findings marked, or left out."""
    taken = frozenset(place for place, finding in enumerate(reviewed.findings) if accepted.takes(finding))
    if not new_only:
        return Checked(label, extraction, reviewed, taken)
    fresh = tuple(finding for place, finding in enumerate(reviewed.findings) if place not in taken)
    return Checked(label, extraction, only(reviewed, fresh), hidden=len(taken))


def _line(checked: Checked) -> str:
    """One document as a JSON line: whose review it is, what could not be read, the review, what is accepted."""
    extraction, found = checked.extraction, checked.review.findings
    named = {
        "source": extraction.source.model_dump(mode="json"),
        "problems": [problem.model_dump(mode="json") for problem in extraction.problems],
        "review": checked.review.model_dump(mode="json"),
        "accepted": [found[place].id for place in sorted(checked.accepted)],
    }
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"))
