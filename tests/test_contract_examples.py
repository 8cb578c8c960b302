"""The examples of the public contract, when they lie beside the repository."""

from __future__ import annotations

import json
from typing import Any

import pytest

import kpi
from tests.material import CONTRACT_EXAMPLES, differences, plain

CASES: list[dict[str, Any]] = [json.loads(line) for line in CONTRACT_EXAMPLES.read_text(encoding="utf-8").splitlines()]
AT_LEAST = 107


def test_no_example_is_lost() -> None:
    assert len(CASES) >= AT_LEAST


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']}-{case['args']}")
def test_example_of_the_contract(case: dict[str, Any]) -> None:
    result = getattr(kpi, case.get("call", "parse_value"))(case["text"], **case["args"])
    got = [plain(value) for value in result] if isinstance(result, list) else plain(result)
    expected = _notes_as_list(case["expect"])
    assert list(differences(expected, got)) == []


def _notes_as_list(expected: Any) -> Any:
    """The examples name one note as `notes_has`."""
    if not isinstance(expected, dict) or "notes_has" not in expected:
        return expected
    return {**{k: v for k, v in expected.items() if k != "notes_has"}, "notes": [expected["notes_has"]]}
