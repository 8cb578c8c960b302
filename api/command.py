"""What the command line does with the store of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api import intake
from api.labels import storable
from api.problems import Refused
from api.settings import Settings
from api.store import batches, reviewers
from api.store.store import Store
from kpi import inputs, settings

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
        ValueError: There is no file, one cannot be opened, or there are too many; the message is Chinese.

    """
    try:
        files = inputs.files(paths)
        if sum(file.stat().st_size for file in files) > settings.MAX_BATCH_BYTES:
            raise ValueError(f"一批最多 {settings.MAX_BATCH_BYTES // 2**20} MB")
        incoming = intake.documents((file.name, file.read_bytes()) for file in files)
    except OSError as error:
        raise ValueError(f"打不开 {error.filename}（{error.strerror}）") from error
    except Refused as refused:
        raise ValueError(refused.detail.removesuffix("。")) from refused
    if not incoming:
        raise ValueError("没有可以载入的文件")
    with opened() as store:
        intake.keep(store, incoming, LOADER, title, f"load-{batches.fingerprint(incoming)}-{title}"[:255])
    return len(incoming)


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
