"""What happened to a project: who decided what, which cells were put right, and what that did to the findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from api.pages.opened import Opened
from api.store.decisions import Decision
from kpi.correcting import HEAD, Field
from kpi.schema import Finding

ACTIONS = {"accept": "采纳", "dismiss": "不采纳", "reopen": "重新打开", "edit": "修改建议", "note": "备注"}
FIELDS: dict[Field, str] = {
    "code": "项目编码", "fiscal_year": "年度", "budget": "预算", "fiscal_funding": "财政资金",
    "other_funding": "其他资金",
    "tier1_text": "一级指标", "tier2_text": "二级指标", "name": "三级指标", "description": "指标描述",
    "operator": "计算符号", "value": "指标值", "unit": "计量单位", "raw_value": "指标值",
    "weight": "分值（权重）", "basis": "指标值确定依据", "actual": "实际完成值", "score": "得分", "reason": "偏差原因",
}  # fmt: skip


class Change(NamedTuple):
    """What corrections did to the findings of the document."""

    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]


class Event(NamedTuple):
    """Something that somebody decided, for the history of the project."""

    at: datetime
    reviewer: str
    said: str
    text: str
    anchor: str


def changed(before: Iterable[Finding], after: Iterable[Finding]) -> Change:
    """Which findings are gone and which are new. A finding on a row that only moved to another id says the same."""
    earlier, later = list(before), list(after)
    known = {_same(finding) for finding in earlier}
    left = {_same(finding) for finding in later}
    return Change(
        tuple(finding for finding in earlier if _same(finding) not in left),
        tuple(finding for finding in later if _same(finding) not in known),
    )


def _same(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.project, finding.indicator, finding.message


def history(shown: Opened) -> list[Event]:
    """What was decided and put right in this project, the newest first."""
    events = [
        _decided(finding, said) for finding in shown.findings() for said in shown.stands(finding).history
    ]  # fmt: skip
    rows = shown.project.indicators
    for said in shown.corrections:
        if said.cell.project != shown.number or said.cell.indicator >= len(rows):
            continue
        told = f"“{said.before or '（空）'}”→“{said.cell.text or '（空）'}”"
        if said.cell.indicator == HEAD:
            name, anchor = "表头", "head"
        else:
            name = rows[said.cell.indicator].name or f"第 {said.cell.indicator + 1} 个指标"
            anchor = f"row-{said.cell.indicator}"
        events.append(Event(said.at, said.reviewer, f"更正 {name} 的{FIELDS[said.cell.field]}", told, anchor))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _decided(finding: Finding, said: Decision) -> Event:
    return Event(said.at, said.reviewer, f"{ACTIONS[said.action]} {finding.rule}", said.text or "", f"f-{finding.id}")
