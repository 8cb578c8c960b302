"""``python -m tests.benchmarks.copies [--projects N]``: the second pass over a batch: time, memory, what it finds."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

from kpi.scorecard import copies, earlier
from tests.benchmarks import planted


def main() -> None:
    """Make the tables, go over them in this process, say how long it took and how much memory it needed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=100_000)
    count = parser.parse_args().projects
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        put = planted.write(place, count)
        made = _megabytes()
        projects, indicators = (earlier.parquet_files(place, name) for name in ("projects", "indicators"))
        begin, own = time.perf_counter(), time.process_time()
        found = copies.of_tables(projects, indicators, share=0.8, shared=True)
        wall, own = time.perf_counter() - begin, time.process_time() - own
    families, members = Counter(f.kind for f in found.families), Counter[str]()
    for family in found.families:
        members[family.kind] += len(family.members)
    print(f"copies      {count} projects × {planted.ROWS} rows   {wall:.1f} s   {own:.1f} s of the processor's")
    print(f"  memory               {_megabytes():6.0f} MB at most, {made:.0f} MB of it for making the tables")
    print(f"  planted              {put.families}   standing projects {put.projects['standing']}")
    print(f"  found                {dict(families)} families   {dict(members)} projects   standing {found.standing}")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
