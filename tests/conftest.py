"""What is collected: tests over material beside the repository only where it is there."""

from __future__ import annotations

from tests.material import CONTRACT_EXAMPLES, SEEDS

collect_ignore = [
    name
    for name, material in (("test_seeds.py", SEEDS), ("test_contract_examples.py", CONTRACT_EXAMPLES))
    if not material.exists()
]
