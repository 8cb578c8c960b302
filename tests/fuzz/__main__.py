"""``python -m tests.fuzz [--seconds 60] [--format docx] [--seed 0]``: damaged files through ``kpi.extract``.

Ends with 1 where an input raised, ended the process, took too long or gave an untyped result; such inputs are left
in the folder of ``--keep``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.campaign import campaign
from tests.fuzz.originals import originals


def main() -> int:
    """Runs the command; 1 where an input failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="over all formats together")
    parser.add_argument("--format", help="only the files with this ending")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("out/fuzz"), help="where failing inputs are left")
    given = parser.parse_args()
    files = {name: data for name, data in originals().items() if given.format in (None, name.rpartition(".")[2])}
    endings = sorted({name.rpartition(".")[2] for name in files})
    print(f"{len(files)} files, formats: {' '.join(endings)}")
    failures = 0
    for number, ending in enumerate(endings):
        chosen = [data for name, data in sorted(files.items()) if name.endswith(f".{ending}")]
        runs, failed = campaign(ending, chosen, given.seconds / len(endings), given.seed + number, given.keep)
        print(f"{ending:5} {runs:7} inputs, {len(failed)} failed")
        for line in failed:
            print("  " + line)
        failures += len(failed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
