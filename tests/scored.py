"""Scored documents for the tests of the scorecard: from the corpus, and with names that would do harm."""

from __future__ import annotations

from functools import cache
from typing import Any

import kpi
from kpi.documents import problem
from kpi.schema import Extraction, Organisation
from kpi.scorecard.scored import Scored
from tests.cases import extraction
from tests.rendering import RENDERED

FORMULAS = ("=100%", "+1", "-5", "@x", '=HYPERLINK("http://x","y")', "＝1+1", "\t=1", " =1", "=cmd|' /C calc'!A0")
HOSTILE = (*FORMULAS, "<b>&\"'", "_x0041_", "http://example.org/a", "0012", "1e5", "真", "a\nb", "{=1}", "ß😀𠮷", "'x")

# What the outputs call severities and certainties.
WORDS = {"error": "错误", "warning": "警告", "info": "提示"}
SURE = {"certain": "", "likely": "很可能", "judge": "请人工判断"}


def scored(read: Extraction, label: str = "文档.txt") -> Scored:
    return Scored(label, read, kpi.review(read), b"")


@cache
def corpus() -> tuple[Scored, ...]:
    """A few documents of two organisations, one of which could not be read."""
    names = ("nandagang-2020.tab_rows.txt", "xiguan-2020.pipe_rows.md", "e-self-evaluation.tab_rows.txt")
    found = [scored(kpi.extract(RENDERED / name), name) for name in names]
    broken = scored(kpi.extract(b"", filename="空.txt"), "空.txt")
    assert broken.extraction.problems
    return (*found, broken)


def project(rows: list[dict[str, Any]], **facts: Any) -> Scored:
    return scored(extraction({"organisation": "某局", "project": {"name": "某项目", **facts}, "rows": rows}))


@cache
def hostile() -> Scored:
    """A document in which every text may be taken for something else."""
    rows = [{"tier1": "产出指标", "tier2": "质量指标", "name": text, "value": text} for text in HOSTILE]
    read = extraction({"organisation": "=1+1", "project": {"name": "-5", "code": "=A1"}, "rows": rows})
    indicators = tuple(
        i.model_copy(update={"name": text, "raw_value": text, "tier1_text": text, "basis": text})
        for i, text in zip(read.projects[0].indicators, HOSTILE, strict=True)
    )
    whole = read.projects[0].model_copy(update={"indicators": indicators, "organisation": Organisation(name="@某局")})
    told = problem("columns_not_read", "=1+1")
    return scored(read.model_copy(update={"projects": (whole,), "problems": (told,)}), "=1+1.txt")
