"""What a process of its own must survive: functions that hang, exit, crash, take all memory, raise, print."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

from api import work
from kpi import batch
from kpi.batch import making
from kpi.configuration import Config
from kpi.inputs import Input
from kpi.scorecard.shards import Shard

_KEPT: list[bytearray] = []


def act(what: str, detail: str = "") -> str:
    """Do it; the answer, where there is one, is ``detail``."""
    match what:
        case "hang":
            while True:
                time.sleep(1)
        case "spin":
            while True:
                pass
        case "start":
            subprocess.run(["sleep", "3"], check=True)
        case "exit":
            os._exit(3)
        case "exit-once":
            try:
                Path(detail).touch(exist_ok=False)
            except FileExistsError:
                return detail
            os.kill(os.getpid(), signal.SIGKILL)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "memory":
            return str(len([bytearray(2**28) for _ in range(64)]))
        case "keep":
            _KEPT.append(bytearray(int(float(detail) * _free())))
        case "take":
            return str(len(bytearray(int(float(detail) * (_free() + sum(map(len, _KEPT)))))))
        case "raise":
            raise ValueError(detail)
        case "print":
            print(detail, flush=True)
            sys.stdout.write("x" * 100_000)
        case "slow":
            time.sleep(0.2)
        case "sleep":
            time.sleep(float(detail))
    return f"{os.getpid()} {detail}"


def _free() -> int:
    """How many bytes this process may still take."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return resource.getrlimit(resource.RLIMIT_AS)[0] - pages * resource.getpagesize()


MOCK = "mock:"


def read(
    source: bytes | str, filename: str | None, fiscal_year: int | None, config: Config
) -> work.Read | work.Refusal:
    """As `api.work.read`; a document that begins with `mock:` does what the rest of its first line says, first."""
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    if text.startswith(MOCK):
        line, _, rest = text.removeprefix(MOCK).partition("\n")
        act(*line.split())
        return work.read(rest, filename, fiscal_year, config)
    return work.read(source, filename, fiscal_year, config)


def steps(settings: batch.Settings, part: batch.Part) -> Generator[str, None, Shard]:
    """As `kpi.batch.steps`; a text that begins with `mock:` does what the rest of its first line says, first."""
    return making.steps_of(settings, part, _line)


def _line(settings: batch.Settings, given: Input) -> batch.Line:
    if isinstance(given.source, Path) and given.source.suffix == ".txt":
        text = given.source.read_text(encoding="utf-8")
        if text.startswith(MOCK):
            line = text.removeprefix(MOCK).partition("\n")[0]
            if line == "unwritten":
                return _Unwritten(**dict(batch.line(settings, given)))
            act(*line.split())
            return batch.line(settings, given)
    return batch.line(settings, given)


class _Unwritten(batch.Line):
    """A record for whose JSON the memory does not suffice."""

    def record(self) -> bytes:
        raise MemoryError
