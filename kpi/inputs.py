"""What a path on the command line stands for: a file, every file of a folder, every file of a zip.

An address (``s3://…``) stands for every file under it; their bytes are fetched a few at a time, ahead of their use.
"""

from __future__ import annotations

import io
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NamedTuple

from kpi import places, settings
from kpi.documents import problem
from kpi.documents.kinds import holds_documents, office_kind
from kpi.schema import Coverage, Extraction, Organisation, Problem, Source

# Remote files are fetched so many at a time.
_FETCHED_AT_ONCE = 8
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


_Source = Path | bytes | BinaryIO


class Input(NamedTuple):
    """One document to read: ``source`` is a path, bytes, or the problem that kept it from being opened.

    ``label`` says where it lies (a member of a zip: ``全部.zip!下级/一.txt``), ``name`` is the name of the file alone.
    """

    label: str
    name: str
    source: Path | bytes | Problem


class Away(NamedTuple):
    """The ``nth`` of the documents that a file holds, from 0: whoever reads it opens the file himself."""

    file: Path | str
    nth: int


def expand(paths: Sequence[Path | str], leave_out: Path | str | None = None) -> Iterator[Input]:
    """The documents behind ``paths``, folders in name order; hidden files and ``leave_out`` are left out.

    A ``str`` is the address of a remote store. ``leave_out`` is a file, or a folder with all that is in it.

    Raises:
        OSError: an address cannot be listed.

    """
    for path in paths:
        if isinstance(path, str):
            yield from _remote(path, leave_out)
        elif path.is_dir():
            for file in _files(path, leave_out):
                yield from _file(file)
        else:
            yield from _file(path)


def listed(paths: Sequence[Path | str], leave_out: Path | str | None = None) -> Iterator[tuple[str, Path | str]]:
    """The files behind ``paths`` in the order of :func:`expand`, unopened: label, and absolute path or address.

    Raises:
        OSError: an address cannot be listed.

    """
    for path in paths:
        if isinstance(path, str):
            addresses = [address for address, _, _ in _addresses(path, leave_out)]
            yield from ((address, address) for address in addresses or [path])
        elif path.is_dir():
            yield from ((str(file), file.absolute()) for file in _files(path, leave_out))
        else:
            yield str(path), path.absolute() if path.exists() else path


def _remote(url: str, leave_out: Path | str | None) -> Iterator[Input]:
    waiting: deque[tuple[str, str, Future[bytes] | None]] = deque()
    number = 0
    with ThreadPoolExecutor(_FETCHED_AT_ONCE) as fetchers:
        for number, (address, name, size) in enumerate(_addresses(url, leave_out), 1):  # noqa: B007
            limit = settings.MAX_ZIP_BYTES if name.lower().endswith(".zip") else settings.MAX_DOCUMENT_BYTES
            waiting.append((address, name, fetchers.submit(places.remote_bytes, address) if size <= limit else None))
            if len(waiting) >= _FETCHED_AT_ONCE:
                yield from _fetched(*waiting.popleft())
        while waiting:
            yield from _fetched(*waiting.popleft())
    if not number:
        yield Input(url, url.rpartition("/")[2], problem("not_found", url))


def _addresses(url: str, leave_out: Path | str | None) -> Iterator[tuple[str, str, int]]:
    """The addresses under ``url`` with their names and sizes."""
    for address, name, size in places.remote_files(url):
        within = isinstance(leave_out, str) and f"{address}/".startswith(f"{leave_out.rstrip('/')}/")
        if not _is_hidden(name) and not within:
            yield address, name.rpartition("/")[2], size


def _fetched(address: str, name: str, data: Future[bytes] | None) -> Iterator[Input]:
    if data is None:
        yield Input(address, name, problem("too_large", f"{settings.MAX_DOCUMENT_BYTES:,} 字节"))
        return
    try:
        found = data.result()
    except OSError as error:
        yield Input(address, name, problem("not_readable", str(error)))
        return
    if _is_archive(found, name):
        yield from _zip(found, address, name, Left(settings.MAX_ZIP_BYTES))
    else:
        yield Input(address, name, found)


def files(paths: list[Path]) -> list[Path]:
    """The files behind ``paths`` as they lie there, zips unopened; hidden ones of folders are left out."""
    return [file for path in paths for file in (_files(path, None) if path.is_dir() else (path,))]


class Left:
    """What the files of one zip and of the zips in it, or of several inputs, may still hold together, in bytes."""

    def __init__(self, limit: int) -> None:
        self.bytes = self.limit = limit


def opened(file: BinaryIO, name: str, left: Left) -> Iterator[Input]:
    """The documents in an open file: itself, or the files of a zip, one after the other in memory.

    What is taken out counts against ``left``, which several files may share; what goes beyond is a problem.
    """
    if _is_archive(file, name):
        yield from _zip(file, name, name, left)
    else:
        file.seek(0)
        yield Input(name, name, _within(file, left))


def count(paths: Sequence[Path | str], leave_out: Path | str | None = None) -> int:
    """About how many documents :func:`expand` will give: zips in zips count as one, as do remote ones."""
    remote = sum(1 for url in paths if isinstance(url, str) for _ in _addresses(url, leave_out))
    local = [path for path in paths if isinstance(path, Path)]
    files = (file for path in local for file in (_files(path, leave_out) if path.is_dir() else (path,)))
    return remote + sum(_members(file) if _is_archive(file, file.name) else 1 for file in files)


