"""``python -m tests.benchmarks.schema [--cases 10000]``: requests made from the OpenAPI description, by schemathesis.

A real ``kpi serve`` is asked what its description allows and what it forbids, and in sequences (a batch is made, looked
at, deleted, looked at again). No answer may be a 500, or one that the description does not name: status, media type,
headers, schema of the body. The exit code is that of schemathesis.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import regex

from tests.browser.running import Server
from tests.material import ROOT

_CONFIG = Path(__file__).with_name("schemathesis.toml")
_GENERATED = regex.compile(r"(\d+) generated")
# What comes whatever is asked for (examples, edge cases, sequences), and how many operations take many requests.
_FIXED, _OPERATIONS = 500, 10


class Asked(NamedTuple):
    """What schemathesis said in the end, how many requests it made from the description, and all that it printed."""

    code: int
    cases: int
    said: str


def asked(folder: Path, examples: int, *arguments: str) -> Asked:
    """Ask a service over an empty folder; ``examples`` of each operation beside the edge cases."""
    server = Server(folder, WORKERS=os.cpu_count())
    server.start()
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run",
        f"{server.address}/openapi.json", "--continue-on-failure",
        "--max-examples", str(examples), *arguments,
    ]  # fmt: skip
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=folder,
            env=os.environ | {"NO_COLOR": "1", "PYTHONPATH": str(ROOT)},  # the hooks lie there
        )  # fmt: skip
    finally:
        server.stop()
    said = run.stdout + run.stderr + ("" if "Traceback" not in server.log() else server.log())
    found = _GENERATED.search(run.stdout)
    return Asked(run.returncode or int("Traceback" in server.log()), int(found[1]) if found else 0, said)


def main() -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.schema", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpi-schema-") as folder:
        examples = max((given.cases - _FIXED) // _OPERATIONS, 1)
        done = asked(Path(folder), examples, "--seed", str(given.seed))
    print(done.said)
    print(f"{done.cases} cases; load of the machine: {os.getloadavg()[0]:.1f}")
    return done.code


if __name__ == "__main__":
    sys.exit(main())
