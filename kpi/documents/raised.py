"""Raised characters (superscripts): marks of footnotes behind a value, powers of units, powers of numbers.

Written into the line as they are, the mark of ``≥95%¹`` would give ``≥95%1`` and the power of ``10⁴`` would give 104.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import groupby

import regex

# What a footnote is marked by: 1, [1], (1), ①, *, 注1, and several of them.
_ONE = r"(?:注|注?\d{1,2}(?!\d)|[\[［【〔(（]注?\d{1,3}[\]］】〕)）]|[①-⑳⑴-⒇❶-❿]|[*＊†‡§※]{1,3})"
_FOOTNOTES = regex.compile(rf"{_ONE}(?:[,，、\s-]*+{_ONE})*+")
# What a footnote may stand behind: words, numbers, what closes them; behind ≥ and the like raised digits are a value.
_NOTED = regex.compile(r"[\p{L}\p{N}\p{Pe}\p{Pf}\p{So}%％‰℃°.。,，、;；!！?？\"]\Z")
_NUMBER = regex.compile(r"[+−-]?\d")
_POWER = regex.compile(r"[23](?!\d)")
_UNIT = regex.compile(r"[A-Za-zμ]\Z")
_UNIT_NAME = regex.compile(r"(?:[㎜㎝㎞]|公里|(?:^|[\d\s/(（十百千万亿每厘毫分微])米)\Z")
_LIFTED = str.maketrans("0123456789０１２３４５６７８９+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹" * 2 + "⁺⁻⁻")
_CONTEXT = 4  # characters before a raised piece that tell what it is


def settled(pieces: Sequence[str], raised: Container[int]) -> list[str]:
    """The ``pieces`` of a line as they are read, one for one; those at the places ``raised`` stand above the line.

    Marks of footnotes are left out, powers of units are written as usual (m2, 米²), and what would run together with
    the digits beside it becomes raised characters: they are no part of a number.
    """
    groups = [(up, [at for at, _ in group]) for up, group in groupby(enumerate(pieces), lambda one: one[0] in raised)]
    found = list(pieces)
    before = ""
    for number, (up, places) in enumerate(groups):
        text = "".join(pieces[at] for at in places)
        if not up:
            before = (before + text).rpartition("\n")[2][-_CONTEXT:]
            continue
        behind = pieces[groups[number + 1][1][0]][:1] if number + 1 < len(groups) else ""
        if (change := _change(text.strip(), before.rstrip(), behind)) is not None:
            for at in places:
                found[at] = lifted(pieces[at]) if change else ""
    return found


def lifted(text: str) -> str:
    """``text`` with raised characters in place of its digits and signs."""
    return text.translate(_LIFTED)


def _change(text: str, before: str, behind: str) -> bool | None:
    """What becomes of raised ``text``: ``None`` if it stays, true if its digits are lifted, false if it is left out."""
    touches = (before[-1:].isdecimal() and _NUMBER.match(text)) or (behind.isdecimal() and text[-1:].isdecimal())
    if _POWER.match(text):
        if _UNIT_NAME.search(before):
            return True
        if _UNIT.search(before):
            return True if behind.isdecimal() else None
    is_note = _FOOTNOTES.fullmatch(text) is not None and _NOTED.search(before) is not None
    if is_note and behind not in ("/", "⁄") and not (touches and text.isdecimal()):
        return False
    return True if touches else None
