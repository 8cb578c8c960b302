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
from kpi.scorecard import results
from kpi.scorecard.charts import charts
from kpi.scorecard.manual import sections
from kpi.scorecard.results import Results
from kpi.scorecard.scored import Scored
from kpi.scorecard.templating import environment
from kpi.scorecard.views import Room, batch

# Up to so many projects every one is shown with its rows; of larger batches, those with findings.
FULL_PROJECTS = 300
# The rows that these may have together, the worst projects first; and the projects and documents that are listed.
MAX_ROWS = 20_000
MAX_LISTED = 5_000
# So many projects with findings are open when the page opens.
_OPEN_PROJECTS = 12


def write(documents: Sequence[Scored] | Results, path: Path) -> None:
    """Write the report on ``documents`` to ``path``."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces(documents))


def pieces(documents: Sequence[Scored] | Results) -> Iterable[str]:
    """The text of the report on ``documents``, piece by piece."""
    of = results.of(documents)
    whole = batch(of, Room(FULL_PROJECTS, MAX_ROWS, MAX_LISTED))
    style, script = _static("style.css"), _static("script.js")
    return (
        environment()
        .get_template("report/report.html")
        .stream(
            batch=whole,
            amended=of.amended,
            charts=charts(of),
            style=Markup(style),
            script=Markup(script),
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            is_cut=whole.total.projects > FULL_PROJECTS,
            max_listed=MAX_LISTED,
            opened=whole.with_findings <= _OPEN_PROJECTS,
            rules=[(code, BY_CODE.get(code), sum(counts.values())) for code, counts in whole.total.by_rule.items()],
            sections=sections,
        )
    )


def _static(name: str) -> str:
    found = resources.files("kpi.scorecard").joinpath("templates", "report", name)
    return found.read_text(encoding="utf-8").replace("\r\n", "\n").strip()


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
