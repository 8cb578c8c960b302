"""What is made of documents: a line of JSON of each, and a shard of several; pure functions of settings and inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from kpi import documents, scoring
from kpi.configuration import Config
from kpi.inputs import Away, Input, unopened
from kpi.pipeline import extract
from kpi.reviewing import review, scheme_of
from kpi.rules import RULESET_VERSION
from kpi.schema import SCHEMA_VERSION, Extraction, Frozen, Problem, Review
from kpi.scorecard import shards
from kpi.scorecard.frames import Numbered
from kpi.scorecard.scored import Scored
from kpi.scorecard.shards import Shard
from kpi.scoring import Scheme


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
    """A document's record: where it lies, what was read of it, what was found."""

    document: str
    made: Made
    extraction: Extraction
    review: Review

    def record(self) -> bytes:
        """The line as a shard takes it: JSON in UTF-8."""
        return _LINE.dump_json(self)


_LINE = TypeAdapter(Line)


class Item(NamedTuple):
    """One document of a part.

    ``digest`` is the SHA-256 of its bytes, empty where it could not be opened. ``same_as`` is an earlier document with
    the same content, ``held`` the record of one: it is then not read again.
    """

    label: str
    name: str
    source: Path | bytes | Problem | Away
    digest: str = ""
    same_as: str | None = None
    held: str | None = None


class Part(NamedTuple):
    """The documents of one shard: its place among the shards, the place of its first document in the batch.

    ``plan`` is a hash of all that the shard will hold (:func:`planned`). Where a document lacks memory, that is its
    problem; of a ``guarded`` part it is raised, so that the document can be tried without those before it.
    """

    part: int
    first: int
    items: tuple[Item, ...]
    plan: str = ""
    guarded: bool = False


def planned(settings: Settings, part: Part) -> Part:
    """The part with its plan."""
    what = [(i.label, i.name, i.digest, i.same_as, _why(i.source)) for i in part.items]
    whole = repr((made_key(settings), part.part, part.first, what))
    return part._replace(plan=hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest())


def _why(source: object) -> str | None:
    return source.message if isinstance(source, Problem) else None


def shard(settings: Settings, part: Part) -> Shard:
    """Read and review the documents of a part (:func:`planned`): its shard, in memory.

    The same part and settings give the same bytes, wherever and whenever.
    Nothing is raised for what a document holds. A document that ends the process takes the shard with it; who must
    survive that runs :func:`steps` in a :class:`kpi.processes.Child`, which says how far it came.
    """
    generator = steps(settings, part)
    while True:
        try:
            next(generator)
        except StopIteration as done:
            found: Shard = done.value
            return found


def steps(settings: Settings, part: Part) -> Generator[str, None, Shard]:
    """As :func:`shard`; yields the label of each document as soon as it is done."""
    return steps_of(settings, part, line)


def steps_of(settings: Settings, part: Part, make: Callable[[Settings, Input], Line]) -> Generator[str, None, Shard]:
    """The steps of a part whose lines are made by ``make``."""
    found: list[Numbered] = []
    by_label: dict[str, bytes] = {}
    for number, item in enumerate(part.items, start=part.first):
        held = item.held or by_label.get(item.same_as or "")
        source = item.source if not isinstance(item.source, Away) else _NOT_OPENED
        given = Input(item.label, item.name, source)
        try:
            read = (held and moved(held, item)) or make(settings, given)
        except MemoryError:  # the limit of a worker's memory is this document's
            if part.guarded:
                raise
            read = line(settings, given._replace(source=NO_MEMORY))
        if item.digest and read.extraction.source.sha256 not in ("", item.digest):
            read = line(settings, given._replace(source=CHANGED))
        record = by_label[item.label] = read.record()
        same_as = item.same_as and valid(item.same_as)
        found.append(Numbered(number, Scored(read.document, read.extraction, read.review, b""), same_as, record))
        yield item.label
    return shards.shard(part.part, made_key(settings), part.plan, found)


CHANGED = documents.problem("not_readable", "文件在读取期间被改动")
NO_MEMORY = documents.problem("not_readable", "内存不足")
_NOT_OPENED = documents.problem("not_readable", "文件没有打开")


def moved(held: str | bytes, item: Item) -> Line | None:
    """A record of the same content at another place, under another name; null for one of another shape."""
    try:
        read = Line.model_validate_json(held)
    except ValidationError:
        return None
    label, name = valid(item.label), valid(item.name)
    if read.extraction.source.sha256 not in ("", item.digest):  # labels need not be unique: two members of one name
        return None
    if (read.document, read.extraction.source.name) == (label, name):
        return read
    if not read.extraction.source.sha256:  # it could not be opened, and is called by its label
        name = label
    source = read.extraction.source.model_copy(update={"name": name})
    extraction = read.extraction.model_copy(update={"source": source})
    return read.model_copy(update={"document": label, "extraction": extraction})


def line(settings: Settings, given: Input) -> Line:
    """The record of one input."""
    label = valid(given.label)
    if isinstance(given.source, Problem):
        extraction = unopened(label, given.source)
    else:
        extraction = extract(given.source, filename=valid(given.name), fiscal_year=settings.year)
    reviewed = review(extraction, config=settings.config, scheme=_scheme(settings.scoring))
    return Line(document=label, made=made(settings), extraction=extraction, review=reviewed)


def valid(name: str) -> str:
    """A file's name as UTF-8 can hold it: file systems know others."""
    return name.encode("utf-8", "replace").decode()


@lru_cache(maxsize=8)
def _scheme(text: str | None) -> Scheme:
    return scoring.default() if text is None else scoring.read(text)


def made(settings: Settings) -> Made:
    """By what the lines of these settings are made."""
    given = repr((settings.year, settings.config.model_dump_json(), settings.scoring))
    given = hashlib.sha256(given.encode()).hexdigest()[:16]
    return Made(ruleset_version=RULESET_VERSION, settings=given)


def made_key(settings: Settings) -> str:
    """The same as a word; what another version of the types wrote is not taken up again."""
    by = made(settings)
    return f"{SCHEMA_VERSION}/{by.ruleset_version}/{by.settings}"
