"""The tables of large batches, made up: most projects are their own, some are copied in known ways.

The same count and seed give the same tables.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kpi.rules.relevance.rows import fingerprint
from kpi.rules.relevance.topics import _data, core, related
from tests.cases import indicator

ROWS = 10
_AT_ONCE = 100_000  # projects a shard
_WORDS = (
    "巡查",
    "培训",
    "检测",
    "走访",
    "宣传",
    "清理",
    "救助",
    "登记",
    "评审",
    "维护",
    "抽检",
    "演练",
    "回访",
    "更换",
    "保洁",
    "编制",
)
_THINGS = ("次数", "场次", "覆盖率", "合格率", "及时率", "人数", "面积", "完成率", "处置率", "台数")
_VALUES = ("≥{}次", "≥{}场", "≥{}%", "≥{}%", "≥{}%", "≥{}人", "≥{}平方米", "={}%", "≥{}%", "={}台")
_PLANS, _STEPS = 32, 5


class Planted(NamedTuple):
    """How many projects were put into families of each kind, and how many families."""

    families: dict[str, int]
    projects: dict[str, int]


@cache
def _row_table() -> tuple[list[str], list[str], list[str]]:
    """Names, values and keys of the rows that projects draw from."""
    names, values, keys = [], [], []
    for plan in range(_PLANS):
        for word in _WORDS:
            for thing, form in zip(_THINGS, _VALUES, strict=True):
                for step in range(_STEPS):
                    name, value = (
                        f"{word}{'甲乙丙丁戊己庚辛壬癸'[plan % 10]}{plan}类{thing}",
                        form.format(10 + step * 17),
                    )
                    key = fingerprint(indicator({"tier2": "数量指标", "name": name, "value": value}))
                    assert key is not None
                    names.append(name)
                    values.append(value)
                    keys.append(key)
    return names, values, keys


@cache
def _subjects() -> list[str]:
    """Names of projects, no two of which share a topic."""
    found: list[str] = []
    for topic in _data()["topic"]:
        name = f"{topic['words'][0]}经费"
        if not topic.get("umbrella") and core(name) and not any(related(name, other) for other in found):
            found.append(name)
    return found


def write(folder: Path, count: int, seed: int = 20_250_101) -> Planted:
    """Write the tables of ``count`` projects of ten rows as shards, and say what was planted.

    A tenth each stands in pairs of two years of one project, in standing projects, and in projects that several
    organisations have alike; a twentieth each is copied over subjects whole (five by five), copied with one row in ten
    changed (two by two), and filed twice by one organisation.
    """
    choose = np.random.default_rng(seed)
    names = _row_table()[0]
    weight = 1 / np.arange(1, len(names) + 1) ** 0.5
    rows = choose.choice(len(names), (count, ROWS), p=weight / weight.sum()).astype(np.int32)
    own = 100_000 + np.arange(count)  # an organisation of its own
    kind = np.zeros(count, np.int8)
    facts: dict[str, Any] = {
        "organisation": own // 5, "name": choose.integers(0, len(_subjects()), count), "suffix": np.arange(count),
        "year": np.full(count, 2025),
    }  # fmt: skip
    at, planted = 0, Planted({}, {})
    for name, size, part in (
        ("years", 2, 10), ("standing", 5, 10), ("shared", 5, 10), ("copied", 5, 20), ("near", 2, 20),
        ("repeated", 2, 20),
    ):  # fmt: skip
        many = count // part // size
        first = at + np.arange(many) * size
        for step in range(1, size):
            rows[first + step] = rows[first]
            _plant(facts, name, first, step)
            if name == "near":
                rows[first + step, 0] = choose.integers(0, len(names), many)
        if name == "standing":
            for step in range(size):
                kind[first + step] = 1
        planted.families[name], planted.projects[name] = many, many * size
        at += many * size
    for shard, start in enumerate(range(0, count, _AT_ONCE)):
        chosen = np.arange(start, min(start + _AT_ONCE, count))
        _write(folder, shard, chosen, rows[chosen], {key: of[chosen] for key, of in facts.items()}, kind[chosen])
    return planted


def _plant(facts: dict[str, Any], name: str, first: Any, step: int) -> None:
    """What makes the later members of a family what they are."""
    subjects = len(_subjects())
    if name == "years":
        for fact in ("organisation", "name", "suffix"):
            facts[fact][first + step] = facts[fact][first]
        facts["year"][first + step] = 2024
    elif name == "shared":
        facts["name"][first + step] = facts["name"][first]
        facts["organisation"][first + step] = 2_000_000 + first + step
    elif name in ("copied", "near"):
        facts["name"][first + step] = (facts["name"][first] + step) % subjects
        facts["organisation"][first + step] = 2_000_000 + first + step
    elif name == "repeated":
        for fact in ("organisation", "name"):
            facts[fact][first + step] = facts[fact][first]


def _write(folder: Path, shard: int, chosen: Any, rows: Any, facts: dict[str, Any], standing: Any) -> None:
    names, values, keys = (pa.array(column) for column in _row_table())
    subjects = _subjects()
    documents = pa.array([f"上报/{number // 1000:04}/{number:07}.xlsx" for number in chosen.tolist()])
    called = [
        "在职人员经费" if plain else f"{subjects[name]}（{suffix:07}）"
        for name, suffix, plain in zip(*(facts[k].tolist() for k in ("name", "suffix")), standing.tolist(), strict=True)
    ]
    whose = [f"第{number}单位" for number in facts["organisation"].tolist()]
    ones = np.ones(len(chosen), np.int64)
    projects = pa.table(
        {
            "document": documents, "project_number": ones, "project": called, "organisation": whose,
            "fiscal_year": facts["year"].astype(np.int64), "project_code": pa.nulls(len(chosen), pa.string()),
            "budget": pa.nulls(len(chosen), pa.decimal128(38, 4)), "place": pa.nulls(len(chosen), pa.string()),
        }
    )  # fmt: skip
    of_project = pa.array(np.repeat(np.arange(len(chosen)), ROWS))
    drawn = pa.array(rows.ravel())
    many = len(drawn)
    indicators = pa.table(
        {
            "document": documents.take(of_project), "project_number": np.ones(many, np.int64),
            "number": np.tile(np.arange(1, ROWS + 1), len(chosen)), "name": names.take(drawn),
            "raw_value": values.take(drawn), "tier1": pa.nulls(many, pa.string()),
            "tier2": pa.nulls(many, pa.string()), "row_key": keys.take(drawn),
        }
    )  # fmt: skip
    for table, data in (("projects", projects), ("indicators", indicators)):
        path = folder / table / f"part-{shard:05}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(data, path, compression="zstd")
