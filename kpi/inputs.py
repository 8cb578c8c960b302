"""What a path on the command line stands for: a file, every file of a folder, every file of a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kpi import settings
from kpi.documents import problem
from kpi.schema import Problem


class Input(NamedTuple):
    """One document to read: ``source`` is a path, bytes, or the problem that kept it from being opened.

    ``label`` says where it lies (a member of a zip: ``全部.zip!下级/一.txt``), ``name`` is the name of the file alone.
    """

    label: str
    name: str
    source: Path | bytes | Problem


def expand(paths: list[Path], leave_out: Path | None = None) -> Iterator[Input]:
    """The documents behind ``paths``, folders in name order; hidden files and the file ``leave_out`` are left out."""
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                if not _is_hidden(file.relative_to(path).as_posix()) and not same_file(file, leave_out):
                    yield from _file(file)
        else:
            yield from _file(path)


def same_file(path: Path, other: Path | None) -> bool:
    """Whether both paths name one existing file, by whatever way."""
    try:
        return other is not None and path.samefile(other)
    except (OSError, ValueError):
        return False


def _is_hidden(name: str) -> bool:
    """Hidden files, and what macOS adds to a zip."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


_UTF8_NAME = 0x800


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name. Without the UTF-8 flag zipfile reads cp437; in China such a name is UTF-8 or GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _file(path: Path) -> Iterator[Input]:
    # A zip is told by its name: Word and Excel files are zips as well.
    if path.suffix.lower() == ".zip" and path.is_file():
        yield from _zip(path)
    else:
        yield Input(str(path), path.name, path)


def _zip(path: Path) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(_member_name(info), info) for info in archive.infolist() if not info.is_dir()]
            for number, (name, info) in enumerate((n, i) for n, i in members if not _is_hidden(n)):
                if number >= settings.MAX_ZIP_MEMBERS:
                    yield Input(str(path), path.name, problem("too_many_files", str(settings.MAX_ZIP_MEMBERS)))
                    return
                yield Input(f"{path}!{name}", PurePosixPath(name).name, _member(archive, info))
    except UnicodeDecodeError:
        yield Input(str(path), path.name, problem("not_readable", "压缩包内的文件名编码有误"))
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        yield Input(str(path), path.name, problem("not_readable", str(error)))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | Problem:
    limit = settings.MAX_DOCUMENT_BYTES
    try:
        with archive.open(info) as file:
            data = file.read(limit + 1)  # never trust the size that the archive declares
    except Exception as error:  # zlib, zipfile and the file system share no base class; one bad member is one problem
        return problem("not_readable", str(error))
    return problem("too_large", f"{limit:,} 字节") if len(data) > limit else data
