"""The report: one HTML file that needs nothing else, opens offline, prints on A4 and works without its script.

Its Content-Security-Policy lets nothing run or load but the one style sheet and the one script in it, by their hashes;
all text of documents is escaped. The same documents give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from markupsafe import Markup

from kpi.rules import BY_CODE
from kpi.scorecard.charts import charts
from kpi.scorecard.manual import sections
from kpi.scorecard.scored import Scored, amended
from kpi.scorecard.templating import environment
from kpi.scorecard.views import BatchView, ProjectView, batch

# Up to so many projects every one is shown with its rows; of larger batches, those with findings.
FULL_PROJECTS = 300
# The rows that these may have together, the worst projects first; and the projects and documents that are listed.
MAX_ROWS = 20_000
MAX_LISTED = 5_000
# So many projects with findings are open when the page opens.
_OPEN_PROJECTS = 12


def write(documents: Sequence[Scored], path: Path) -> None:
    """Write the report on ``documents`` to ``path``."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces(documents))


def pieces(documents: Sequence[Scored]) -> Iterable[str]:
    """The text of the report on ``documents``, piece by piece."""
    whole = batch(documents)
    style, script = _static("style.css"), _static("script.js")
    return (
        environment()
        .get_template("report/report.html")
        .stream(
            batch=whole,
            amended=amended(documents),
            charts=charts(whole),
            style=Markup(style),
            script=Markup(script),
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            shown=_shown(whole),
            is_cut=len(whole.projects) > FULL_PROJECTS,
            listed=frozenset(p.number for p in _worst(whole.projects)[:MAX_LISTED]),
            documents=[d for d in whole.documents if d.problems or d.findings],
            max_listed=MAX_LISTED,
            opened=sum(bool(p.findings) for p in whole.projects) <= _OPEN_PROJECTS,
            rules=[(code, BY_CODE.get(code), sum(counts.values())) for code, counts in whole.total.by_rule.items()],
            sections=sections,
        )
    )


def _shown(whole: BatchView) -> frozenset[int]:
    """The numbers of the projects that are shown with their rows."""
    if len(whole.projects) <= FULL_PROJECTS:
        return frozenset(project.number for project in whole.projects)
    found: list[int] = []
    left = MAX_ROWS
    for project in _worst(whole.projects):
        left -= len(project.rows) + len(project.findings)
        if left < 0 or not project.findings:
            break
        found.append(project.number)
    return frozenset(found)


def _worst(projects: Iterable[ProjectView]) -> list[ProjectView]:
    def key(project: ProjectView) -> tuple[int, int, int, int]:
        counts = project.score.findings
        return -counts.error, -counts.warning, -counts.info, project.number

    return sorted(projects, key=key)


def _static(name: str) -> str:
    found = resources.files("kpi.scorecard").joinpath("templates", "report", name)
    return found.read_text(encoding="utf-8").replace("\r\n", "\n").strip()


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
