"""``python -m tests.benchmarks.memory``: the memory of one process over 1,000 documents of all formats.

After a first hundred, in which caches fill, the process should not grow: the ratio of the two figures says so.
"""

from __future__ import annotations

import gc
import itertools
from pathlib import Path

import kpi
from tests.rendering import LAYOUTS, load_all
from tests.rendering.formats import FORMATS, PRINTED

DOCUMENTS = 1_000
WARM = 100
PAGE_BYTES = 4096


def resident() -> float:
    """The memory of this process in megabytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 2**20


def main() -> None:
    """Reads the documents round and round, each as bytes, and prints what the process holds."""
    facts = load_all()
    files = [layout(each).encode() for layout in LAYOUTS.values() for each in facts]
    files += [each(document) for each in FORMATS.values() for document in facts]
    files += [PRINTED["ruled"](facts[0])]
    after_warm = 0.0
    for number, data in enumerate(itertools.islice(itertools.cycle(files), DOCUMENTS), 1):
        kpi.review(kpi.extract(data))
        if number in (WARM, DOCUMENTS):
            print(f"memory      after {number:>5} documents {resident():8.1f} MB")
        if number == WARM:
            after_warm = resident()
    print(f"memory      the rest needed {resident() / after_warm - 1:+.1%}")


if __name__ == "__main__":
    main()
