"""The results of a batch, streamed document by document, so that a large batch takes no memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from api import decided
from api.decided import Decided
from api.store import batches
from api.store.batches import Kept
from api.store.store import Store
from kpi.correcting import HEAD


def lines(store: Store, batch: str) -> Iterator[str]:
    """One JSON line for each document that is over."""
    for number in batches.numbers(store, batch):
        if (read := decided.document(store, batch, number)) is not None:
            yield _read(read) + "\n"
        elif (kept := batches.document(store, batch, number)) is not None and kept.state == "failed":
            yield _json(_head(kept) | {"problem": {"code": kept.problem, "message": kept.message}}) + "\n"


def _read(one: Decided) -> str:
    """The extraction with what reviewers put right, the review of that, and what they put right and decided."""
    corrections = [
        {
            "project": said.cell.project,
            "indicator": None if said.cell.indicator == HEAD else said.cell.indicator, "field": said.cell.field,
            "before": said.before, "after": said.cell.text, "reviewer": said.reviewer, "at": f"{said.at.isoformat()}Z",
        }
        for said in one.corrections
    ]  # fmt: skip
    decisions = [
        {"finding": finding.id, "state": said.state, "reason": said.reason, "suggestion": said.suggestion}
        for finding in one.review.findings
        if (said := one.standing.get(finding.id)) is not None
    ]
    head = _json(_head(one.kept) | {"corrections": corrections, "decisions": decisions})[:-1]
    return f'{head}, "extraction": {one.extraction.model_dump_json()}, "review": {one.review.model_dump_json()}}}'


def _head(kept: Kept) -> dict[str, Any]:
    return {"document": kept.number, "name": kept.label, "state": kept.state}


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)
