"""What moved between two years of the same projects."""

from __future__ import annotations

from typing import Literal

from kpi.schema.base import SCHEMA_VERSION, Frozen, Number
from kpi.schema.documents import Location, Tier1, Tier2

Change = Literal[
    "same",  # the same in meaning, however it is written
    "lowered",  # the later target asks for less
    "raised",  # the later target asks for more
    "moved",  # another value, of which nothing says whether it asks for more or for less
    "vaguer",  # a number became words, or words became emptier
    "clearer",  # the other way round
    "reworded",  # other words, as vague as before
    "dropped",  # the earlier year alone has it
    "new",  # the later year alone has it
]
ChangeNote = Literal[
    "unit_changed",  # other units of one kind; they were compared in base units
    "not_comparable",  # values of different kinds, or in units that cannot be compared
    "operator_changed",  # another comparison: ≥ where = was
    "follows_budget",  # a cost that grew no more than the budget did
    "renamed",  # the two rows are named alike, but not by the same characters
    "tier_changed",  # the row stands under another tier
]


class Side(Frozen):
    """A row in one of the years; ``indicator`` is its number in the project's ``indicators``."""

    indicator: int
    name: str | None
    tier1: Tier1 | None
    tier2: Tier2 | None
    tier1_text: str | None
    tier2_text: str | None
    raw_value: str
    location: Location


class RowChange(Frozen):
    """One row in both years; ``before`` or ``after`` is null where only the other year has it.

    ``difference`` is the later number minus the earlier one in ``base_unit`` (a date's in days), ``share`` the
    difference as a part of the earlier number; null where two numbers cannot be compared.
    """

    change: Change
    notes: tuple[ChangeNote, ...]
    before: Side | None
    after: Side | None
    difference: Number | None
    share: Number | None
    base_unit: str | None


class FiledProject(Frozen):
    """Where a project of one year stands: the document's label, and the project's number in it."""

    document: str
    project: int
    name: str | None
    code: str | None
    organisation: str | None
    fiscal_year: int | None
    location: Location


class ProjectChange(Frozen):
    """A project in both years; ``before`` or ``after`` is null where only the other year has it.

    ``matched_by`` tells how the two were found to be one; ``rows`` are all rows of both, unchanged ones as well; null
    and empty where there is only one side.
    """

    before: FiledProject | None
    after: FiledProject | None
    matched_by: Literal["code", "name"] | None
    rows: tuple[RowChange, ...]


class Trend(Frozen):
    """What moved between two years."""

    schema_version: str = SCHEMA_VERSION
    projects: tuple[ProjectChange, ...]
