"""审核意见表: one Word document a project, in the four blocks of the official review.

The machine's part is filled in; what only a reviewer can say is left open: grades to tick, lines to write on, name and
date. The opinions that findings map to are ticked. Criteria and points are those of the scheme of scoring, a default
that is ours (see ``kpi/scoring/scoring.toml``). The same project gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple, get_args

from jinja2 import Environment

from kpi import scoring
from kpi.explain import percent
from kpi.schema import BlockScore, Finding, Opinion, PointsLost, ProjectScore, plain
from kpi.scorecard.names import file_name
from kpi.scorecard.scored import Scored, amended
from kpi.scorecard.summary import organisation
from kpi.scorecard.templating import environment
from kpi.scorecard.views import FindingView, ProjectView, projects_of
from kpi.scoring import Scheme

Schemes = Callable[[Scored], Scheme]

# A form lists so many findings at most.
MAX_FINDINGS = 300
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNPLACED = "其他"
# Members of the file that are the same in all of them, by the names of their templates.
_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/footer1.xml": "footer.xml",
}


class CriterionRow(NamedTuple):
    """One point to check: what it is worth, what was reached of it (null where that is left open), and why."""

    name: str
    points: Decimal | None
    reached: Decimal | None
    note: str


class BlockRows(NamedTuple):
    """One block of the form."""

    name: str
    points: Decimal
    criteria: tuple[CriterionRow, ...]
    said: str


class ProblemRow(NamedTuple):
    """A finding as the form lists it."""

    finding: Finding
    block: str
    subject: str
    value: str
    place: str


class Judged(NamedTuple):
    """What a reviewer wrote on a form: by block the points of the part that no machine scores and the opinion.

    ``states`` says of a finding, by its id, what was decided about it.
    """

    points: Mapping[str, Decimal]
    opinions: Mapping[str, str]
    grade: str
    opinion: str
    reviewer: str
    day: date | None
    states: Mapping[str, str]


BLANK = Judged({}, {}, "", "", "", None, {})


def write(documents: Iterable[Scored], folder: Path, schemes: Schemes | None = None) -> list[Path]:
    """Write the form of every project into ``folder``; ``schemes`` gives the one that a document was scored by."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in files(documents, schemes):
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


def files(documents: Iterable[Scored], schemes: Schemes | None = None) -> Iterator[tuple[str, bytes]]:
    """The forms with their file names, no two of which are the same."""
    taken: set[str] = set()
    for document in documents:
        scheme = schemes(document) if schemes else scoring.default()
        for view in projects_of(document):
            named = "_".join(filter(None, (view.project.code, view.name)))
            yield file_name(named, "_审核意见.docx", taken), form(document, view, scheme)


def form(document: Scored, view: ProjectView, scheme: Scheme, judged: Judged = BLANK) -> bytes:
    """The form of one project; what was not ``judged`` yet is left to be filled in by hand."""
    findings = problems_of(view, scheme)
    counts = Counter(one.finding.opinion for one in findings)
    text = _templates().get_template("opinion/document.xml").render(
        view=view,
        organisation=organisation(document, view.project),
        ruleset_version=document.review.ruleset_version,
        blocks=blocks_of(view, scheme),
        judged=judged,
        amended=amended((document.amended,)),
        problems=findings[:MAX_FINDINGS],
        left_out=max(len(findings) - MAX_FINDINGS, 0),
        opinions=[(name, counts[name]) for name in get_args(Opinion)],
        grades=list(scheme.grades),
        total=total(view.score),
    )  # fmt: skip
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*_fixed(), ("word/document.xml", text)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return data.getvalue()


@cache
def _templates() -> Environment:
    found = environment()
    found.filters["line"] = lambda text: " ".join(str(text).splitlines())
    return found


@cache
def _fixed() -> tuple[tuple[str, str], ...]:
    folder = resources.files("kpi.scorecard").joinpath("templates", "opinion")
    return tuple((name, folder.joinpath(part).read_text(encoding="utf-8")) for name, part in _PARTS.items())


