"""``python -m tests.benchmarks.kills --kills 100 --documents 2000``: a run that is killed and taken up again and again.

`kpi score --resume` and all its workers are killed with SIGKILL at random moments, now and then one worker alone; the
last run is left alone. Its files must be those of a run that nobody disturbed, byte for byte. Where a run was done
before it could be killed, three of four parts are taken away again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import documents

_DONE = (0, 3)  # 3: some could not be read


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def start(source: Path, out: Path, formats: str) -> subprocess.Popen[bytes]:
    """`kpi score --resume`, in a process group of its own."""
    command = [sys.executable, "-m", "kpi.cli", "score", str(source), "--out", str(out), "--workers", "2", "--resume"]
    null = subprocess.DEVNULL
    return subprocess.Popen([*command, "--format", formats], stdout=null, stderr=null, start_new_session=True)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        tasks = [(task / "children").read_text(encoding="ascii") for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    return [int(child) for text in tasks for child in text.split()]


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole run, workers first: they have process groups of their own."""
    for pid in (*children(process.pid), process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def main() -> None:
    """Runs, kills, compares; ends with 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--format", default="csv,parquet")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kpi-kills-"))
    try:
        raise SystemExit(_compared(folder, given))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compared(folder: Path, given: argparse.Namespace) -> int:
    source, whole, out = folder / "in", folder / "whole", folder / "out"
    documents.write(source, given.documents)
    begun = time.monotonic()
    if start(source, whole, given.format).wait() not in _DONE:
        print("the undisturbed run failed")
        return 1
    seconds = time.monotonic() - begun
    # So that the kills are spread over the whole of the work, each attempt gets a share of the undisturbed time.
    choose = random.Random(given.seed)
    done = killed = lone = 0
    while killed < given.kills:
        process = start(source, out, given.format)
        time.sleep(choose.uniform(0, 2 * (seconds / given.kills + 1.5)))
        if choose.random() < 0.2 and (workers := children(process.pid)):
            os.kill(choose.choice(workers), signal.SIGKILL)
            lone += 1
            time.sleep(choose.uniform(0, 1))
        if process.poll() is None:
            kill(process)
            killed += 1
            continue
        done += 1
        parts = sorted((out / "shards" / "parts").iterdir())
        for part in choose.sample(parts, len(parts) * 3 // 4):  # begin again with a quarter of the work done
            part.unlink()
    last = start(source, out, given.format).wait()
    same = hashes(out) == hashes(whole)
    print(
        f"kills       {killed} of the whole run, {lone} of a worker alone, over {given.documents} documents; "
        f"the run was done {done} times in between; in the end the result is {'the same' if same else 'NOT the same'}"
    )
    return 0 if same and last in _DONE else 1


if __name__ == "__main__":
    main()
