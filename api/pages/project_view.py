"""What the page of a project shows: made of what was read, put right and decided; no HTML here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from api.pages.opened import Opened
from api.store.corrections import Correction
from api.store.decisions import Standing
from kpi import trend
from kpi.correcting import HEAD, written
from kpi.explain import KINDS, NOTES, explain, in_base_units, place
from kpi.rules import BY_CODE
from kpi.schema import BlockScore, Finding, Indicator, Money, Project, Quantity, Range, Value, plain

# Columns that a table has or has not; tiers, name and value are always shown.
_OPTIONAL: tuple[tuple[str, str], ...] = (
    ("description", "指标描述"), ("weight", "分值（权重）"), ("actual", "实际完成值"), ("score", "得分"),
    ("reason", "偏差原因"), ("basis", "指标值确定依据"), ("explanation", "指标解释"), ("score_rule", "评分规则"),
)  # fmt: skip


# What rules call another project that they compared this one with.
_COMPARED = frozenset({"相同的项目", "相近的项目", "另一项目"})


class FindingView(NamedTuple):
    """A finding, what holds of it, how many open ones its rule has here, and where the project lies that it names."""

    finding: Finding
    title: str
    place: str
    standing: Standing
    suggestion: str
    here: int
    other: str = ""


class CellView(NamedTuple):
    """One cell: its text, and the correction that put it right, with what was read at first."""

    name: str
    text: str
    correction: Correction | None = None
    first: str = ""


class Reading(NamedTuple):
    """How a value was understood, in words."""

    kind: str
    said: str
    base: str
    notes: tuple[str, ...]
    meant: str


class RowView(NamedTuple):
    """A row of the table. ``tier1`` and ``tier2`` are null where the cell above goes on; spans count table rows."""

    number: int
    indicator: Indicator
    tier1: CellView | None
    tier1_span: int
    tier2: CellView | None
    tier2_span: int
    name: CellView
    value: CellView
    reading: Reading
    others: tuple[CellView, ...]
    findings: tuple[FindingView, ...]
    below: bool

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.indicator.name or f"第 {self.number + 1} 个指标"


class BlockView(NamedTuple):
    """One block: as the machine scored it, and without what was dismissed."""

    score: BlockScore
    now: BlockScore


class PageView(NamedTuple):
    """The page."""

    name: str
    facts: tuple[CellView, ...]
    plan: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    share: Decimal | None
    now_share: Decimal | None
    wide: tuple[FindingView, ...]
    document_wide: tuple[FindingView, ...]
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    done: int
    total: int


def page_of(shown: Opened, now: Sequence[BlockScore], now_share: Decimal | None, below: int | None = None) -> PageView:
    """The page of a project; ``now`` are its blocks without what was dismissed, ``below`` the row that is put right."""
    project, findings = shown.project, shown.findings()
    open_ones: dict[str, int] = {}
    for finding in findings:
        if shown.stands(finding).state == "open":
            open_ones[finding.rule] = open_ones.get(finding.rule, 0) + 1
    views = [_finding(shown, finding, open_ones) for finding in findings]
    own = [view for view in views if view.finding.project is not None]
    return PageView(
        name=project.name or project.title or "未命名项目",
        facts=tuple(_facts(shown, _put_right(shown))),
        plan=tuple((point.period, point.raw) for point in project.spending_plan),
        goals=project.goals,
        blocks=tuple(BlockView(one, other) for one, other in zip(shown.score.blocks, now, strict=True)),
        share=shown.score.share_reached,
        now_share=now_share,
        wide=tuple(view for view in own if view.finding.indicator is None),
        document_wide=tuple(view for view in views if view.finding.project is None),
        columns=tuple(title for _, title in _columns(project)),
        rows=tuple(_rows(shown, own, below)),
        done=sum(view.standing.state != "open" for view in own),
        total=len(own),
    )


def _finding(shown: Opened, finding: Finding, open_ones: dict[str, int]) -> FindingView:
    standing = shown.stands(finding)
    rule = BY_CODE.get(finding.rule)
    return FindingView(
        finding, rule.title.removesuffix("。") if rule else "", place(finding.location), standing,
        standing.suggestion or finding.suggestion, open_ones.get(finding.rule, 0), _other(shown, finding),
    )  # fmt: skip


def _other(shown: Opened, finding: Finding) -> str:
    """The place of the project that this one was compared with; of several of that name, of the one most like it."""
    named = {fact.text for fact in finding.evidence if fact.what in _COMPARED}
    projects = shown.extraction.projects
    found = [n for n, project in enumerate(projects) if project.name in named and n != shown.number]
    if not found:
        return ""
    years = (shown.extraction.fiscal_year,) * 2
    alike = {n: sum(row.change == "same" for row in trend.compared(shown.project, projects[n], years)) for n in found}
    return shown.place_of(max(found, key=alike.__getitem__))


def _facts(shown: Opened, put_right: _PutRight) -> Iterable[CellView]:
    project, extraction = shown.project, shown.extraction
    organisation = project.organisation if project.organisation.name else extraction.organisation
    year = project.fiscal_year or extraction.fiscal_year
    yield CellView("项目", project.name or "")
    yield _cell(put_right, HEAD, "code", "编码", project.code or "")
    yield CellView("单位", " ".join(filter(None, (organisation.code, organisation.name))))
    yield _cell(put_right, HEAD, "fiscal_year", "年度", f"{year}年" if year else "")
    yield _cell(put_right, HEAD, "budget", "预算", money(project.budget))
    if project.whole_budget and project.whole_budget != project.budget:
        yield CellView("实施期预算", money(project.whole_budget))
    for key, label, amount in (
        ("fiscal_funding", "财政资金", project.funding.fiscal), ("other_funding", "其他资金", project.funding.other)
    ):  # fmt: skip
        if amount or (HEAD, key) in put_right:
            yield _cell(put_right, HEAD, key, label, money(amount))
    if further := [f"{part.label} {money(part.money)}" for part in project.funding.further]:
        yield CellView("其他来源", "；".join(further))
    if project.execution and project.execution.executed:
        rate = project.execution.rate
        shown_rate = f"（执行率 {plain(rate * 100)}%）" if rate is not None else ""
        yield CellView("全年执行数", money(project.execution.executed) + shown_rate)
    if project.purpose:
        yield CellView("预算规模及资金用途", project.purpose)


def money(amount: Money | None) -> str:
    """An amount as it is printed."""
    return f"{plain(amount.magnitude)}{amount.unit}" if amount else ""


def _columns(project: Project) -> list[tuple[str, str]]:
    return [(key, title) for key, title in _OPTIONAL if any(_text(row, key) for row in project.indicators)]


def _text(row: Indicator, key: str) -> str:
    match key:
        case "actual":
            return (row.actual and row.actual.raw) or ""
        case "reason":
            return (row.actual and row.actual.reason) or ""
        case "score":
            return plain(row.actual.score) if row.actual and row.actual.score is not None else ""
        case "weight":
            return "" if row.weight is None else plain(row.weight)
        case _:
            return getattr(row, key) or ""


def _rows(shown: Opened, own: Sequence[FindingView], below: int | None) -> Iterable[RowView]:
    indicators, columns = shown.project.indicators, _columns(shown.project)
    by_row: dict[int, list[FindingView]] = {}
    for view in own:
        if view.finding.indicator is not None:
            by_row.setdefault(view.finding.indicator, []).append(view)
    heights = [1 + (n in by_row or n == below) for n in range(len(indicators))]
    put_right = _put_right(shown)
    for n, row in enumerate(indicators):
        starts1 = n == 0 or row.tier1_text != indicators[n - 1].tier1_text
        starts2 = starts1 or row.tier2_text != indicators[n - 1].tier2_text
        yield RowView(
            number=n,
            indicator=row,
            tier1=_cell(put_right, n, "tier1_text", "一级指标", row.tier1_text or "") if starts1 else None,
            tier1_span=_span(indicators, heights, n, one=True),
            tier2=_cell(put_right, n, "tier2_text", "二级指标", row.tier2_text or "") if starts2 else None,
            tier2_span=_span(indicators, heights, n, one=False),
            name=_cell(put_right, n, "name", "三级指标", row.name or ""),
            value=_value(put_right, n, shown.read.projects[shown.number].indicators[n].raw_value, row.raw_value),
            reading=reading(row.value, row.meant, row.cells.unit is not None),
            others=tuple(_cell(put_right, n, key, title, _text(row, key)) for key, title in columns),
            findings=tuple(by_row.get(n, ())),
            below=heights[n] > 1,
        )


def _span(indicators: Sequence[Indicator], heights: Sequence[int], start: int, *, one: bool) -> int:
    """How many rows of the table a tier that begins at ``start`` takes, with the rows of findings."""
    first, end = indicators[start], start
    while end < len(indicators) and _tiers(indicators[end], one=one) == _tiers(first, one=one):
        end += 1
    return sum(heights[start:end])


def _tiers(row: Indicator, *, one: bool) -> tuple[str | None, ...]:
    return (row.tier1_text,) if one else (row.tier1_text, row.tier2_text)


def reading(value: Value, meant: Value | None, unit_apart: bool = False) -> Reading:
    """How a value was understood."""
    base = "" if _is_share(value) else in_base_units(value)
    # That the unit stands in its own column is how such a table is, no fault to warn of.
    notes = tuple(NOTES[note] for note in value.notes if not (unit_apart and note == "unit_inherited"))
    return Reading(KINDS[value.kind], explain(value), base, notes, explain(meant) if meant else "")


def _is_share(value: Value) -> bool:
    """Whether base units would say only that 90% is 0.9."""
    return isinstance(value, Quantity | Range) and value.dimension == "ratio"


_PutRight = dict[tuple[int, str], tuple[Correction, str]]


def _put_right(shown: Opened) -> _PutRight:
    """The newest correction of each cell of the project, and what was read there at first."""
    found: _PutRight = {}
    for said in shown.corrections:
        first = written(shown.read, said.cell)
        if said.cell.project == shown.number and first is not None:
            found[said.cell.indicator, said.cell.field] = said, first
    return found


def _value(put_right: _PutRight, row: int, first: str, text: str) -> CellView:
    """The value, put right as a whole or in one of its cells."""
    found = [put_right[row, key] for key in ("raw_value", "operator", "value", "unit") if (row, key) in put_right]
    newest = max((correction for correction, _ in found), key=lambda one: one.at, default=None)
    return CellView("指标值", text, newest, first)


def _cell(put_right: _PutRight, row: int, key: str, name: str, text: str) -> CellView:
    correction, first = put_right.get((row, key), (None, ""))
    return CellView(name, text, correction, first)
