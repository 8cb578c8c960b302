"""Text of a document on its way into a file that other programs open."""

from __future__ import annotations

import regex

# What no cell can hold or show: control characters but tab and line feed, marks that turn the reading direction,
# halves of surrogate pairs, and the two code points that XML forbids.
_UNFIT = regex.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# A spreadsheet reads a cell of a csv file that begins so as a formula; the full-width signs in Chinese Excel too.
_FORMULA = regex.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# Shown as nothing, and no formula begins with it. A leading apostrophe, the usual advice, would be seen in the cell.
GUARD = "\u200b"


def clean(text: str) -> str:
    """``text`` without what a cell can neither hold nor show."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def guarded(text: str) -> str:
    """``text`` so that a spreadsheet that opens a csv file shows it as it is: formulas begin with :data:`GUARD`."""
    return GUARD + text if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What :func:`guarded` was given."""
    return text.removeprefix(GUARD)
