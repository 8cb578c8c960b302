"""What the second pass over a batch finds."""

from __future__ import annotations

from typing import Literal

from kpi.schema import Certainty, Frozen, Opinion, Severity
from kpi.schema.base import SCHEMA_VERSION, Number

Kind = Literal[
    "copied",  # projects of different subjects have the same rows (REL004)
    "repeated",  # one organisation files nearly the same project several times (REL005)
    "shared",  # organisations use one set of rows for projects of one subject: no fault
]


class Member(Frozen):
    """One project of a family. ``shared`` of its ``rows`` are those of the family; ``subject`` counts from 1."""

    document: str
    project: int
    name: str | None
    code: str | None
    organisation: str | None
    fiscal_year: int | None
    budget: Number | None
    place: str
    rows: int
    shared: int
    subject: int


class Row(Frozen):
    """A row that at least four fifths of a family have, as its first member prints it."""

    name: str
    value: str


class Family(Frozen):
    """Projects whose rows are the same, or nearly. ``rule`` and what follows are null where there is no fault."""

    kind: Kind
    exact: bool
    rows: tuple[Row, ...]
    members: tuple[Member, ...]
    rule: str | None
    severity: Severity | None
    certainty: Certainty | None
    opinion: Opinion | None
    message: str
    suggestion: str | None

    @property
    def organisations(self) -> int:
        """How many organisations have a project in it."""
        return len({member.organisation for member in self.members})


class Copies(Frozen):
    """All families of a batch, the worst first.

    ``compared`` projects had rows enough; ``standing`` ones, of basic expenditure, were left out of the families.
    """

    schema_version: str = SCHEMA_VERSION
    projects: int
    compared: int
    standing: int
    families: tuple[Family, ...]
