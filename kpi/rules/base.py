"""What a rule is: a function over one indicator, with a stable code and a docstring that is its manual page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kpi.schema import Certainty, Evidence, Extraction, Indicator, Location, Opinion, Project, Severity


class Fault(NamedTuple):
    """What a rule found, before it is placed: one Chinese sentence, what to write instead, the facts compared."""

    message: str
    suggestion: str
    evidence: tuple[Evidence, ...]
    certainty: Certainty | None = None


class Placed(NamedTuple):
    """A fault and what it is about; null where it is wider than one indicator or one project."""

    fault: Fault
    project: int | None
    indicator: int | None
    location: Location | None


IndicatorCheck = Callable[[Indicator, Project], Fault | None]


@dataclass(frozen=True)
class Rule:
    """One rule. ``run`` walks the whole extraction, so that a rule may look as wide as it needs.

    ``manual`` is the docstring of its function: a Chinese page with the sections
    检查什么 / 为什么重要 / 反例 / 正例 / 依据.
    """

    code: str
    name: str
    severity: Severity
    certainty: Certainty
    opinion: Opinion
    manual: str
    run: Callable[[Extraction], Iterable[Placed]]

    @property
    def title(self) -> str:
        """The first line of the manual: what is wrong, in one sentence."""
        return self.manual.splitlines()[0]


def indicator_rule(
    code: str, name: str, *, severity: Severity, opinion: Opinion, certainty: Certainty = "certain"
) -> Callable[[IndicatorCheck], Rule]:
    """Make a rule of a function over one indicator and its project."""

    def make(check: IndicatorCheck) -> Rule:
        def run(extraction: Extraction) -> Iterable[Placed]:
            for p, project in enumerate(extraction.projects):
                for i, indicator in enumerate(project.indicators):
                    if fault := check(indicator, project):
                        yield Placed(fault, p, i, indicator.location)

        return Rule(code, name, severity, certainty, opinion, _dedent(check.__doc__ or ""), run)

    return make


def _dedent(docstring: str) -> str:
    first, _, rest = docstring.strip().partition("\n")
    lines = rest.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[indent:].rstrip() for line in lines)])


def evidence(**facts: str | None) -> tuple[Evidence, ...]:
    """The facts that were compared, by their Chinese names; absent ones are left out."""
    return tuple(Evidence(what=what, text=text) for what, text in facts.items() if text is not None)
