"""The rules over parsed projects: projects a second on one core, the cost of one document with ever more of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import cycle, islice

from kpi.pipeline import extract
from kpi.reviewing import review
from kpi.schema import Extraction, Project
from tests.rendering import LAYOUTS, families, load_all

A_DOCUMENT = 10  # projects
GROWING = (1_000, 2_000, 4_000, 8_000)


def _models() -> list[Project]:
    texts = [LAYOUTS["tab_rows"](facts) for facts in load_all()]
    texts += [LAYOUTS["tab_rows"].write(families.compose(families.load(slug))) for slug in families.FAMILIES]
    return [project for text in texts for project in extract(text).projects]


def _varied(project: Project, number: int) -> Project:
    """The project with names of its own, so that nothing remembered of one project helps with the next."""
    rows = tuple(
        row.model_copy(update={"name": f"某{number}乡{row.name}"}) if row.name else row for row in project.indicators
    )
    return project.model_copy(update={"name": f"{project.name}{number}", "indicators": rows})


def projects(count: int) -> Iterator[Project]:
    """So many projects of the corpus, each with names of its own."""
    return (_varied(project, number) for number, project in enumerate(islice(cycle(_models()), count)))


def documents(count: int, a_document: int = A_DOCUMENT) -> list[Extraction]:
    """Documents that hold ``count`` projects together."""
    model, every = extract(LAYOUTS["tab_rows"](load_all()[0])), list(projects(count))
    return [
        model.model_copy(update={"projects": tuple(every[n : n + a_document])}) for n in range(0, count, a_document)
    ]


def report() -> None:
    """Print the figures."""
    batch = documents(1_000)
    rows = sum(len(project.indicators) for read in batch for project in read.projects)
    rates = []
    for _ in range(3):
        begin = time.process_time()
        findings = sum(len(review(read).findings) for read in batch)
        rates.append(1_000 / (time.process_time() - begin))
    begin = time.process_time()
    for read in batch:
        read.model_dump_json()
    ceiling = 1_000 / (time.process_time() - begin)
    ours = sorted(rates)[1]
    print(f"rules       1,000 projects, {rows:,} rows, {findings:,} findings: {ours:,.0f} projects /s")
    print(f"  the first time over    {rates[0]:>12,.0f} /s")
    print(f"  writing them as JSON   {ceiling:>12,.0f} /s   ours is 1/{ceiling / ours:.1f} of it")
    for count in GROWING:
        (read,) = documents(count, count)
        begin = time.process_time()
        review(read)
        seconds = time.process_time() - begin
        print(f"  {count:>6,} projects in one document: {seconds:6.2f} s, {1e6 * seconds / count:6.0f} µs a project")


if __name__ == "__main__":
    report()
