"""Answers to short texts are kept: documents repeat the same cells, headings and lines, and several readers ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")


def remembered(most_chars: int, answers: int = 4096) -> Callable[[Callable[[str], Answer]], Callable[[str], Answer]]:
    """Keep the last ``answers`` of a function to texts of at most ``most_chars``; a longer one would only take room."""

    def wrapped(ask: Callable[[str], Answer]) -> Callable[[str], Answer]:
        known = lru_cache(maxsize=answers)(ask)

        @wraps(ask)
        def answer(text: str) -> Answer:
            return known(text) if len(text) <= most_chars else ask(text)

        return answer

    return wrapped
