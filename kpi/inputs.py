"""What a path on the command line stands for: a file, every file of a folder, every file of a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kpi import settings
from kpi.documents import problem
from kpi.schema import Problem


class Input(NamedTuple):
    """One document to read: ``source`` is a path, bytes, or the problem that kept it from being opened."""

    label: str
    source: Path | bytes | Problem


def expand(paths: list[Path]) -> Iterator[Input]:
    """The documents behind ``paths``, folders in name order; hidden files are left out."""
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                if not any(part.startswith(".") for part in file.relative_to(path).parts):
                    yield from _file(file)
        else:
            yield from _file(path)


def _file(path: Path) -> Iterator[Input]:
    # A zip is told by its name: Word and Excel files are zips as well.
    if path.suffix.lower() == ".zip" and path.is_file():
        yield from _zip(path)
    else:
        yield Input(str(path), path)


def _zip(path: Path) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            for number, info in enumerate(members):
                label = f"{path}!{info.filename}"
                if number >= settings.MAX_ZIP_MEMBERS:
                    yield Input(str(path), problem("too_many_files", str(settings.MAX_ZIP_MEMBERS)))
                    return
                yield _member(archive, info, label)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        yield Input(str(path), problem("not_readable", str(error)))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> Input:
    limit = settings.MAX_DOCUMENT_BYTES
    try:
        with archive.open(info) as file:
            data = file.read(limit + 1)  # never trust the size that the archive declares
    except Exception as error:  # zlib, zipfile and the file system share no base class; one bad member is one problem
        return Input(label, problem("not_readable", str(error)))
    if len(data) > limit:
        return Input(label, problem("too_large", f"{limit // 2**20} MB"))
    return Input(label, data)
