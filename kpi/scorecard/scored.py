"""What every output of the scorecard is written from."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kpi.schema import Extraction, Review


class Scored(NamedTuple):
    """One document of a batch, read and reviewed.

    ``label`` says where it lies, as a user would look for it (a member of a zip: ``全部.zip!下级/一.xlsx``);
    ``source`` is the file itself, for the marked copy.
    """

    label: str
    extraction: Extraction
    review: Review
    source: Path | bytes
