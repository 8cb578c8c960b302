"""``python -m tests.models.development``: second tiers on the published tables we develop with; never trained on.

The wordings of these tables cannot be measured: the vocabulary knows all of them.
"""

from __future__ import annotations

from kpi.language.training import Annotation, train
from tests.models import card
from tests.models.evaluate import SAME_TIER, SECOND_TIER, answers
from tests.real_tables import rows, tables


def names() -> list[Annotation]:
    """Names with their second tiers, each once, without those that the annotations have too."""
    examples = SECOND_TIER.examples()
    known, tiers = {example.text for example in examples}, {example.label for example in examples}
    found = {
        Annotation(row["name"], tier, "")
        for table in tables().values()
        for row in rows(table)
        if row["name"] and (tier := SAME_TIER.get(row["tier2"], row["tier2"])) in tiers
    }
    return sorted(name for name in found if name.text not in known)


if __name__ == "__main__":
    given = list(answers(SECOND_TIER, train(SECOND_TIER.examples()), names()))
    print(card.side_by_side(given), card.crossed(given), card.by_score(given), sep="\n\n")
