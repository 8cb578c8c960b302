"""What is written to a terminal, or to a pipe in its place; light, as every command begins with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 120


def console(stderr: bool = False) -> Console:
    """A console for a person; plain text where the output is no terminal."""
    from rich.console import Console

    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, width=_PIPE_WIDTH)


_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """``text`` fit for a terminal: what moves the cursor or turns the reading direction made visible."""
    return _CONTROL.sub("\ufffd", text)


def safe(text: str) -> str:
    """``text`` fit for a terminal and for rich's markup."""
    from rich.markup import escape

    return escape(shown(text))


def emit(line: str) -> None:
    """Write one line of JSON to the standard output, in UTF-8 whatever the console speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()
