"""What the command line does with the store of the service."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api import intake
from api.intake import Sent
from api.labels import storable
from api.problems import Refused
from api.settings import Settings
from api.store import batches, moving, reviewers
from api.store.batches import Retry
from api.store.store import Store
from kpi import inputs
from kpi.configuration import Config, nearest
from kpi.configuration import load as load_config

MAX_NAME = 64
LOADER = "本机"


@contextmanager
def opened() -> Iterator[Store]:
    """The store that the service would use."""
    told = Settings()
    if not told.database:
        told.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = Store(told.url)
    try:
        yield store
    finally:
        store.close()


def load(paths: list[Path], title: str) -> int:
    """Take the files of these paths in as a batch; how many documents it has.

    The same files under the same title are one batch, however often they are loaded. The service reads them as soon
    as it runs.

    Raises:
        ValueError: There is no file, one cannot be opened, or there are too many documents; the message is Chinese.

    """
    found = inputs.files(paths)
    if not found:
        raise ValueError("没有可以载入的文件")
    try:
        with opened() as store:
            files = [Sent(file.name, file) for file in found]
            content = intake.fingerprint(files, None)
            key = hashlib.sha256(f"{content} {title}".encode()).hexdigest()
            made = intake.keep(store, files, LOADER, title, None, Retry(f"load-{key}", content))
            kept = batches.progress(store, made)
            return kept.total if kept else 0
    except OSError as error:
        raise ValueError(f"打不开 {error.filename}（{error.strerror}）") from error
    except Refused as refused:
        raise ValueError(refused.detail.removesuffix("。")) from refused


def any_reviewer() -> bool:
    """Whether anybody has a key."""
    with opened() as store:
        return reviewers.any_there(store)


def add_reviewer(name: str) -> str:
    """A new reviewer's key.

    Raises:
        ValueError: The name is empty, too long, or taken; the message is Chinese.

    """
    plain = storable(name).strip()
    if not 0 < len(plain) <= MAX_NAME:
        raise ValueError(f"姓名应为 1 至 {MAX_NAME} 个字")
    with opened() as store:
        key = reviewers.add(store, plain)
    if key is None:
        raise ValueError(f"已有审核人“{plain}”")
    return key


def disable_reviewer(name: str) -> bool:
    """Take a reviewer's key away; false where there is none of that name."""
    with opened() as store:
        return reviewers.disable(store, name)


def reviewer_names() -> list[str]:
    """Who has a key."""
    with opened() as store:
        return reviewers.names(store)


def backup(file: Path) -> None:
    """Copy the SQLite database as it is at one moment; the service may run meanwhile.

    Raises:
        ValueError: There is no such database, or the file is there already; the message is Chinese.

    """
    told = Settings()
    if told.database and not told.database.startswith("sqlite"):
        raise ValueError("数据库是 PostgreSQL，请用 pg_dump 备份")
    with _existing(told) as store, _new(file) as part:
        store.copy_to(part)


def export(file: Path) -> int:
    """Write what reviewers said, as JSON Lines; how many lines they are.

    Raises:
        ValueError: There is no database, or the file is there already; the message is Chinese.

    """
    with _existing(Settings()) as store, _new(file) as part, part.open("w", encoding="utf-8", newline="\n") as out:
        return sum(out.write(f"{line}\n") > 0 for line in moving.lines(store))


def import_(file: Path) -> moving.Moved:
    """Take in what :func:`export` wrote; what is there already is not added again.

    Raises:
        ValueError: The file is not of that kind; the message is Chinese.

    """
    try:
        with file.open(encoding="utf-8") as lines:
            said = moving.parsed(lines)
    except UnicodeDecodeError as error:
        raise ValueError("文件不是 UTF-8 编码的文本") from error
    found = nearest(Path.cwd())
    with opened() as store:
        return moving.take_in(store, said, load_config(found) if found else Config())


@contextmanager
def _existing(told: Settings) -> Iterator[Store]:
    """The store, which must be there: a folder that was mistyped is not to become an empty one."""
    if not told.database and not (told.data / "kpi.db").is_file():
        raise ValueError(f"没有找到数据库 {told.data / 'kpi.db'}")
    with opened() as store:
        yield store


@contextmanager
def _new(file: Path) -> Iterator[Path]:
    """A file to write, which gets its name only when it is whole."""
    if file.exists():
        raise ValueError(f"文件已存在：{file}")
    part = file.with_name(f"{file.name}.part")
    try:
        yield part
        part.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise ValueError(f"写不了 {file}（{error}）") from error
    finally:
        part.unlink(missing_ok=True)
