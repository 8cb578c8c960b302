"""``python -m tests.benchmarks.startup``: how long a whole process of the command takes; the median of ten, of each.

A bare interpreter is measured in the same rounds: what lies above it is ours. Aims, on an idle machine: ``kpi --help``
under 0.25 s, ``kpi parse`` under 0.3 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 10
COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "kpi --help": ["-m", "kpi.cli", "--help"],
    "kpi parse": ["-m", "kpi.cli", "parse", "≥90%"],
    "kpi parse --json": ["-m", "kpi.cli", "parse", "--json", "≥90%"],
    "kpi rules VAG001": ["-m", "kpi.cli", "rules", "VAG001"],
}


def seconds(arguments: list[str]) -> float:
    """The time of one process from its start to its end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def report() -> None:
    """Print the median of each command; the commands take turns, so that load falls on all of them."""
    rounds = [{name: seconds(arguments) for name, arguments in COMMANDS.items()} for _ in range(ROUNDS)]
    for name in COMMANDS:
        print(f"{name:20} {statistics.median(each[name] for each in rounds):.3f} s")


if __name__ == "__main__":
    report()
