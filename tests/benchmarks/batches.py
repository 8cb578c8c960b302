"""``python -m tests.benchmarks.batches``: `kpi score` over many documents: documents a second, memory, nothing lost.

    --documents 100000 --workers 2            the big run: text and workbooks, two of a hundred damaged
    --documents 2000 --kinds docx             one format; per core with --workers 1
    --documents 1000 --workers 1 2            one run each, and the ratio

The memory is that of `kpi score` and all its workers together, looked at five times a second: the sum of their resident
sets (what they share is counted in each).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import documents

_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY = 0.2
_DONE = (0, 3)  # 3: some could not be read


class Measured(NamedTuple):
    """One run: seconds until all shards were there, seconds in all, the highest memory in bytes, the totals."""

    workers: int
    documents: int
    reading: float
    whole: float
    memory: int
    unread: int
    projects: int
    indicators: int

    @property
    def rate(self) -> float:
        """Documents a second, without the writing of the report."""
        return self.documents / self.reading


def resident(pid: int) -> int:
    """The memory of a process and of all its children, in bytes."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:  # it has just ended
        return 0
    return own + sum(map(resident, children))


def measure(folder: Path, out: Path, workers: int, formats: str) -> Measured:
    """Run `kpi score` once over a folder."""
    command = [sys.executable, "-m", "kpi.cli", "score", str(folder), "--out", str(out), "--workers", str(workers)]
    begun, reading, memory = time.monotonic(), 0.0, 0
    with (out.parent / f"{out.name}.log").open("wb") as log:
        process = subprocess.Popen([*command, "--format", formats], stdout=log, stderr=log)
        while process.poll() is None:
            memory = max(memory, resident(process.pid))
            if not reading and (out / "shards" / "run.json").exists():
                reading = time.monotonic() - begun
            time.sleep(_EVERY)
    whole = time.monotonic() - begun
    if process.returncode not in _DONE:
        raise SystemExit((out.parent / f"{out.name}.log").read_text(encoding="utf-8")[-2000:])
    entries = [json.loads(path.read_bytes()) for path in (out / "shards" / "parts").iterdir()]
    return Measured(
        workers, sum(e["documents"] for e in entries), reading or whole, whole, memory,
        sum(e["unread"] for e in entries), sum(e["total"][2] for e in entries), sum(e["total"][3] for e in entries),
    )  # fmt: skip


def main() -> None:
    """Makes the documents, runs, prints a line a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[2])
    parser.add_argument("--kinds", nargs="+", default=list(documents.KINDS), choices=("text", "xlsx", "docx"))
    parser.add_argument("--format", default="xlsx,html")
    parser.add_argument("--sound", action="store_true", help="nothing damaged, no copies")
    parser.add_argument("--folder", type=Path, help="work here and keep everything")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="kpi-batches-"))
    try:
        found = [_run(folder, number, workers, given) for number in given.documents for workers in given.workers]
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    first = found[0]
    for other in found[1:]:
        times = other.rate / first.rate
        print(f"batches     {other.documents} documents, {other.workers} workers: {times:.2f} times the first rate")


def _run(folder: Path, number: int, workers: int, given: argparse.Namespace) -> Measured:
    source = folder / f"{'-'.join(given.kinds)}-{number}"
    if not source.exists():
        documents.write(source, number, given.kinds, damaged=not given.sound)
    out = folder / f"out-{source.name}-{workers}"
    shutil.rmtree(out, ignore_errors=True)
    one = measure(source, out, workers, given.format)
    print(
        f"batches     {'+'.join(given.kinds)}, {one.workers} workers: {one.documents} documents in "
        f"{one.reading:.1f} s, {one.rate:.1f} /s; with {given.format} {one.whole:.1f} s; "
        f"memory at most {one.memory / 2**20:.0f} MB; "
        f"{one.projects} projects, {one.indicators} indicators, {one.unread} unread",
        flush=True,
    )
    if one.documents != number:
        raise SystemExit(f"{number - one.documents} documents were lost")
    return one


if __name__ == "__main__":
    main()
