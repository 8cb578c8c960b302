"""What several rules and the score ask of the same project or document, found out once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Asked = TypeVar("_Asked")
_Said = TypeVar("_Said")


def once(find: Callable[[_Asked], _Said]) -> Callable[[_Asked], _Said]:
    """Keep what ``find`` says of an object for as long as the object lives.

    Objects are told apart by identity: to compare two projects, or to hash one, costs more than what is asked of them.
    What is kept goes before the object's id is given to another one.
    """
    said: dict[int, tuple[weakref.ref[_Asked], _Said]] = {}

    @wraps(find)
    def asked(about: _Asked) -> _Said:
        key = id(about)
        if key not in said:
            found = find(about)
            said[key] = weakref.ref(about, lambda _: said.pop(key, None)), found
        return said[key][1]

    return asked
