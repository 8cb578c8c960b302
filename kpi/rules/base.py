"""What a rule is: a function with a stable code, and a docstring that is its manual page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from types import MappingProxyType
from typing import NamedTuple

from kpi.schema import Certainty, Evidence, Extraction, Indicator, Location, Opinion, Project, Severity


class Fault(NamedTuple):
    """What a rule found: one Chinese sentence, what to write instead, the facts compared.

    ``project`` and ``indicator`` say what it is about, where the rule looks wider than that; a rule over one indicator
    leaves them out, as it can speak of no other. ``severity`` is given where a case is lighter than the rule's own.
    ``text`` is what it is about where that is no row (a goal): ids tell findings apart by it.
    """

    message: str
    suggestion: str
    evidence: tuple[Evidence, ...]
    certainty: Certainty | None = None
    project: int | None = None
    indicator: int | None = None
    location: Location | None = None
    severity: Severity | None = None
    text: str | None = None


class Placed(NamedTuple):
    """A fault and what it is about; null where it is wider than one indicator or one project."""

    fault: Fault
    project: int | None
    indicator: int | None
    location: Location | None


class Row(NamedTuple):
    """An indicator and its project, with the places of both."""

    indicator: Indicator
    project: Project
    p: int
    i: int


Where = Callable[[Indicator], bool]


class Rows:
    """The rows of a document. Many rules ask for the same ones, which are looked for once."""

    def __init__(self, extraction: Extraction) -> None:
        """``extraction`` is what the rows were read in."""
        self.extraction = extraction
        self._all = [
            Row(indicator, project, p, i)
            for p, project in enumerate(extraction.projects)
            for i, indicator in enumerate(project.indicators)
        ]
        self._found: dict[tuple[tuple[str, ...], Where | None], list[Row]] = {}

    def of(self, kinds: tuple[str, ...], where: Where | None) -> list[Row]:
        """The rows whose value is of one of ``kinds`` (all, if empty) and for which ``where`` holds."""
        if (kinds, where) not in self._found:
            if kinds:
                found = [row for row in self.of((), where) if row.indicator.value.kind in kinds]
            else:
                found = [row for row in self._all if where is None or where(row.indicator)]
            self._found[kinds, where] = found
        return self._found[kinds, where]


Thresholds = Mapping[str, Decimal]
IndicatorCheck = Callable[..., Fault | None]
ProjectCheck = Callable[..., Iterable[Fault]]
DocumentCheck = Callable[..., Iterable[Fault]]


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule. ``run`` walks the whole extraction, so that a rule may look as wide as it needs.

    ``manual`` is the docstring of its function: a Chinese page with the sections
    检查什么 / 为什么重要 / 反例 / 正例 / 依据. ``thresholds`` are its numbers that a user may set, with their defaults;
    the function takes them by name.
    """

    code: str
    name: str
    severity: Severity
    certainty: Certainty
    opinion: Opinion
    manual: str
    thresholds: Thresholds
    find: Callable[[Rows, Thresholds], Iterable[Placed]]

    @property
    def title(self) -> str:
        """The first line of the manual: what is wrong, in one sentence."""
        return self.manual.splitlines()[0]

    def run(
        self, extraction: Extraction, thresholds: Thresholds = MappingProxyType({}), rows: Rows | None = None
    ) -> Iterable[Placed]:
        """What the rule finds; ``thresholds`` replace its defaults, ``rows`` are those of the extraction, if made."""
        limits = {**self.thresholds, **thresholds} if thresholds else self.thresholds
        return self.find(rows or Rows(extraction), limits)


def indicator_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    opinion: Opinion,
    certainty: Certainty = "certain",
    kinds: tuple[str, ...] = (),
    where: Where | None = None,
    thresholds: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[IndicatorCheck], Rule]:
    """Make a rule of ``check(indicator, project, **thresholds) -> Fault | None``.

    It is asked of indicators whose value is of one of ``kinds``, of all where none is named, and for which
    ``where`` holds, which several rules may share.
    """

    def make(check: IndicatorCheck) -> Rule:
        def find(rows: Rows, limits: Thresholds) -> Iterator[Placed]:
            asked = partial(check, **limits) if limits else check
            for indicator, project, p, i in rows.of(kinds, where):
                if fault := asked(indicator, project):
                    yield Placed(fault, p, i, indicator.location)

        return _rule(check, code, name, severity, certainty, opinion, thresholds, find)

    return make


def project_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    opinion: Opinion,
    certainty: Certainty = "certain",
    thresholds: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[ProjectCheck], Rule]:
    """Make a rule of ``check(project, extraction, **thresholds) -> Iterable[Fault]``.

    A fault with an ``indicator`` is about that row, one without about the project.
    """

    def make(check: ProjectCheck) -> Rule:
        def find(rows: Rows, limits: Thresholds) -> Iterator[Placed]:
            extraction = rows.extraction
            for p, project in enumerate(extraction.projects):
                for fault in check(project, extraction, **limits):
                    yield _placed(extraction, fault._replace(project=p))

        return _rule(check, code, name, severity, certainty, opinion, thresholds, find)

    return make


def document_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    opinion: Opinion,
    certainty: Certainty = "certain",
    thresholds: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[DocumentCheck], Rule]:
    """Make a rule of ``check(extraction, **thresholds) -> Iterable[Fault]``, whose faults say what they are about."""

    def make(check: DocumentCheck) -> Rule:
        def find(rows: Rows, limits: Thresholds) -> Iterator[Placed]:
            for fault in check(rows.extraction, **limits):
                yield _placed(rows.extraction, fault)

        return _rule(check, code, name, severity, certainty, opinion, thresholds, find)

    return make


def _placed(extraction: Extraction, fault: Fault) -> Placed:
    where = fault.location
    if where is None and fault.project is not None:
        project = extraction.projects[fault.project]
        where = project.location if fault.indicator is None else project.indicators[fault.indicator].location
    return Placed(fault, fault.project, fault.indicator, where)


def _rule(
    check: Callable[..., object],
    code: str,
    name: str,
    severity: Severity,
    certainty: Certainty,
    opinion: Opinion,
    thresholds: Mapping[str, str],
    find: Callable[[Rows, Thresholds], Iterable[Placed]],
) -> Rule:
    limits = {key: Decimal(value) for key, value in thresholds.items()}
    return Rule(code, name, severity, certainty, opinion, _dedent(check.__doc__ or ""), limits, find)


def _dedent(docstring: str) -> str:
    first, _, rest = docstring.strip().partition("\n")
    lines = rest.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[indent:].rstrip() for line in lines)])


def evidence(**facts: str | None) -> tuple[Evidence, ...]:
    """The facts that were compared, by their Chinese names; absent and empty ones are left out."""
    return tuple([_evidence(what, text) for what, text in facts.items() if text])


@lru_cache(maxsize=1_000)
def _evidence(what: str, text: str) -> Evidence:
    """One fact; several rules show the same facts of a row."""
    return Evidence(what=what, text=text)
