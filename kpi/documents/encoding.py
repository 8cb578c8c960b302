"""Bytes → text: UTF-8 with and without BOM, UTF-16, GB18030; anything else is a typed problem."""

from __future__ import annotations

import codecs

import regex

from kpi.documents.problems import problem
from kpi.schema import Problem

_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f\uFFFD\p{Co}\p{Cn}]")
_CONTROL_SHARE = 0.02
# Bytes of UTF-8 that no character can be made of are replaced, where they are few beside what was read.
_BAD_BYTE = regex.compile(r"[\udc80-\udcff]")
_BAD_SHARE = 0.001
_FEW_BAD_BYTES = 3
_MARK = "\ufeff"  # a byte order mark, decoded: GB18030 may have one as well
_GOOD_FOR_ONE_BAD = 20
# A Chinese text in UTF-8 has characters of three bytes; a text in GB18030 hardly ever looks as if it had.
_WIDE = regex.compile(r"[\u0800-\ud7ff\ue000-\uffff]")


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of ``data`` (without BOM) and what was wrong with it; the text is empty where it cannot be read."""
    if not data.strip():
        return "", (problem("empty_document"),)
    if data.startswith(codecs.BOM_UTF8):
        return _utf8(data[3:])
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(data, "utf-16")
    if b"\x00" in data[:4096]:
        return _utf16_without_bom(data)
    return _utf8(data)


def _utf8(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    text, problems = _lenient_end(data, "utf-8", "surrogateescape")
    bad = len(_BAD_BYTE.findall(text))
    if not bad and not (problems and _complete_gb18030(text, data)):
        return _checked(text, problems)
    if bad and _is_little_damage(text, bad, len(data)):
        read, why = _checked(text, (*problems, problem("damaged_text", str(bad))))
        return _BAD_BYTE.sub("\ufffd", read), why
    try:
        return _checked(*_lenient_end(data, "gb18030"))
    except UnicodeDecodeError:
        return "", (problem("not_text" if _looks_binary(data) else "unknown_encoding"),)


def _complete_gb18030(text: str, data: bytes) -> bool:
    """Whether ``data``, read as UTF-8 up to a cut at its end, is a whole text in GB18030 and shows nothing of UTF-8."""
    if _WIDE.search(text):
        return False
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _is_little_damage(text: str, bad: int, size: int) -> bool:
    """Whether ``text``, with ``bad`` bytes out of ``size`` that are no UTF-8, is UTF-8 all the same."""
    if bad > max(_FEW_BAD_BYTES, size * _BAD_SHARE):
        return False
    return len(_WIDE.findall(text)) >= bad * _GOOD_FOR_ONE_BAD


def _lenient_end(data: bytes, encoding: str, errors: str = "strict") -> tuple[str, tuple[Problem, ...]]:
    """Decode; a character cut in the middle at the very end is dropped and reported."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    text = decoder.decode(data)
    held_back = bool(decoder.getstate()[0])
    return text, (problem("cut_off"),) if held_back else ()


def _utf16_without_bom(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Text in UTF-16 has its line feeds as 0A 00 or 00 0A, at even offsets; binary data has neither regularly."""
    head = data[:4096]
    little, big = head.count(b"\n\x00"), head.count(b"\x00\n")
    if little == big:
        return "", (problem("not_text"),)
    return _utf16(data, "utf-16-le" if little > big else "utf-16-be")


def _utf16(data: bytes, encoding: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        return _checked(*_lenient_end(data, encoding))
    except UnicodeDecodeError:
        return "", (problem("not_text"),)


def _looks_binary(data: bytes) -> bool:
    head = data[:4096]
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return control > len(head) * _CONTROL_SHARE


def _checked(text: str, problems: tuple[Problem, ...]) -> tuple[str, tuple[Problem, ...]]:
    """Bytes of a picture may decode by chance; the characters they give are not those of a text."""
    text = text.removeprefix(_MARK)
    head = text[:4096]
    if not text.strip():
        return "", (problem("empty_document"),)
    if len(_CONTROL.findall(head)) > max(1, len(head) * _CONTROL_SHARE):
        return "", (problem("not_text"),)
    return text, problems
