"""A baseline: findings that were looked at and accepted, so that a later run shows only what is new.

The file is JSON, sorted, one finding a line, so that two versions of it can be compared::

    {"schema_version": "1.0", "ruleset_version": "2026.3", "accepted": [
    {"id": "0f3c…", "rule": "VAG001", "times": 1, "message": "…"}
    ]}

``times`` is how many findings of that id were accepted: documents without an organisation may share one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kpi.rules import RULESET_VERSION
from kpi.schema import Finding
from kpi.schema.base import SCHEMA_VERSION


class BaselineError(ValueError):
    """A baseline that cannot be read; the message is Chinese."""


class Baseline:
    """What is accepted, used up one by one as findings are met in the order of the run."""

    def __init__(self, accepted: Counter[str] | None = None) -> None:
        self._left = Counter(accepted)

    def takes(self, finding: Finding) -> bool:
        """Whether the finding is accepted; each acceptance counts once."""
        if self._left[finding.id] <= 0:
            return False
        self._left[finding.id] -= 1
        return True


def load(path: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        BaselineError: It cannot be read, or is no baseline.

    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        return Baseline(Counter({entry["id"]: int(entry["times"]) for entry in data["accepted"]}))
    except OSError as error:
        raise BaselineError(f"不能读取基线文件（{error}）") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise BaselineError("不是基线文件，请用 --write-baseline 生成") from error


def written(findings: Iterable[Finding]) -> str:
    """The text of a baseline that accepts all of ``findings``."""
    listed = list(findings)
    times = Counter(finding.id for finding in listed)
    first = {finding.id: finding for finding in reversed(listed)}
    lines = ",\n".join(_line(first[key], times[key]) for key in sorted(first))
    head = f'"schema_version": "{SCHEMA_VERSION}", "ruleset_version": "{RULESET_VERSION}"'
    return f'{{{head}, "accepted": [\n{lines}\n]}}\n'


def _line(finding: Finding, times: int) -> str:
    return json.dumps(
        {"id": finding.id, "rule": finding.rule, "times": times, "message": finding.message}, ensure_ascii=False
    )
