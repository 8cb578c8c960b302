"""The text layouts: one file each, every one a function from facts to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..facts import Facts
from .cell_lines import cell_lines
from .pipe_rows import pipe_rows
from .tab_rows import tab_rows


class Layout(Protocol):
    """Writes a document as text."""

    def __call__(self, facts: Facts, *, repeat_heading: bool = True) -> str: ...


LAYOUTS: Mapping[str, Layout] = {"tab_rows": tab_rows, "cell_lines": cell_lines, "pipe_rows": pipe_rows}

__all__ = ["LAYOUTS", "Layout", "cell_lines", "pipe_rows", "tab_rows"]
