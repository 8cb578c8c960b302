"""The text layouts: one file each, every one a function from the blocks of a document to text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ..blocks import Block
from ..compose import compose
from ..facts import Facts
from .aligned import aligned
from .bars_at_ends import bars_at_ends
from .blank_lines import blank_lines
from .cell_lines import cell_lines
from .flat_lines import flat_lines
from .pipe_rows import pipe_rows
from .run_together import run_together
from .short_rows import short_rows
from .tab_rows import tab_rows


class Layout(NamedTuple):
    """Writes a document as text; `merge_second` where it merges equal second tiers too."""

    write: Callable[[Iterable[Block]], str]
    merge_second: bool = False

    def __call__(self, facts: Facts, *, repeat_heading: bool = True) -> str:
        """The document; `repeat_heading` prints the headings again where a table goes on on the next page."""
        return self.write(compose(facts, repeat_heading=repeat_heading, merge_second=self.merge_second))


# What the documents are committed in, and what every test of text reads.
LAYOUTS: Mapping[str, Layout] = {
    "tab_rows": Layout(tab_rows),
    "cell_lines": Layout(cell_lines),
    "pipe_rows": Layout(pipe_rows, merge_second=True),
}
# How text is pasted when more is lost: empty cells, merged cells, the bars and tabs between cells.
PASTED: Mapping[str, Layout] = {
    "blank_lines": Layout(blank_lines),
    "short_rows": Layout(short_rows, merge_second=True),
    "bars_at_ends": Layout(bars_at_ends, merge_second=True),
    "aligned": Layout(aligned),
    "flat_lines": Layout(flat_lines),
}
# Here not all that was lost can be known again.
RUN_TOGETHER = Layout(run_together)

__all__ = ["LAYOUTS", "PASTED", "RUN_TOGETHER", "Layout"]
