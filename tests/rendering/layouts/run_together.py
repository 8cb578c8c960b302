"""Every table one line with nothing between cells: what is left when even the spaces are lost."""

from __future__ import annotations

from collections.abc import Iterable

from ..blocks import Block
from .flat_lines import joined


def run_together(blocks: Iterable[Block]) -> str:
    """Writes a document with the cells of each table run together."""
    return joined(blocks, "")
