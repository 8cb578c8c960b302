"""What the processes of the service do: one document → its extraction and review, as the JSON that is sent and kept."""

from __future__ import annotations

from typing import NamedTuple

import kpi
from kpi.configuration import Config
from kpi.documents import problem, unread
from kpi.processes import EndedError


class Refusal(NamedTuple):
    """Why a document was not read: a problem's code and sentence."""

    code: str
    message: str


class Read(NamedTuple):
    """What was read; both are JSON."""

    extraction: str
    review: str


def read(source: bytes | str, filename: str | None, fiscal_year: int | None, config: Config) -> Read | Refusal:
    """Read and review a document; one that cannot be read is refused, unless projects were found all the same."""
    try:
        return _read(source, filename, fiscal_year, config)
    except MemoryError:  # the limit of a process, see kpi.processes
        return Refusal("not_readable", problem("not_readable", "所需内存超过上限").message)


def _read(source: bytes | str, filename: str | None, fiscal_year: int | None, config: Config) -> Read | Refusal:
    extraction = kpi.extract(source, filename=filename, fiscal_year=fiscal_year)
    for found in extraction.problems:
        if unread((found,)) and not extraction.projects:
            return Refusal(found.code, found.message)
    review = kpi.review(extraction, config=config)
    return Read(extraction.model_dump_json(), review.model_dump_json())


def ended(why: EndedError, seconds: int) -> Refusal:
    """What is said of a document whose process was ended, or ended by itself."""
    code, detail = ("out_of_time", str(seconds)) if why.late else ("damaged_file", "读取进程异常退出")
    return Refusal(code, problem(code, detail).message)
