"""The rules against the findings read by eye (`corpus/annotations/findings/`): precision and recall of every rule.

python -m tests.findings            the figures
python -m tests.findings VAL004     with every difference of the rules named
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import kpi
from kpi.rules import BY_CODE
from kpi.schema import Extraction, Finding
from tests.material import CORPUS, SEEDS
from tests.real_tables import extraction, tables

GOLD = CORPUS / "annotations" / "findings"


class Key(NamedTuple):
    """What a finding is about."""

    document: str
    project: int | None
    indicator: int | None
    rule: str


@dataclass
class Tally:
    """Of one rule: findings that are in the gold, that are not, gold that was not found, findings left open."""

    right: int = 0
    wrong: list[Key] = field(default_factory=list)
    missed: list[Key] = field(default_factory=list)
    open: int = 0


@cache
def documents() -> dict[str, Extraction]:
    """The five seeds and the real tables, read."""
    seeds = {path.stem: kpi.extract(path) for path in sorted(SEEDS.glob("*.txt"))}
    return seeds | {f"real-{name}": extraction(table) for name, table in tables().items()}


def gold() -> dict[Key, str]:
    """The settled findings with their status, `yes` or `open`."""
    lines = (GOLD / "settled.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return {Key(row["doc"], row["project"], row["indicator"], row["rule"]): row["status"] for row in read}


def found() -> Iterator[tuple[Key, Finding]]:
    """What the rules find."""
    for name, read in documents().items():
        for finding in kpi.review(read).findings:
            yield Key(name, finding.project, finding.indicator, finding.rule), finding


def tallies() -> dict[str, Tally]:
    """By rule."""
    wanted, counted = gold(), {code: Tally() for code in BY_CODE}
    seen = {key for key, _ in found()}
    for key in sorted(seen, key=str):
        status, tally = wanted.get(key), counted[key.rule]
        if status == "yes":
            tally.right += 1
        elif status == "open":
            tally.open += 1
        else:
            tally.wrong.append(key)
    for key, status in wanted.items():
        if status == "yes" and key not in seen:
            counted.setdefault(key.rule, Tally()).missed.append(key)
    return counted


def share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else 1.0


def total(counted: dict[str, Tally], severities: Iterable[str]) -> Tally:
    """The sum over the rules of these severities."""
    both = Tally()
    for code, tally in counted.items():
        if code in BY_CODE and BY_CODE[code].severity in severities:
            both.right += tally.right
            both.open += tally.open
            both.wrong += tally.wrong
            both.missed += tally.missed
    return both


def _row(name: str, tally: Tally) -> str:
    return (
        f"{name:8} right {tally.right:4} wrong {len(tally.wrong):3} missed {len(tally.missed):3} open {tally.open:3}"
        f"  precision {share(tally.right, len(tally.wrong)):6.3f}  recall {share(tally.right, len(tally.missed)):6.3f}"
    )


def _told(key: Key) -> str:
    read = documents()[key.document]
    if key.project is None:
        return f"{key.document[:8]}"
    project = read.projects[key.project]
    if key.indicator is None:
        return f"{key.document[:8]} {key.project} 〔{project.name}〕"
    row = project.indicators[key.indicator]
    tier = row.tier2_text or row.tier1_text
    return f"{key.document[:8]} {key.project}.{key.indicator} {tier} | {row.name} | {row.raw_value}"


def main(codes: list[str]) -> None:
    counted = tallies()
    messages = dict(found())
    for code, tally in sorted(counted.items()):
        if codes and not code.startswith(tuple(codes)):
            continue
        print(_row(code, tally))
        if codes:
            for key in tally.wrong:
                print(f"    wrong  {_told(key)}  «{messages[key].message}»")
            for key in tally.missed:
                print(f"    missed {_told(key)}")
    print(Counter(key.rule for key in gold() if key.rule not in BY_CODE), "of rules that do not exist")
    for name, severities in (("E and W", ("error", "warning")), ("I", ("info",))):
        print(_row(name, total(counted, severities)))


if __name__ == "__main__":
    main(sys.argv[1:])
