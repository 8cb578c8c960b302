"""The service killed in the midst of its work, a few times; `tests.benchmarks.kills_service` does it often."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.kills_service import run


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    record = run(tmp_path, 3, seed=1)
    assert record.faults == []
    assert record.decisions
    assert record.corrections
    assert record.batches
