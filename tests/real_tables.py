"""The facts of real tables (``../shared/real-tables-dev``) as documents: each in the layout of its family."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import kpi
from kpi import schema
from kpi.schema import Extraction
from tests.material import REAL_TABLES
from tests.rendering.blocks import Block
from tests.rendering.facts import Funding, Organisation
from tests.rendering.families import compose
from tests.rendering.families.facts import Column, FamilyFacts, Form, HeadCell, Indicator, Project
from tests.rendering.layouts import LAYOUTS

Raw = dict[str, Any]
_SHAPES = {"D_two_blocks": "pairs", "H_multi_place": "places", "I_tree": "tree", "J_prose": "prose"}
# A column of the table for each fact that any of its rows has, in the order in which forms print them.
_COLUMNS = (
    ("tier1", "一级指标"), ("tier2", "二级指标"), ("name", "三级指标"), ("description", "绩效指标描述"),
    ("operator", "指标性质"), ("value", "指标值"), ("unit", "计量单位"), ("direction", "指标方向性"),
    ("actual", "实际完成值"), ("weight", "分值"), ("basis", "指标值确定依据"),
)  # fmt: skip
_SYNONYMS = {"E_selfeval": {"value": "年度指标值"}, "G_explained": {"basis": "指标解释"}}
_BLOCK = (("tier2", "二级指标"), ("name", "三级指标"), ("value", "指标值"))


def tables() -> dict[str, Raw]:
    """The facts by the name of their file."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(REAL_TABLES.glob("*.json"))}


def rows(table: Raw) -> list[Raw]:
    """The rows that are whole, the whole period's before the year's, one for each place."""
    found = [{**row, "horizon": "whole_period"} for row in table.get("rows_long_term", ())]
    two = "annual" if found else None
    found += [{**row, "horizon": two, "project": row.get("project_index", 0)} for row in table["rows"]]
    whole = [row for row in found if not row["cut"]]
    places = _places(table)
    if not places:
        return whole
    return [{**row, "value_raw": row["values_by_place"][place], "place": place} for place in places for row in whole]


def _places(table: Raw) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for row in table["rows"] for place in row.get("values_by_place", ())))


def document(table: Raw) -> list[Block]:
    """The blocks of the document."""
    places = _places(table)
    listed = [row for row in rows(table) if row.get("place") in (None, *places[:1])]
    project = Project(
        title="项目支出绩效自评表" if table["self_evaluation"] else "项目支出绩效目标表",
        name=table["project"]["name"] or "某项目",
        budget=table["project"]["budget_raw"] or "",
        funding=Funding(),
        goals=("完成年度任务",),
        framework=None,
        fields={},
        indicators=tuple(_indicator(row, table, places) for row in listed),
    )
    form, organisation = _form(table, listed), Organisation("某单位", None)
    return list(compose(FamilyFacts(table["file"], "绩效目标公开", organisation, 2024, "万元", form, (project,))))


def extraction(table: Raw) -> Extraction:
    """The table as read from tab rows, with the facts of its projects that no form prints; without invented goals."""
    year = table["project"]["year"]
    read = kpi.extract(LAYOUTS["tab_rows"].write(document(table)), fiscal_year=int(year) if year else None)
    (project,) = read.projects
    named = table.get("projects") or [table["project"]]
    places = _places(table)
    owners = [row.get("project", 0) for row in rows(table)]
    projects = tuple(
        project.model_copy(
            update={
                "title": None,
                "name": facts["name"],
                "code": facts["code"],
                "organisation": schema.Organisation(name=facts["organisation"], code=facts.get("organisation_code")),
                "fiscal_year": int(year) if year else None,
                "self_evaluation": table["self_evaluation"],
                "budget": _budget(facts["budget_raw"]),
                "goals": (),
                "indicators": tuple(
                    indicator
                    for indicator, owner in zip(project.indicators, owners, strict=True)
                    if owner == number or places
                ),
            }
        )
        for number, facts in enumerate(named)
    )
    return read.model_copy(
        update={
            "projects": projects,
            "fiscal_year": projects[0].fiscal_year,
            "organisation": projects[0].organisation,
            "problems": (),
        }
    )


_PLAIN_YUAN = 10_000  # a budget without a unit is in 万元 unless it is this large


def _budget(raw: str | None) -> schema.Money | None:
    if raw is None:
        return None
    number = raw.removesuffix("元").removesuffix("万")
    unit = "万元" if "万" in raw or Decimal(number) < _PLAIN_YUAN else "元"
    magnitude = Decimal(number)
    return schema.Money(
        magnitude=magnitude, unit=unit, base_magnitude=magnitude * (_PLAIN_YUAN if unit == "万元" else 1)
    )


def _indicator(row: Raw, table: Raw, places: tuple[str, ...]) -> Indicator:
    fields = {field: text for field, _ in _COLUMNS[3:] if (text := row.get(f"{field}_raw"))}
    return Indicator(
        tier1=row.get("tier1_text") or row["tier1"] or "",
        tier2="" if row.get("tier2_from_name") else row.get("tier2_text") or row["tier2"] or "",
        name=row["name"],
        fields=fields,
        horizon=row["horizon"],
        values=tuple(row["values_by_place"][place] for place in places) if places else (),
    )


def _form(table: Raw, listed: list[Raw]) -> Form:
    family, places = table["layout"], _places(table)
    known = {field for field, _ in _COLUMNS[3:] if any(row.get(f"{field}_raw") for row in listed)} | {"tier1", "name"}
    if not all(row.get("tier2_from_name") for row in listed):
        known.add("tier2")
    synonyms = _SYNONYMS.get(family, {})
    columns = [Column(synonyms.get(field, heading), field) for field, heading in _COLUMNS if field in known]
    shape = _SHAPES.get(family, "table")
    if shape == "pairs":
        columns = [Column("一级指标", "tier1")]
        columns += [Column(h, f"{side}.{f}", above) for side, above in _SIDES for f, h in _BLOCK]
    elif shape == "tree":
        columns = [Column("绩效指标", "name"), Column("指标值", "value")]
    elif shape == "places":
        columns = [column for column in columns if column.field != "value"]
        columns += [Column(place, place, "指标值") for place in places]
    width = max(len(columns), 2)
    head = ((HeadCell("项目名称"), HeadCell("{name}", width - 1)),)
    return Form(family[:1], shape, ("（2024年度）",), head, tuple(columns), "{}.", None, {}, places)


_SIDES = (("whole_period", "实施期目标"), ("annual", "年度目标"))


def write(table: Raw, folder: Path) -> Path:
    """For a look by eye: the document as tab rows, written into ``folder``."""
    path = folder / f"{table['file']}.txt"
    path.write_text(LAYOUTS["tab_rows"].write(document(table)), encoding="utf-8")
    return path
