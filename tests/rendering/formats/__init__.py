"""The file formats: one module each, every one a function from the blocks of a document to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from ..blocks import Block
from ..compose import compose
from ..facts import Facts
from .comma import comma
from .excel import excel
from .printed import printed
from .web import old_web, web
from .word import word


class Format(NamedTuple):
    """Writes a document as a file.

    Attributes:
        suffix: The end of the file's name.
        write: The blocks as bytes.
        merge_second: Equal second tiers are merged too.
        repeat_heading: The headings stand again where a table goes on on the next page.
        paged: Every target table goes on on a new page.
    """

    suffix: str
    write: Callable[[Iterable[Block]], bytes]
    merge_second: bool = False
    repeat_heading: bool = True
    paged: bool = False

    def __call__(self, facts: Facts) -> bytes:
        """The bytes of the file."""
        return self.write(
            compose(facts, repeat_heading=self.repeat_heading, merge_second=self.merge_second, paged=self.paged)
        )


FORMATS: Mapping[str, Format] = {
    "word": Format("docx", word),
    "word_unmerged": Format("docx", partial(word, merged=False), repeat_heading=False),
    "word_paged": Format("docx", word, merge_second=True, paged=True),
    "excel": Format("xlsx", excel, merge_second=True, repeat_heading=False),
    "excel_one_sheet": Format("xlsx", partial(excel, one_sheet=True)),
    "web": Format("html", web, merge_second=True),
    "old_web": Format("html", old_web),
    "comma": Format("csv", comma),
}
# Slower to write and to read.
PRINTED: Mapping[str, Format] = {
    "ruled": Format("pdf", printed),
    "borderless": Format("pdf", partial(printed, ruled=False), repeat_heading=False),
    "ruled_paged": Format("pdf", printed, merge_second=True, paged=True),
    "ruled_paged_bare": Format("pdf", printed, paged=True, repeat_heading=False),
    "borderless_paged": Format("pdf", partial(printed, ruled=False), paged=True),
}
# Written by LibreOffice from another format: the name of that one.
CONVERTED: Mapping[str, str] = {"doc": "word", "xls": "excel"}

__all__ = ["CONVERTED", "FORMATS", "PRINTED", "Format"]
