"""What the pages list, on both databases."""

from __future__ import annotations

import pytest

import kpi
from api.store import batches, decisions, lists, twins
from api.store.batches import Incoming
from api.store.lists import Wanted
from api.store.store import Store

FORM = (
    "单位名称：{office}\n预算年度：{year}\n\n1、培训经费绩效目标表\n\n项目编码\t{code}\t项目名称\t培训经费\n"
    "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训场次\t≥12场\n"
    "\t时效指标\t完成时间\t按时完成\n效益指标\t社会效益指标\t服务能力\t进一步提高\n"
)


def form(office: str, year: int, code: str = "A1") -> Incoming:
    return Incoming(f"{office}{year}.txt", FORM.format(office=office, year=year, code=code).encode())


@pytest.fixture
def batch(store: Store) -> str:
    """A batch that was read."""
    incoming = [form("甲局", 2024), form("甲局", 2025), form("乙局", 2024, "B_1"), Incoming("信.txt", b"nothing")]
    made = batches.create(store, incoming, creator="张三", title="一批")
    while claimed := batches.claim(store):
        extraction = kpi.extract(claimed.content, filename=claimed.label)
        batches.finish(store, made, claimed.number, extraction, kpi.review(extraction))
    return made


def test_projects_are_found(store: Store, batch: str) -> None:
    def found(**wanted: object) -> list[str]:
        return [one.label for one in lists.of_batch(store, batch, Wanted(**wanted)).rows]  # type: ignore[arg-type]

    everything = ["甲局2024.txt", "甲局2025.txt", "乙局2024.txt"]
    assert found() == everything
    assert found(text="b_1") == found(text="乙局2024.TXT") == ["乙局2024.txt"]
    assert found(text="_") == ["乙局2024.txt"]
    assert found(severity="warning") == everything
    assert found(severity="x", rule="") == everything
    assert found(rule="VAG002") == everything
    assert found(rule="VAG999") == []
    assert found(reviewed="open") == everything
    assert found(reviewed="over") == found(reviewed="begun") == found(reviewed="none") == []
    assert found(sort="year", descending=True) == ["甲局2025.txt", "甲局2024.txt", "乙局2024.txt"]
    for key in lists.SORTS:
        assert sorted(found(sort=key)) == sorted(everything)
    assert lists.without_projects(store, batch) == [(3, "信.txt")]


def test_figures_add_up(store: Store, batch: str) -> None:
    whole = lists.figures(store, batch)
    parts = lists.organisations(store, batch)
    assert whole.projects == 3
    assert whole.indicators == 9
    assert sum(part.projects for part in parts) == whole.projects
    assert sum(lists.rules(store, batch).values()) == whole.said == whole.errors + whole.warnings + whole.infos
    assert whole.quantified is not None
    assert 0 < whole.quantified < 1
    assert lists.summaries(store, [batch, "none"]) == {
        batch: lists.Batch(3, whole.errors, whole.warnings, whole.infos),
        "none": lists.Batch(0, 0, 0, 0),
    }
    assert lists.total_batches(store) == 1
    assert lists.figures(store, "none")[1:] == (0, 0, None, None, 0, 0, 0, 0, 0)


def test_the_newest_word_on_a_finding_counts(store: Store, batch: str) -> None:
    kept = batches.document(store, batch, 2)
    assert kept is not None
    assert kept.review is not None
    said = [(finding.id, finding.rule) for finding in kept.review.findings if finding.project == 0]
    all_ = len(said)
    steps = (("accept", "over", all_), ("reopen", "open", 0), ("dismiss", "over", all_), ("note", "over", all_))
    for action, state, decided in steps:
        decisions.add(store, said, action, None, "张三")  # type: ignore[arg-type]
        rows = lists.of_batch(store, batch, Wanted(text="B_1")).rows
        assert [(one.reviewed, one.decided) for one in rows] == [(state, decided)]
        assert lists.figures(store, batch).decided == decided
    decisions.add(store, said[:1], "reopen", None, "李四")
    assert [one.label for one in lists.of_batch(store, batch, Wanted(reviewed="begun")).rows] == ["乙局2024.txt"]


def test_one_project_in_two_years(store: Store, batch: str) -> None:
    pairs = twins.years(store, batch)
    assert [(left.fiscal_year, right.fiscal_year, left.code) for left, right in pairs] == [(2024, 2025, "A1")]
    one = twins.project(store, batch, 0, 0)
    assert one is not None
    assert [(other.label, other.number) for other in twins.offered(store, one, "")] == [
        ("甲局2025.txt", 0), ("乙局2024.txt", 0),
    ]  # fmt: skip
    assert [other.label for other in twins.offered(store, one, "乙")] == ["乙局2024.txt"]
    assert len(twins.offered(store, None, "")) == 3
    assert twins.project(store, batch, 9, 0) is None
