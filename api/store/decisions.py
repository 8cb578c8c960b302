"""What reviewers decide about findings. Each decision is a row of its own; the newest of a kind holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, insert, select

from api.store.store import Store
from api.store.tables import decisions
from api.store.times import now
from kpi.rules import RULESET_VERSION

Action = Literal["accept", "dismiss", "reopen", "edit", "note"]
ACTIONS: tuple[Action, ...] = ("accept", "dismiss", "reopen", "edit", "note")
_CHUNK = 500  # parameters of one query; databases have limits


class Decision(NamedTuple):
    """One thing that one reviewer said about one finding; ``text`` is the reason, the suggestion or the remark."""

    number: int
    finding: str
    rule: str
    action: Action
    text: str | None
    reviewer: str
    at: datetime


class Standing(NamedTuple):
    """What holds of a finding now."""

    state: Literal["open", "accepted", "dismissed"] = "open"
    reason: str | None = None
    suggestion: str | None = None
    notes: tuple[Decision, ...] = ()
    history: tuple[Decision, ...] = ()


OPEN = Standing()


def add(store: Store, findings: Iterable[tuple[str, str]], action: Action, text: str | None, reviewer: str) -> int:
    """Say the same of several findings (id and rule of each), all or none; how many they were."""
    rows = [
        {
            "finding": finding, "rule": rule, "action": action, "text": text, "reviewer": reviewer, "at": now(),
            "ruleset_version": RULESET_VERSION,
        }
        for finding, rule in findings
    ]  # fmt: skip
    if rows:
        with store.write() as connection:
            connection.execute(insert(decisions), rows)
    return len(rows)


def standing(store: Store, findings: Collection[str]) -> dict[str, Standing]:
    """What holds of each finding; those of which nobody said anything are left out."""
    with store.read() as connection:
        said = _said(connection, sorted(set(findings)))
    return {finding: _stands(history) for finding, history in said.items()}


def _said(connection: Connection, findings: list[str]) -> dict[str, list[Decision]]:
    said: dict[str, list[Decision]] = {}
    for begin in range(0, len(findings), _CHUNK):
        rows = connection.execute(
            select(decisions)
            .where(decisions.c.finding.in_(findings[begin : begin + _CHUNK]))
            .order_by(decisions.c.at, decisions.c.number)
        )
        for row in rows:
            said.setdefault(row.finding, []).append(
                Decision(row.number, row.finding, row.rule, row.action, row.text, row.reviewer, row.at)
            )
    return said


def _stands(history: list[Decision]) -> Standing:
    state: Literal["open", "accepted", "dismissed"] = "open"
    reason = suggestion = None
    for said in history:
        match said.action:
            case "accept":
                state, reason = "accepted", None
            case "dismiss":
                state, reason = "dismissed", said.text
            case "reopen":
                state, reason = "open", None
            case "edit":
                suggestion = said.text
            case "note":
                pass
    notes = tuple(said for said in history if said.action == "note")
    return Standing(state, reason, suggestion, notes, tuple(history))
