"""What the command line does with the store of the service."""

from __future__ import annotations

from api.settings import Settings
from api.store import reviewers
from api.store.store import Store


def opened() -> Store:
    """The store that the service would use."""
    told = Settings()
    if not told.database:
        told.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Store(told.url)


def any_reviewer() -> bool:
    """Whether anybody has a key."""
    store = opened()
    try:
        return reviewers.any_there(store)
    finally:
        store.close()
