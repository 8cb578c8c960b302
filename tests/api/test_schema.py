"""Requests made from the OpenAPI description: no 500, no answer that it does not name; `tests.benchmarks.schema`."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.schema import asked

CASES = 300


def test_every_answer_is_one_that_is_described(tmp_path: Path) -> None:
    done = asked(tmp_path, 5, "--seed", "7")
    assert done.code == 0, done.said
    assert done.cases >= CASES