def _members(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            names = (_member_name(info) for info in archive.infolist() if not info.is_dir())
            return sum(not _is_hidden(name) for name in names)
    except Exception:  # zipfile, zlib and the file system share no base class; such a zip is one problem
        return 1


def _files(folder: Path, leave_out: Path | str | None) -> Iterator[Path]:
    local = leave_out if isinstance(leave_out, Path) else None
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        if not _is_hidden(file.relative_to(folder).as_posix()) and not _is_within(file, local):
            yield file


def _is_within(file: Path, other: Path | None) -> bool:
    """Whether a file is ``other``, or lies in it."""
    return same_file(file, other) or (other is not None and any(same_file(above, other) for above in file.parents))


def unopened(label: str, why: Problem) -> Extraction:
    """What is read of a document that could not be opened: nothing, and the problem."""
    return Extraction(
        source=Source(name=label, sha256="", media_type="application/octet-stream"),
        organisation=Organisation(), fiscal_year=None, money_unit=None, projects=(), department_targets=(), figures=(),
        problems=(why,), coverage=Coverage(tables_seen=0, target_tables=0, rows_seen=0, rows_read=0),
    )  # fmt: skip


def same_file(path: Path, other: Path | None) -> bool:
    """Whether both paths name one existing file, by whatever way."""
    try:
        return other is not None and path.samefile(other)
    except (OSError, ValueError):
        return False


def _is_hidden(name: str) -> bool:
    """Hidden files, and what macOS adds to a zip."""
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in name.split("/"))


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
    if _is_archive(path, path.name):
        yield from _zip(path, str(path), path.name, Left(settings.MAX_ZIP_BYTES))
    else:
        yield Input(str(path), path.name, path)


def _is_archive(source: _Source, name: str) -> bool:
    """Whether a file is a zip of documents, told by its content: Word and Excel files are zips as well.

    What begins like a zip and cannot be opened counts as one if its name says so; a zip must say what is wrong with it.
    A Word or Excel file, by its name, that has lost its main part is one damaged document.
    """
    try:
        if not _begins_as_zip(source):
            return False
        with _archive(source) as archive:
            return office_kind(archive) is None and holds_documents(archive, name)
    except Exception:  # zipfile, zlib and the file system share no base class
        return isinstance(source, Path) and name.lower().endswith(".zip")


def _begins_as_zip(source: _Source) -> bool:
    if isinstance(source, bytes):
        return source.startswith(_ZIP_MAGIC)
    if not isinstance(source, Path):
        source.seek(0)
        return source.read(4) in _ZIP_MAGIC
    if not source.is_file():
        return False
    with source.open("rb") as file:
        return file.read(4) in _ZIP_MAGIC


def _archive(source: _Source) -> zipfile.ZipFile:
    """The zip, opened; of one that somebody sent, only where its list of files is not too long to be held in memory.

    Raises:
        zipfile.BadZipFile: It is none, or its list is too long.

    """
    if isinstance(source, Path):
        return zipfile.ZipFile(source)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # what zipfile goes by, whatever else is written there
    if end and end[_LENGTH_AT] > _MAX_DIRECTORY_BYTES:
        raise zipfile.BadZipFile("too many files")
    return zipfile.ZipFile(file)


# Where the record at the end of a zip says how long the list of files is: the place among its fields.
_LENGTH_AT = 5
# Some hundred thousand files; Python holds ten times as much of it.
_MAX_DIRECTORY_BYTES = 16 * 1024 * 1024


def _zip(source: _Source, label: str, name: str, left: Left, *, inner: bool = False) -> Iterator[Input]:
    """The documents of a zip. Zips in it are opened as well, zips in these (``inner``) are not."""
    try:
        with _archive(source) as archive:
            members = [(_member_name(info), info) for info in archive.infolist() if not info.is_dir()]
            for number, (member, info) in enumerate((n, i) for n, i in members if not _is_hidden(n)):
                if number >= settings.MAX_ZIP_MEMBERS:
                    yield Input(label, name, problem("too_many_files", str(settings.MAX_ZIP_MEMBERS)))
                    return
                if left.bytes <= 0:
                    yield Input(label, name, problem("too_large", f"解压后 {left.limit:,} 字节"))
                    return
                data = _member(archive, info, left)
                found = Input(f"{label}!{member}", PurePosixPath(member).name, data)
                if not inner and isinstance(data, bytes) and _is_archive(data, found.name):
                    yield from _zip(data, found.label, found.name, left, inner=True)
                else:
                    yield found
    except UnicodeDecodeError:
        yield Input(label, name, problem("not_readable", "压缩包内的文件名编码有误"))
    # zipfile raises NotImplementedError for a way of compression that it does not know
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        yield Input(label, name, problem("not_readable", str(error)))


_ENCRYPTED = 0x1


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: Left) -> bytes | Problem:
    if info.flag_bits & _ENCRYPTED:
        return problem("encrypted")
    try:
        with archive.open(info) as file:
            return _within(file, left)
    except Exception as error:  # zlib, zipfile and the file system share no base class; one bad member is one problem
        return problem("not_readable", str(error))


def _within(file: IO[bytes], left: Left) -> bytes | Problem:
    """The whole file, if it is no larger than a document may be and than what is left."""
    limit = max(0, min(settings.MAX_DOCUMENT_BYTES, left.bytes))
    data = file.read(limit + 1)  # never trust the size that an archive declares
    left.bytes -= len(data)
    return problem("too_large", f"{limit:,} 字节") if len(data) > limit else data
