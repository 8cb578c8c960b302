"""What is taken off a cell or a paragraph before anybody reads it: field codes, bookmarks, stray whitespace."""

from __future__ import annotations

import regex

from kpi.remembering import remembered

# Word field codes and bookmarks that converters leave in the text: "TC 1、… \f C \l 1", "[bookmark: _Toc…]".
# Every repetition is possessive or bounded, and white space before TC is entered at its start only: the work stays
# linear in the text.
_NOISE = regex.compile(
    r"\[bookmark:[^\]\n]{0,200}+\]"
    r"|(?:(?<!\s)\s++)?\bTC\s[^\n\\T]{0,300}+(?:T(?!C\s)[^\n\\T]{0,300}+){0,20}+\\f"
    r"\s{1,20}+\S{1,8}+(?:\s{1,20}+\\l\s{1,20}+\"?\d\"?)?\s*+"
    r"|\b(?:PAGEREF|REF|NOTEREF)\s{1,20}+\S{1,80}+(?:\s{1,20}+\\[a-z*]++)++"
    r"|\bHYPERLINK\s{1,20}+(?:\\l\s{1,20}+)?\"[^\"\n]{0,300}+\"(?:\s{1,20}+\\[a-z]++)*+"
    r"|\bTOC(?:\s{1,20}+\\[a-z]++(?:\s{1,20}+\"[^\"\n]{0,40}+\")?)++"
    r"|\\\*\s{0,20}+MERGEFORMAT"
)
_INVISIBLE = regex.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
# Whitespace between two Chinese characters or punctuation marks is an accident of layout (CONTRACT §2).
_BETWEEN = regex.compile(r"(?<=[\p{Han}\p{P}])\s++(?=[\p{Han}\p{P}])")
_SPACES = regex.compile(r"\s+")


def clean(text: str) -> str:
    """``text`` without noise; whitespace between Chinese characters or punctuation removed, elsewhere one space.

    >>> clean("预算规模及 资金用途"), clean("1  个")
    ('预算规模及资金用途', '1 个')
    """
    if not text or text.isalnum():
        return text
    return _cleaned(text)


@remembered(40, 16_384)
def _cleaned(text: str) -> str:
    if "\\" in text or "[bookmark" in text or "HYPERLINK" in text:
        text = _NOISE.sub("", text)
    text = _INVISIBLE.sub("", text).strip()
    if not _SPACES.search(text):
        return text
    return _SPACES.sub(" ", _BETWEEN.sub("", text))


# What a field code for a table of contents names, and a bookmark; Word's own bookmarks (_Toc1, OLE_LINK1) tell nothing.
_NAMING = regex.compile(
    r"\[bookmark:\s*+(?!_|OLE_LINK)([^\]\n]{1,200}+)\]"
    r"|(?<![A-Za-z])TC\s{1,20}+(?:[\"“]([^\"”\n]{1,200}+)[\"”]|([^\"“”\n\\]{1,200}+))\s*+\\[a-z]"
)


def hidden_names(source: str) -> tuple[str, ...]:
    r"""What field codes and bookmarks in ``source`` name; cleaning takes them off, so that nobody sees them in print.

    >>> hidden_names("1、甲绩效目标表 TC 2、乙绩效目标表 \\f C \\l 1")
    ('2、乙绩效目标表',)
    """
    if "\\" not in source and "[bookmark" not in source:
        return ()
    found = (next(filter(None, match.groups())) for match in _NAMING.finditer(source))
    return tuple(name for each in found if (name := clean(each)))


def origins(cleaned: str, source: str) -> list[int]:
    """For each character of ``cleaned`` the index of the one in ``source`` that it comes from.

    ``cleaned`` is ``source`` with characters left out and white space shortened; what is not found stands at the end.
    """
    if cleaned == source:
        return list(range(len(source)))
    noise = (
        {at for found in _NOISE.finditer(source) for at in range(*found.span())} if len(cleaned) < len(source) else ()
    )
    places, at = [], 0
    for character in cleaned:
        while at < len(source) and (
            at in noise or not (source[at] == character or (character == " " and source[at].isspace()))
        ):
            at += 1
        places.append(at)
        at += 1
    return places
