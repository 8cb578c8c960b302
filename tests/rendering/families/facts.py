"""The facts of the families, read from `corpus/documents/families/` into frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from ..facts import DOCUMENTS, Funding, Organisation

FOLDER = DOCUMENTS / "families"
LADDER = "k-ladder"  # in a form of its own, see `ladder`
FAMILIES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != LADDER))
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the indicator table: its heading, the field that its cells print, the heading merged above it."""

    heading: str
    field: str
    above: str | None = None


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell over the indicators; `{name}` in its text stands for a field, `^` continues the cell above."""

    text: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """How a document prints its target tables.

    Attributes:
        family: The letter of the family.
        shape: `table`, `sheet` (one table for all projects), `pairs` (two blocks side by side), `places` (a value
            column for each), `tree`, `prose`.
        under_title: Captions.
        head: The rows over the indicators.
        columns: The columns of the indicators.
        goal_number: How goals are numbered; `{}` is the number.
        side: The label merged downwards left of the indicators.
        tier_weights: What stands behind the name of a first tier.
        places: The places of a table with a value column for each.
    """

    family: str
    shape: str
    under_title: tuple[str, ...]
    head: tuple[tuple[HeadCell, ...], ...]
    columns: tuple[Column, ...]
    goal_number: str
    side: str | None
    tier_weights: Fields
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row: tiers, and the fields that the form has columns for; one value a place where it has places."""

    tier1: str
    tier2: str
    name: str
    fields: Fields
    horizon: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """One project; `fields` are what only its head prints (主管部门, 实施单位)."""

    title: str
    name: str
    budget: str | None
    funding: Funding
    goals: tuple[str, ...]
    framework: str | None
    fields: Fields
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """One document."""

    slug: str
    title: str
    organisation: Organisation
    fiscal_year: int
    money_unit: str
    form: Form
    projects: tuple[Project, ...]


def load(slug: str) -> FamilyFacts:
    """Reads the facts of one document, one of `FAMILIES`.

    Raises:
        KeyError, TypeError: A field is missing, or unknown to the format.
    """
    raw = yaml.safe_load((FOLDER / f"{slug}.yaml").read_text(encoding="utf-8"))
    return FamilyFacts(
        slug=slug,
        organisation=Organisation(**raw.pop("organisation")),
        form=_form(raw.pop("form")),
        projects=tuple(map(_project, raw.pop("projects"))),
        **raw,
    )


def _form(raw: dict[str, Any]) -> Form:
    return Form(
        under_title=tuple(raw.pop("under_title")),
        head=tuple(tuple(map(_head_cell, cells)) for cells in raw.pop("head")),
        columns=tuple(map(_column, raw.pop("columns"))),
        side=raw.pop("side", None),
        tier_weights=raw.pop("tier_weights", {}),
        places=tuple(raw.pop("places", ())),
        **raw,
    )


def _head_cell(raw: str | list[Any]) -> HeadCell:
    return HeadCell(raw) if isinstance(raw, str) else HeadCell(*raw)


def _column(raw: list[str]) -> Column:
    *above, heading, field = raw
    return Column(heading, field, above[0] if above else None)


def _project(raw: dict[str, Any]) -> Project:
    return Project(
        title=raw.pop("title"),
        name=raw.pop("name"),
        budget=raw.pop("budget", None),
        funding=Funding(**raw.pop("funding", {})),
        goals=tuple(raw.pop("goals")),
        framework=raw.pop("framework"),
        indicators=tuple(map(_indicator, raw.pop("indicators"))),
        fields=raw,
    )


def _indicator(raw: dict[str, Any]) -> Indicator:
    tier1, tier2 = raw.pop("tier")
    return Indicator(
        tier1=tier1,
        tier2=tier2,
        name=raw.pop("name"),
        horizon=raw.pop("horizon", None),
        values=tuple(raw.pop("values", ())),
        fields=raw,
    )
