"""The figures of a batch and of its organisations: sums that agree with the reviews they come from."""

from __future__ import annotations

from decimal import Decimal

import kpi
from kpi.schema import Organisation
from kpi.scorecard import results, summary
from kpi.scorecard.scored import Scored
from tests import scored
from tests.cases import extraction

SOUND = {"tier1": "产出指标", "tier2": "数量指标", "name": "培训人数", "value": "≥300人"}
VAGUE = {"tier1": "效益指标", "tier2": "社会效益指标", "name": "业务水平", "value": "进一步提高"}


def document(*projects: tuple[str | None, str | None], organisation: str | None = "某局") -> Scored:
    """Projects of an organisation (null: the document's) with a budget each, one sound and one vague row."""
    given = [{"name": f"项目{n}", "budget": budget, "rows": [SOUND, VAGUE]} for n, (_, budget) in enumerate(projects)]
    read = extraction({"organisation": organisation, "projects": given})
    owned = tuple(
        project.model_copy(update={"organisation": Organisation(name=name)})
        for project, (name, _) in zip(read.projects, projects, strict=True)
    )
    return scored.scored(read.model_copy(update={"projects": owned}))


def test_a_batch_sums_what_its_reviews_say() -> None:
    documents = scored.corpus()
    total = summary.batch(documents)
    scores = [score for d in documents for score in d.review.scores]
    assert total.documents == len(documents)
    assert total.projects == len(scores)
    assert total.filled == sum(d.review.summary.filled for d in documents)
    assert sum(total.findings.values()) == sum(len(d.review.findings) for d in documents)
    assert {code: sum(n.values()) for code, n in total.by_rule.items()} == {
        code: sum(d.review.summary.by_rule.get(code, 0) for d in documents) for code in total.by_rule
    }
    assert sum(total.grades.values()) == len(scores)
    assert sum(b.points for b in total.blocks) == 100 * len(scores)
    reached = sum(b.reached for s in scores for b in s.blocks)
    checkable = sum(b.checkable for s in scores for b in s.blocks)
    assert total.share_reached == (Decimal(reached) / Decimal(checkable)).quantize(Decimal("0.0001"))


def test_organisations_share_the_batch_among_them() -> None:
    documents = [*scored.corpus(), document((None, None), ("甲局", None), ("甲局", "1万元"))]
    parts = summary.by_organisation(documents)
    names = [part.name for part in parts]
    assert len(set(names)) == len(names)
    assert names[-2:] == ["某局", "甲局"]
    total = summary.batch(documents)
    for field in ("projects", "indicators", "filled", "measurable", "vague", "budgets", "budget", "money_checked"):
        assert sum(getattr(part, field) for part in parts) == getattr(total, field)
    for severity in total.findings:
        assert sum(part.findings[severity] for part in parts) == total.findings[severity]


def test_a_project_without_organisation() -> None:
    (part,) = summary.by_organisation([document((None, None), organisation=None)])
    assert part.name == summary.NO_ORGANISATION


def test_a_document_with_nothing_in_it_belongs_to_nobody() -> None:
    broken = scored.scored(kpi.extract(b"", filename="空.txt"))
    assert summary.by_organisation([broken]) == ()
    assert summary.is_unread(broken)


def test_shares_of_nothing() -> None:
    total = summary.batch([])
    assert (total.share_quantified, total.share_vague, total.share_reached, total.share_checkable) == (None,) * 4


def test_money_and_tiers() -> None:
    total = summary.batch([document((None, "12.5万元"), (None, None))])
    assert (total.budgets, total.budget) == (1, Decimal(125_000))
    assert summary.in_ten_thousands(total.budget) == "12.5"
    assert total.tiers["数量指标"] == total.tiers["效益指标"] == 2
    assert total.tiers["满意度指标"] == 0


def test_unread_documents_are_named_first() -> None:
    broken = scored.scored(kpi.extract(b"", filename="空.txt"), "空.txt")
    partial = scored.hostile()
    assert [one.document for one in results.troubles(results.of([partial, broken]))] == ["空.txt", "=1+1.txt"]


def test_parts_of_a_batch_add_up_to_it() -> None:
    documents = scored.corpus()
    parts = [summary.batch(documents[:2]), summary.batch(documents[2:]), summary.batch([])]
    assert summary.merged(parts) == summary.batch(documents)


def test_organisations_in_short_are_those_at_length() -> None:
    documents = scored.corpus()
    for short, long in zip(
        results.organisations(results.of(documents)), summary.by_organisation(documents), strict=True
    ):
        assert (short.name, short.projects, short.findings) == (long.name, long.projects, long.findings)
        assert (short.share_reached, short.share_quantified) == (long.share_reached, long.share_quantified)
