"""A document as reviewers left it: cells put right, dismissed findings gone, suggestions worded as they were edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from api.store import batches, corrections, decisions
from api.store.batches import Kept
from api.store.corrections import Correction
from api.store.decisions import OPEN, Standing
from api.store.store import Store
from kpi import reviewing
from kpi.configuration import Config
from kpi.correcting import corrected
from kpi.inputs import unopened
from kpi.schema import Extraction, Finding, Problem, Review
from kpi.scorecard.scored import Amended, Scored

OVER = frozenset({"done", "failed"})


class Decided(NamedTuple):
    """A document that was read: ``extraction`` with its corrections, ``review`` of that, what was decided of each."""

    kept: Kept
    extraction: Extraction
    review: Review
    corrections: tuple[Correction, ...]
    standing: dict[str, Standing]


def document(store: Store, batch: str, number: int) -> Decided | None:
    """The document at that place; null where there is none, or it was not read."""
    found = corrections.document(store, batch, number)
    if found is None or found[0].extraction is None or found[0].review is None:
        return None
    kept, said = found
    assert kept.extraction is not None
    assert kept.review is not None
    now = corrected(kept.extraction, [one.cell for one in said])
    standing = decisions.standing(store, [finding.id for finding in kept.review.findings])
    return Decided(kept, now, kept.review, tuple(said), standing)


def left(review: Review, extraction: Extraction, standing: Mapping[str, Standing], config: Config) -> Review:
    """The review without what was dismissed, with suggestions as they were edited."""
    kept = reviewing.without(review, extraction, dismissed(standing), config=config)
    return kept.model_copy(update={"findings": tuple(_edited(one, standing) for one in kept.findings)})


def dismissed(standing: Mapping[str, Standing]) -> frozenset[str]:
    """The ids of the findings that do not hold."""
    return frozenset(id for id, one in standing.items() if one.state == "dismissed")


def _edited(finding: Finding, standing: Mapping[str, Standing]) -> Finding:
    suggestion = standing.get(finding.id, OPEN).suggestion
    return finding if suggestion is None else finding.model_copy(update={"suggestion": suggestion})


def amended(
    review: Review, said: tuple[Correction, ...], standing: Mapping[str, Standing], project: int | None = None
) -> Amended:
    """How much reviewers changed in a document, or in one ``project`` of it and in what is said of the whole."""
    cells = {one.cell[:3] for one in said if project in (None, one.cell.project)}
    about = [standing.get(one.id, OPEN) for one in review.findings if project is None or one.project in (None, project)]
    gone = sum(one.state == "dismissed" for one in about)
    return Amended(len(cells), gone, sum(one.suggestion is not None and one.state != "dismissed" for one in about))


def scored(store: Store, batch: str, config: Config) -> Iterator[Scored]:
    """The documents of a batch that are over, for the scorecard; those that could not be read with their problem."""
    for number in batches.numbers(store, batch):
        if (one := document(store, batch, number)) is not None:
            review = left(one.review, one.extraction, one.standing, config)
            counts = amended(one.review, one.corrections, one.standing)
            yield Scored(one.kept.label, one.extraction, review, b"", counts)
        elif (kept := batches.document(store, batch, number)) is not None and kept.state == "failed":
            why = Problem(code=kept.problem or "not_readable", message=kept.message or "")
            read = unopened(kept.label, why)
            yield Scored(kept.label, read, reviewing.review(read, config=config), b"")
