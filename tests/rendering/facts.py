"""The facts of the published documents, read from `corpus/documents/facts/` into frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DOCUMENTS = Path(__file__).resolve().parents[2] / "corpus" / "documents"
SLUGS = ("nanguan-2024", "xiguan-2020", "xigang-2025", "shanhaiguan-office-2023", "nandagang-2020")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who published the document; `code` is null where none is printed."""

    name: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Funding:
    """The budget by source, as printed; null for an empty cell."""

    fiscal: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a target table, every cell as text, tiers filled down."""

    tier1: str
    tier2: str
    name: str
    description: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Project:
    """One target table; a head that is not printed leaves its fields null or empty."""

    title: str
    name: str
    code: str | None
    budget: str | None
    funding: Funding
    purpose: str | None
    plan: tuple[tuple[str, str], ...]
    plan_label: str | None
    goals: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    field_code: str
    continued_after: int | None
    spare_column: str


@dataclass(frozen=True, slots=True)
class Form:
    """The wording and the columns with which a document prints its target tables."""

    under_title: tuple[str, ...]
    code_label: str | None
    name_label: str | None
    budget_label: str | None
    fiscal_label: str | None
    plan_label: str | None
    periods: tuple[str, ...]
    goal_number: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings of the document's parts."""

    overview: str
    narrative: str
    targets: str
    procurement: str
    assets: str
    closing: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands in the document beside the target tables."""

    caption: tuple[str, ...]
    sections: Sections
    opening: tuple[str, ...]
    accounts: tuple[tuple[str, ...], ...]
    narrative: tuple[str, ...]
    procurement: tuple[tuple[str, ...], ...]
    procurement_note: str
    assets_date: str
    assets: tuple[tuple[str, ...], ...]
    assets_note: str
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """One document."""

    slug: str
    title: str
    organisation: Organisation
    fiscal_year: int
    money_unit: str
    form: Form
    around: Around
    projects: tuple[Project, ...]


def load(slug: str) -> Facts:
    """Reads the facts of one document.

    Args:
        slug: One of `SLUGS`.

    Raises:
        KeyError, TypeError: A field is missing, or unknown to the format.
    """
    raw = yaml.safe_load((DOCUMENTS / "facts" / f"{slug}.yaml").read_text(encoding="utf-8"))
    form = Form(**_frozen(raw.pop("form")))
    around = raw.pop("around")
    sections = Sections(**around.pop("sections"))
    return Facts(
        slug=slug,
        organisation=Organisation(**raw.pop("organisation")),
        form=form,
        around=Around(sections=sections, **_frozen(around)),
        projects=tuple(_project(project, form) for project in raw.pop("projects")),
        **raw,
    )


def load_all() -> tuple[Facts, ...]:
    """All documents, in the order of `SLUGS`."""
    return tuple(load(slug) for slug in SLUGS)


def _project(raw: dict[str, Any], form: Form) -> Project:
    basis = raw.pop("basis", None)
    return Project(
        funding=Funding(**raw.pop("funding", {})),
        plan=tuple(raw.pop("plan", {}).items()),
        plan_label=raw.pop("plan_label", form.plan_label),
        goals=tuple(raw.pop("goals")),
        indicators=tuple(_indicator(row, basis) for row in raw.pop("indicators")),
        field_code=raw.pop("field_code", raw["title"]),
        continued_after=raw.pop("continued_after", None),
        spare_column=raw.pop("spare_column", "description"),
        **raw,
    )


def _indicator(raw: dict[str, Any], basis: str | None) -> Indicator:
    tier1, tier2 = raw.pop("tier")
    row = {"description": raw["name"], "basis": basis, **raw}
    return Indicator(tier1=tier1, tier2=tier2, **row)


def _frozen(raw: dict[str, Any]) -> dict[str, Any]:
    """The mapping with every list in it, and every list in such a list, made a tuple."""
    return {key: _tuple(value) for key, value in raw.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value
