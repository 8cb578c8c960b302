"""Findings as SARIF 2.1.0 (OASIS), the form in which code hosts and editors show them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from kpi import explain
from kpi.rules import BY_CODE, RULES, RULESET_VERSION
from kpi.rules.base import Rule
from kpi.schema import Extraction, Finding, Location, Problem, Severity

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Checked(NamedTuple):
    """One document: where it lies, what was read, the findings to show, the ids of those that are accepted."""

    label: str
    extraction: Extraction
    findings: tuple[Finding, ...]
    accepted: Collection[int]


def log(documents: Iterable[Checked], unread: bool) -> dict[str, Any]:
    """One run over all documents; ``unread`` says that some input could not be read."""
    index = {rule.code: number for number, rule in enumerate(RULES)}
    results: list[dict[str, Any]] = []
    notifications: list[dict[str, Any]] = []
    for checked in documents:
        uri = _uri(checked.label)
        notifications += [_notification(uri, problem) for problem in checked.extraction.problems]
        results += [
            _result(checked, uri, finding, index[finding.rule], number in checked.accepted)
            for number, finding in enumerate(checked.findings)
        ]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not unread, "toolExecutionNotifications": notifications}],
                "results": results,
            }
        ],
    }


def _driver() -> dict[str, Any]:
    return {
        "name": "kpi",
        "semanticVersion": f"{RULESET_VERSION}.0",
        "language": "zh-CN",
        "rules": [_rule(rule) for rule in RULES],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": rule.manual, "markdown": rule.manual},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.code[:3], rule.opinion], "certainty": rule.certainty},
    }


def _result(checked: Checked, uri: str, finding: Finding, rule_index: int, accepted: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}建议：{finding.suggestion}"},
        "locations": [_location(checked.extraction, uri, finding)],
        "partialFingerprints": {"kpiFindingId/v1": finding.id},
        "properties": {
            "certainty": finding.certainty,
            "opinion": BY_CODE[finding.rule].opinion,
            "suggestion": finding.suggestion,
            "evidence": {fact.what: fact.text for fact in finding.evidence},
            "place": explain.place(finding.location),
        },
    }
    if accepted:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _location(extraction: Extraction, uri: str, finding: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if region := _region(finding.location):
        physical["region"] = region
    found: dict[str, Any] = {"physicalLocation": physical}
    if finding.project is not None:
        project = extraction.projects[finding.project]
        path = [project.name or f"第{finding.project + 1}个项目"]
        if finding.indicator is not None:
            row = project.indicators[finding.indicator]
            path += [text for text in (row.tier1_text, row.tier2_text, row.name) if text]
        found["logicalLocations"] = [{"name": path[-1], "fullyQualifiedName": " / ".join(path), "kind": "member"}]
    return found


def _region(location: Location | None) -> dict[str, int]:
    """Lines and characters of a text; the row of a sheet as a line, as the place in words says the rest."""
    if location is None:
        return {}
    if location.start is not None and location.end is not None:
        offsets = {"charOffset": location.start, "charLength": location.end - location.start}
        return {"startLine": location.line, **offsets} if location.line is not None else offsets
    line = location.line if location.line is not None else location.row
    return {} if line is None else {"startLine": line}


def _notification(uri: str, problem: Problem) -> dict[str, Any]:
    return {
        "descriptor": {"id": problem.code},
        "level": "warning",
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}}}],
    }


def _uri(label: str) -> str:
    """A relative reference, or an absolute ``file:`` one for an absolute path."""
    path = PurePath(label)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()), safe="/")