def block_of(finding: Finding, blocks: Sequence[BlockScore], scheme: Scheme) -> str:
    """The block that a finding belongs to: the one that it cost points, else the one where its rule stands."""
    costly = (block.block for block in blocks for lost in block.lost if finding.id in lost.findings)
    placed = scheme.criterion_of(finding.rule)
    return next(costly, placed[0] if placed else _UNPLACED)


def problems_of(view: ProjectView, scheme: Scheme) -> list[ProblemRow]:
    """The findings of a project and of its document, block by block."""
    order: dict[str, int] = {part.name: at for at, part in enumerate(scheme.blocks)}
    rows = [_row(one, "（整个项目）", "", view, scheme) for one in view.wide]
    for row in view.rows:
        tier = row.indicator.tier2_text or row.indicator.tier1_text
        subject = "：".join(filter(None, (tier, row.indicator.name))) or "—"
        rows += [_row(one, subject, row.indicator.raw_value, view, scheme) for one in row.findings]
    rows += [_row(one, "（整个文档）", "", view, scheme) for one in view.document_wide]
    return sorted(rows, key=lambda row: order.get(row.block, len(order)))


def _row(one: FindingView, subject: str, value: str, view: ProjectView, scheme: Scheme) -> ProblemRow:
    return ProblemRow(one.finding, block_of(one.finding, view.score.blocks, scheme), subject, value, one.place)


def blocks_of(view: ProjectView, scheme: Scheme) -> list[BlockRows]:
    """The blocks of the form. Where a project was scored by another scheme, what its score itself says of each."""
    scored = {block.block: block for block in view.score.blocks}
    rules = {finding.finding.id: finding.finding.rule for finding in view.findings}
    found = []
    for part in scheme.blocks:
        block = scored.get(part.name)
        points: dict[str, Decimal | None] = {criterion.name: criterion.points for criterion in part.criterion}
        left = {one.criterion: one.why for one in block.open} if block else dict.fromkeys(points, scoring.BY_HAND)
        lost = {cost.criterion: (cost.points, _rules(cost, rules)) for cost in block.lost} if block else {}
        if block and not points.keys() >= left.keys() | lost.keys():
            points = {**{one.criterion: one.points for one in block.open}, **dict.fromkeys(lost)}
        rows = [_criterion(name, worth, left.get(name), lost.get(name)) for name, worth in points.items()]
        found.append(BlockRows(part.name, block.points if block else part.points, tuple(rows), _said(block)))
    return found


def _criterion(
    name: str, points: Decimal | None, why_open: str | None, lost: tuple[Decimal, str] | None
) -> CriterionRow:
    if why_open is not None:
        return CriterionRow(name, points, None, why_open)
    if lost is None:
        return CriterionRow(name, points, points, "")
    return CriterionRow(name, points, None if points is None else points - lost[0], f"扣{plain(lost[0])}分：{lost[1]}")


def _rules(cost: PointsLost, rules: Mapping[str, str]) -> str:
    counts = Counter(rules[one] for one in cost.findings if one in rules)
    # With blanks: not all programs break a line behind 、 where Latin letters follow.
    return " ".join(f"{rule}（{n}处）" if n > 1 else rule for rule, n in counts.items())


def _said(block: BlockScore | None) -> str:
    if block is None or not block.checkable:
        return "机审没有可核对的内容，全部待人工评定"
    left = block.points - block.checkable
    rest = f"；其余 {plain(left)} 分待人工评定" if left else ""
    return f"机审得分 {plain(block.reached)} 分（可核对 {plain(block.checkable)} 分）{rest}"


def total(score: ProjectScore) -> str:
    """What the machine's part came to, in words."""
    if score.share_reached is None:
        return "没有机器可核对的内容"
    checkable = sum((block.checkable for block in score.blocks), Decimal(0))
    points = sum((block.points for block in score.blocks), Decimal(0))
    grade = f"，相当于“{score.grade}”" if score.grade else ""
    return (
        f"{percent(score.share_reached)}{grade}（只按机器可核对的 {plain(checkable)} 分计，"
        f"满分 {plain(points)} 分；其余待人工评定）"
    )
