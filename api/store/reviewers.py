"""Who may use the service: reviewers with keys, and the sessions of their browsers. Only hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.store.store import Store
from api.store.tables import reviewers, sessions
from api.store.times import now

SESSION_HOURS = 12
# A key is 256 random bits, so one round of SHA-256 is enough: there is nothing to guess.
_KEY_BYTES = 32


class Session(NamedTuple):
    """A browser that signed in; ``csrf`` must come back with everything it changes."""

    reviewer: str
    csrf: str


def add(store: Store, name: str) -> str | None:
    """A new reviewer; the key, which is shown once. Null where the name is taken."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    try:
        with store.write() as connection:
            connection.execute(insert(reviewers).values(name=name, key_hash=hashed(key), created=now()))
    except IntegrityError:
        return None
    return key


def disable(store: Store, name: str) -> bool:
    """Take a reviewer's key and sessions away; false where there is none of that name."""
    with store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.reviewer == name))
        done = connection.execute(update(reviewers).where(reviewers.c.name == name).values(disabled=True))
        return done.rowcount > 0


def any_there(store: Store) -> bool:
    """Whether anybody has a key."""
    with store.read() as connection:
        found = connection.scalar(select(func.count()).select_from(reviewers).where(~reviewers.c.disabled))
        return bool(found)


def names(store: Store) -> list[str]:
    """Who has a key."""
    with store.read() as connection:
        return list(
            connection.scalars(select(reviewers.c.name).where(~reviewers.c.disabled).order_by(reviewers.c.name))
        )


def of_key(store: Store, key: str) -> str | None:
    """Whose key it is. Every key is compared, each in constant time."""
    wanted = hashed(key)
    with store.read() as connection:
        rows = connection.execute(select(reviewers.c.name, reviewers.c.key_hash).where(~reviewers.c.disabled)).all()
    found = None
    for row in rows:
        if hmac.compare_digest(row.key_hash, wanted):
            found = row.name
    return found


def sign_in(store: Store, name: str) -> tuple[str, Session]:
    """A new session: the token for the cookie, and the session."""
    token, session = secrets.token_urlsafe(_KEY_BYTES), Session(name, secrets.token_urlsafe(_KEY_BYTES))
    with store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires < now()))
        connection.execute(
            insert(sessions).values(
                token_hash=hashed(token), reviewer=name, csrf=session.csrf,
                expires=now() + timedelta(hours=SESSION_HOURS),
            )
        )  # fmt: skip
    return token, session


def of_token(store: Store, token: str) -> Session | None:
    """The session of a cookie; null where it is unknown or over."""
    with store.read() as connection:
        row = connection.execute(
            select(sessions).where(sessions.c.token_hash == hashed(token), sessions.c.expires > now())
        ).one_or_none()
    return None if row is None else Session(row.reviewer, row.csrf)


def sign_out(store: Store, token: str) -> None:
    """End a session."""
    with store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.token_hash == hashed(token)))


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
