"""``python -m tests.models [--write] [NAME…]`` measures on left-out groups; ``--write`` keeps what is better."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from kpi.language.training import digest, train
from tests.material import ROOT
from tests.models import card
from tests.models.evaluate import TASKS, Task, answers, is_better, on_left_out_groups

MODELS = ROOT / "models"


def main(names: list[str], *, write: bool) -> None:
    for name in names or list(TASKS):
        make(TASKS[name], MODELS / name, write=write)


def make(task: Task, folder: Path, *, write: bool) -> None:
    """The card of ``task`` and, where it is better than the list, its pipeline."""
    examples = task.examples()
    found = on_left_out_groups(task)
    model = train(examples)
    outside = list(answers(task, model, task.outside()))
    better = is_better(found) and is_better(outside)
    page = card.page(task, examples, found, outside, shipped=better)
    if not write:
        print(page)
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if better:
        model.meta["name"] = task.name
        model.meta["kpi_digest"] = digest(examples)
        model.to_disk(folder)
    (folder / "card.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    given = sys.argv[1:]
    main([name for name in given if name != "--write"], write="--write" in given)
