"""One campaign: damaged files of one format, each written to a file and then read by a child process.

So an input that ends the process or hangs is still there afterwards.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import kpi
from kpi.documents.problems import CATALOGUE
from kpi.schema import Extraction
from tests.fuzz.mutate import mutated

# What a damaged file of some ten kilobytes may take of the processor's time, and how long an answer is waited for: a
# busy machine may leave the child without the processor for a while.
LONGEST_SECONDS = 20.0
PATIENCE_SECONDS = 120.0


def campaign(ending: str, files: list[bytes], seconds: float, seed: int, keep: Path) -> tuple[int, list[str]]:
    """The number of inputs tried within ``seconds``, and a line for each that failed."""
    failed: list[str] = []
    runs = 0
    end = time.monotonic() + seconds
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        at_work = Path(folder) / f"input.{ending}"
        while time.monotonic() < end:
            ours, theirs = context.Pipe()
            child = context.Process(target=_child, args=(theirs, files, seed + runs, str(at_work)), daemon=True)
            child.start()
            theirs.close()
            why = ""
            for why in _answers(ours, end):
                runs += 1
                if why:
                    break
            child.kill()
            child.join()
            if why and why != "over":
                keep.mkdir(parents=True, exist_ok=True)
                kept = keep / f"{ending}-{seed}-{runs}.{ending}"
                shutil.copyfile(at_work, kept)
                failed.append(f"{kept}: {why}")
    return runs, failed


def _answers(ours: Connection, end: float) -> Iterator[str]:
    """An empty text for each input that was read, then what went wrong, or ``over`` at the end of the time."""
    while time.monotonic() < end:
        if not ours.poll(PATIENCE_SECONDS):
            yield f"no answer in {PATIENCE_SECONDS:g} s"
            return
        try:
            yield str(ours.recv())
        except EOFError:
            yield "ended the process"
            return
    yield "over"


def _child(theirs: Connection, files: list[bytes], seed: int, at_work: str) -> None:
    """Reads damaged files until it is killed, and says of each what was wrong with it."""
    with open(os.devnull, "w") as nowhere:  # what libraries print of their own accord (a panic's backtrace)
        os.dup2(nowhere.fileno(), 2)
    dice = random.Random(seed)
    while True:
        data = mutated(dice.choice(files), dice)
        Path(at_work).write_bytes(data)
        began = time.process_time()
        try:
            extraction = kpi.extract(data)
            unknown = {problem.code for problem in extraction.problems} - CATALOGUE.keys()
            Extraction.model_validate_json(extraction.model_dump_json())
            taken = time.process_time() - began
            slow = f"took {taken:.0f} s" if taken > LONGEST_SECONDS else ""
            theirs.send(f"unknown problems {unknown}" if unknown else slow)
        except Exception as error:  # any exception at all is what this looks for
            theirs.send(f"{type(error).__name__}: {error}"[:200])
