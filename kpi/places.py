"""A folder that is read from and written to: one of this machine, or a prefix of a remote store (``s3://…``).

Local paths go through the operating system alone; an address with ``://`` goes through fsspec, which is imported only
then. What is written is there whole or not at all: locally under a temporary name, put on the disk, then renamed;
remote stores do so by themselves.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

_NEW = ".new"
_LOCK = ".kpi.lock"
_LET_GO_SECONDS = 0.2  # one that is just being let go
# What file systems of networks say that know no locks.
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})


class Place(Protocol):
    """A folder. Names are relative, with ``/``; every method raises ``OSError`` where the place does not serve."""

    def __str__(self) -> str: ...

    def make(self) -> None:
        """Make the folder, if it is not there."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole; what was there before stays until then."""

    def read(self, name: str) -> bytes:
        """The bytes of a file."""

    def names(self, under: str = "") -> list[str]:
        """The files in and beneath a folder, in the order of their names; none where it is not there."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""

    def tidy(self, under: str) -> None:
        """Take away what a killed process left half written in and beneath a folder."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep other runs from the place meanwhile, as far as it can tell them."""


def is_remote(text: str) -> bool:
    """Whether ``text`` is the address of a remote store; ``file://`` is this machine."""
    return "://" in text and not text.startswith("file://")


def local_path(text: str) -> Path:
    """The path that ``text`` means: itself, or that of a ``file://`` address."""
    return Path(unquote(urlsplit(text).path)) if text.startswith("file://") else Path(text)


def place(where: str | Path) -> Place:
    """The folder at a path or an address.

    Raises:
        AddressError: the protocol of the address is not known, or what it needs is not installed.

    """
    text = str(where)
    return _Remote(text) if is_remote(text) else Local(local_path(text))


class Local:
    """A folder of this machine; ``brief`` where nothing in it is to outlive a loss of power."""

    def __init__(self, folder: Path, *, brief: bool = False) -> None:
        self.folder, self._brief = folder, brief

    def __str__(self) -> str:
        return str(self.folder)

    def make(self) -> None:
        """Make the folder and those above it."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, data: bytes) -> None:
        """Write under a temporary name, wait until it is on the disk, rename.

        Where the place itself is gone, that is an error and no new beginning.
        """
        path = self.folder / name
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_NEW}")  # two may write the same file at once
        self.folder.stat()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("wb") as file:
                file.write(data)
                if not self._brief:
                    file.flush()
                    os.fsync(file.fileno())
            new.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return (self.folder / name).read_bytes()

    def names(self, under: str = "") -> list[str]:
        """The files beneath a folder; those half written are left out."""
        files = (path for path in (self.folder / under).rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files if path.suffix != _NEW)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        (self.folder / name).unlink(missing_ok=True)

    def tidy(self, under: str) -> None:
        """Take away files under temporary names."""
        for path in (self.folder / under).rglob(f".*{_NEW}"):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold a lock that ends with this process, however it ends.

        Raises:
            InUseError: another run holds it.

        """
        from filelock import FileLock, Timeout

        # A mere marker in place of a lock would outlive a killed run.
        lock = FileLock(self.folder / _LOCK, fallback_to_soft=False)
        try:
            lock.acquire(timeout=_LET_GO_SECONDS)
        except Timeout as held:
            raise InUseError(errno.EBUSY, "另一次运行正在往这里写", str(self.folder)) from held
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # Windows lets nobody take it away before
                (self.folder / _LOCK).unlink()
            lock.release()


class InUseError(OSError):
    """Another run writes to a place."""


class AddressError(OSError):
    """A remote address cannot be read or written; the message says why, ``filename`` is the address."""

    def __init__(self, url: str, why: object) -> None:
        super().__init__(str(why))
        self.filename = url

    def __reduce__(self) -> tuple[type[AddressError], tuple[str, str]]:
        return AddressError, (str(self.filename), str(self))


@contextlib.contextmanager
def _saying(url: str) -> Iterator[None]:
    """The errors of all stores as one: their libraries share no base class."""
    try:
        yield
    except AddressError:
        raise
    except ImportError as error:
        raise AddressError(url, f"读写这种地址要先安装相应的组件（{error}）") from error
    except Exception as error:
        raise AddressError(url, str(error) or type(error).__name__) from error


class _Remote:
    """A prefix of a store that fsspec knows."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._files, self._root = _filesystem(self.url)

    def __str__(self) -> str:
        return self.url

    def make(self) -> None:
        with _saying(self.url):
            self._files.makedirs(self._root, exist_ok=True)

    def write(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        with _saying(f"{self.url}/{name}"):
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)

    def read(self, name: str) -> bytes:
        with _saying(f"{self.url}/{name}"):
            found = self._files.cat_file(f"{self._root}/{name}")
        assert isinstance(found, bytes)
        return found

    def names(self, under: str = "") -> list[str]:
        top = f"{self._root}/{under}".rstrip("/")
        with _saying(self.url):
            self._files.invalidate_cache()
            return sorted(path[len(self._root) :].lstrip("/") for path in self._files.find(top))

    def remove(self, name: str) -> None:
        path = f"{self._root}/{name}"
        with _saying(f"{self.url}/{name}"):
            if self._files.exists(path):
                self._files.rm_file(path)

    def tidy(self, under: str) -> None:
        """Nothing: a store shows a file when it is whole."""

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Stores know no locks."""
        yield


def _filesystem(url: str) -> tuple[Any, str]:
    """The file system of fsspec behind an address, and the path in it."""
    with _saying(url):
        import fsspec

        files, root = fsspec.core.url_to_fs(url)
    return files, str(root).rstrip("/")


def remote_files(url: str) -> Iterator[tuple[str, str, int]]:
    """The files under a remote address, in the order of their names: address, path below the address, size.

    The address of a file gives that file.

    Raises:
        AddressError: the store cannot be asked.

    """
    files, root = _filesystem(url)
    with _saying(url):
        found = files.find(root, detail=True)
    for path, about in sorted(found.items()):
        name = path[len(root) :].lstrip("/") or path.rpartition("/")[2]
        yield files.unstrip_protocol(path), name, int(about.get("size") or 0)


def remote_bytes(url: str) -> bytes:
    """The bytes of a remote file.

    Raises:
        AddressError: it cannot be read.

    """
    files, path = _filesystem(url)
    with _saying(url):
        found = files.cat_file(path)
    assert isinstance(found, bytes)
    return found
