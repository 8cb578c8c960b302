"""What the command line does with the store of the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.labels import storable
from api.settings import Settings
from api.store import reviewers
from api.store.store import Store

MAX_NAME = 64


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
