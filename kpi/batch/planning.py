"""Which documents make up a batch, and how they are dealt out to shards: by their order and content alone.

The same documents are dealt out alike however many workers there are and wherever a run was stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kpi.batch.making import Item, Part
from kpi.inputs import Away, Input
from kpi.schema import Problem

# A shard holds so many documents, the first ones fewer, so that small batches too have work for every worker.
DOCUMENTS = 64
_FIRST, _ALIKE = 4, 4
# What the documents of a shard may hold together, in bytes, unless a single one is larger.
BYTES = 16 * 1024 * 1024


class Key(NamedTuple):
    """What makes two files the same: the content and, as it tells kinds of text apart, the name's ending."""

    digest: str
    ending: str


def key(digest: str, name: str) -> Key:
    """The key of a file."""
    return Key(digest, name.lower().rpartition(".")[2])


def most(part: int) -> int:
    """How many documents a shard holds at most: 4, 4, 4, 4, 8, 8, 8, 8, 16, … 64."""
    return min(DOCUMENTS, _FIRST << (part // _ALIKE))


class First(NamedTuple):
    """Where a content was seen first: which shard, which of its documents, under which label."""

    part: int
    row: int
    label: str


class Looked(NamedTuple):
    """An input whose content is known: ``digest`` as in :class:`Item`, ``length`` in bytes."""

    label: str
    name: str
    source: Path | bytes | Problem | Away
    digest: str
    length: int


def looked(given: Input) -> Looked:
    """The input with its digest."""
    return Looked(*given, *_digest(given.source))


def parts(inputs: Iterable[Input | Looked], firsts: dict[Key, First]) -> Iterator[Part]:
    """The inputs, dealt out; ``firsts`` takes where each content was seen first."""
    part = number = size = 0
    items: list[Item] = []
    for given in (each if isinstance(each, Looked) else looked(each) for each in inputs):
        digest, length = given.digest, given.length
        if items and (len(items) >= most(part) or size + length > BYTES):
            yield Part(part, number - len(items), tuple(items))
            part, size, items = part + 1, 0, []
        here = First(part, len(items), given.label)
        earlier = firsts.setdefault(key(digest, given.name), here) if digest else here
        same_as = None if earlier is here else earlier.label
        items.append(Item(given.label, given.name, given.source, digest, same_as))
        number += 1
        size += 0 if same_as else length
    if items:
        yield Part(part, number - len(items), tuple(items))


def _digest(source: Path | bytes | Problem) -> tuple[str, int]:
    """The SHA-256 of a file's bytes and their number; an empty one where it cannot be opened."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest(), len(source)
    with suppress(OSError, ValueError):
        if isinstance(source, Path) and source.is_file():
            with source.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
    return "", 0
