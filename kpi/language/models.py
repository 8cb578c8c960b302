"""The trained models, loaded when first asked. ``models/<name>/card.md`` says how good each is."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import regex

from kpi import settings
from kpi.schema import Sense
from kpi.values.fold import fold
from kpi.values.wording import Judgement

if TYPE_CHECKING:
    from spacy.language import Language

# What a model says is a guess: surer than this it never is, however high its score.
MOST = Decimal("0.8")
MAX_CHARS = 60  # longer texts are sentences, which the model was not trained on
_WORDS = regex.compile(r"\p{Han}{2}")


def folder(name: str) -> Path:
    """Where the model ``name`` lies: beside the package when installed, else in the source tree."""
    package = Path(__file__).parents[1]
    installed = package / "models" / name
    return installed if installed.is_dir() else package.parent / "models" / name


def is_shipped(name: str) -> bool:
    """Whether there is a trained pipeline ``name``, not only its card."""
    return (folder(name) / "config.cfg").is_file()


@cache
def load(name: str) -> Language:
    """The trained pipeline ``name``. Raises ``OSError`` where it is not shipped."""
    import spacy

    from kpi.language import segmentation  # noqa: F401  (registers the tokenizer)

    return spacy.load(folder(name))


@lru_cache(maxsize=settings.VALUE_CACHE)
def sense(text: str) -> Judgement | None:
    """The sense of a wording that no list knows, or ``None`` for no words or too many; an ``Opinion``."""
    folded = fold(text.strip())
    if len(folded) > MAX_CHARS or not _WORDS.search(folded):
        return None
    scores = load("sense")(folded).cats
    best = max(scores, key=scores.__getitem__)
    return Judgement(cast("Sense", best), min(Decimal(str(scores[best])).quantize(Decimal("0.01")), MOST), ())
