"""Names for files that are made for projects and documents, out of what these are called."""

from __future__ import annotations

from collections.abc import MutableSet

import regex

# What Windows does not take in a name, and white space; invisible characters have no place there either.
_NOT_IN_NAMES = regex.compile(r"[<>:\"/\\|?*\p{C}\p{Z}]+")
_RESERVED = regex.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_MAX_NAME_BYTES = 180  # file systems take 255, archives and other programs add to a name
_NAMELESS = "未命名"


def file_name(text: str, ending: str, taken: MutableSet[str]) -> str:
    """A file name made of ``text``: safe on every system, short enough, and none of those ``taken``; it is added there.

    ``taken`` holds names in lower case. Path separators become underlines, so that no part of a path is left.
    """
    plain = _NOT_IN_NAMES.sub("_", text).strip("._ ")
    stem = _cut(plain, _MAX_NAME_BYTES - len(ending.encode())) or _NAMELESS
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    name, number = f"{stem}{ending}", 2
    while name.lower() in taken:
        name, number = f"{stem}_{number}{ending}", number + 1
    taken.add(name.lower())
    return name


def _cut(text: str, most: int) -> str:
    """``text`` without the characters at its end that go over ``most`` bytes of UTF-8."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore").strip("._ ")
