"""The results of a batch, streamed document by document, so that a large batch takes no memory."""

from __future__ import annotations

import json
from collections.abc import Iterator

from api.store import batches
from api.store.batches import Kept
from api.store.store import Store


def lines(store: Store, batch: str) -> Iterator[str]:
    """One JSON line for each document that is over."""
    for number in batches.numbers(store, batch):
        kept = batches.document(store, batch, number)
        if kept is not None and kept.state in ("done", "failed"):
            yield _line(kept) + "\n"


def _line(kept: Kept) -> str:
    head = json.dumps({"document": kept.number, "name": kept.label, "state": kept.state}, ensure_ascii=False)[:-1]
    if kept.extraction is None or kept.review is None:
        problem = json.dumps({"code": kept.problem, "message": kept.message}, ensure_ascii=False)
        return f'{head}, "problem": {problem}}}'
    return f'{head}, "extraction": {kept.extraction.model_dump_json()}, "review": {kept.review.model_dump_json()}}}'
