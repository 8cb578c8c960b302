"""Many documents → scored documents, in the order of the inputs, in one process or several.

Each result goes into a record as a line of JSON as soon as it is there, so that a run that was stopped can go on: what
the record holds of the same file, made by the same rules and settings, is not read again.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from kpi import documents, processes, scoring
from kpi import settings as limits
from kpi.configuration import Config
from kpi.inputs import Input, expand, unopened
from kpi.pipeline import extract
from kpi.reviewing import review, scheme_of
from kpi.rules import RULESET_VERSION
from kpi.schema import Extraction, Frozen, Problem, Review
from kpi.scorecard.scored import Scored
from kpi.scoring import Scheme

_AHEAD = 4  # documents that wait for each worker; more would only fill the memory


class Settings(NamedTuple):
    """What a result depends on beside the document; ``scoring`` is the text of a scoring file, null for the default."""

    year: int | None = None
    config: Config = Config()
    scoring: str | None = None

    def scheme_of(self, document: Scored) -> Scheme:
        """The scheme by which a document was scored: points of blocks may differ from organisation to organisation."""
        return scheme_of(self.config.of(document.extraction.organisation), _scheme(self.scoring))


class Made(Frozen):
    """By what a line was made; only lines made by the same are used again."""

    ruleset_version: str
    settings: str


class Line(Frozen):
    """One line of a record: where a document lies, what was read of it, what was found."""

    document: str
    made: Made
    extraction: Extraction
    review: Review


class _Offer(NamedTuple):
    """An input, its key, and its line where the record holds one."""

    given: Input
    key: tuple[str, str]
    held: str | None


def run(
    paths: list[Path],
    record: Path,
    settings: Settings,
    *,
    workers: int = 1,
    resume: bool = False,
    sources: bool = False,
) -> Iterator[Scored]:
    """Read and review every document behind ``paths``; what cannot be read comes with its problem.

    Args:
        paths: files, folders, zips; the folder of ``record`` is left out.
        record: the JSON Lines file that takes the results; in the end a line a document, in the order of the inputs.
        settings: what the results depend on.
        workers: processes; 1 is this one.
        resume: use again what ``record`` already holds.
        sources: keep the bytes of members of zips as ``source``, for copies of them.

    Raises:
        OSError: the record cannot be written.

    """
    known = _known(record, settings) if resume else {}
    lines: list[str] = []
    with record.open("ab" if resume else "wb") as stream:
        if resume and stream.tell():
            stream.write(b"\n")  # the last line may be torn
        for offer, text in _results(_offers(paths, record.parent, known), settings, workers):
            held = Line.model_validate_json(text)
            label = _valid(offer.given.label)
            if held.document != label:  # the same file, at another place
                held = held.model_copy(update={"document": label})
                text = held.model_dump_json()
            if offer.held is None:
                stream.write(text.encode() + b"\n")
                stream.flush()
            if resume:
                lines.append(text)
            keep = isinstance(offer.given.source, Path) or sources
            source = b"" if isinstance(offer.given.source, Problem) or not keep else offer.given.source
            yield Scored(label, held.extraction, held.review, source)
    if resume:
        fresh = record.with_name(f"{record.name}.new")
        fresh.write_text("".join(f"{text}\n" for text in lines), encoding="utf-8", newline="\n")
        fresh.replace(record)


def _known(record: Path, settings: Settings) -> dict[tuple[str, str], str]:
    """The lines of a record that can be used again; of unread documents none, as they may be readable by now."""
    found: dict[tuple[str, str], str] = {}
    if not record.exists():
        return found
    with record.open("rb") as stream:
        for text in stream:
            try:
                line = Line.model_validate_json(text)
            except ValidationError:  # the run was stopped in the midst of this line, or another version wrote it
                continue
            source = line.extraction.source
            if line.made == _made(settings) and not documents.unread(line.extraction.problems):
                found[source.sha256, source.name or ""] = text.decode().rstrip("\n")
    return found


def _offers(paths: list[Path], out: Path, known: dict[tuple[str, str], str]) -> Iterator[_Offer]:
    for given in expand(paths, leave_out=out):
        key = (_hash(given.source), _valid(given.name)) if known else ("", "")
        yield _Offer(given, key, known.get(key))


def _hash(source: Path | bytes | Problem) -> str:
    with suppress(OSError):
        if not isinstance(source, Problem):
            return hashlib.sha256(source.read_bytes() if isinstance(source, Path) else source).hexdigest()
    return ""


def _results(offers: Iterable[_Offer], settings: Settings, workers: int) -> Iterator[tuple[_Offer, str]]:
    """The line of each input, in order."""
    if workers <= 1:
        yield from ((offer, offer.held or line(settings, offer.given)) for offer in offers)
        return
    waiting: deque[tuple[_Offer, Future[str] | None]] = deque()
    with closing(processes.Pool("kpi.batch:line", workers, seconds=_most_seconds())) as pool:
        for offer in offers:
            waiting.append((offer, None if offer.held else pool.submit(settings, offer.given)))
            if len(waiting) >= _AHEAD * workers:
                yield _collected(*waiting.popleft(), settings)
        while waiting:
            yield _collected(*waiting.popleft(), settings)


def _most_seconds() -> float:
    """What a document may take when each step takes all it may: conversion, reading, finding its targets."""
    return limits.CONVERT_SECONDS + 2 * limits.READ_SECONDS + processes.GRACE_SECONDS


def _collected(offer: _Offer, future: Future[str] | None, settings: Settings) -> tuple[_Offer, str]:
    """The line of an input; where the process was ended over it, that is its problem."""
    try:
        return offer, future.result() if future else offer.held or ""
    except processes.EndedError as ended:
        late = documents.problem("out_of_time", f"{_most_seconds():g}")
        why = late if ended.late else documents.problem("not_readable", "读取时程序意外结束")
        return offer, line(settings, offer.given._replace(source=why))


def line(settings: Settings, given: Input) -> str:
    """The record's line of one input."""
    label = _valid(given.label)
    if isinstance(given.source, Problem):
        extraction = unopened(label, given.source)
    else:
        extraction = extract(given.source, filename=_valid(given.name), fiscal_year=settings.year)
    reviewed = review(extraction, config=settings.config, scheme=_scheme(settings.scoring))
    return Line(document=label, made=_made(settings), extraction=extraction, review=reviewed).model_dump_json()


def _valid(name: str) -> str:
    """A file's name as UTF-8 can hold it: file systems know others."""
    return name.encode("utf-8", "replace").decode()


@lru_cache(maxsize=8)
def _scheme(text: str | None) -> scoring.Scheme:
    return scoring.default() if text is None else scoring.read(text)


def _made(settings: Settings) -> Made:
    given = repr((settings.year, settings.config.model_dump_json(), settings.scoring))
    given = hashlib.sha256(given.encode()).hexdigest()[:16]
    return Made(ruleset_version=RULESET_VERSION, settings=given)
