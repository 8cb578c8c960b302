"""File names that clients send. They are labels to report, and never reach the file system."""

from __future__ import annotations

import unicodedata

MAX_CHARS = 200


def storable(text: str) -> str:
    """``text`` without what no database and no UTF-8 takes: NUL, halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


_KEPT_ENDING = 20
# Control, format (bidi overrides), lone surrogates, unassigned, line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def label(name: str | None) -> str | None:
    """The base name in ``name`` without invisible characters, long ones shortened in the middle; null for none."""
    if name is None:
        return None
    base = name[max(name.rfind("/"), name.rfind("\\")) + 1 :]
    if len(base) > MAX_CHARS:
        base = f"{base[: MAX_CHARS - _KEPT_ENDING - 1]}…{base[-_KEPT_ENDING:]}"
    visible = "".join(char for char in base if unicodedata.category(char) not in _INVISIBLE).strip()
    return None if visible in ("", ".", "..") else visible
