"""Web pages, saved or pasted, and the HTML that finance systems export under the name .xls → blocks.

The parser reads what browsers read: unclosed tags, stray ones, no head. Nothing is fetched and no external entity is
resolved. It goes down to 2,048 nested elements (the library's own bound); what stands deeper is left out, and the
problem ``too_deep`` says so.
"""

from __future__ import annotations

import codecs

import regex
from lxml import etree

from kpi.documents import encoding
from kpi.documents.model import Content
from kpi.documents.problems import problem
from kpi.documents.web.walk import blocks_of
from kpi.schema import Problem

_DEPTH = 2_048
_HEAD_BYTES = 4_096
_CHARSET = regex.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", regex.IGNORECASE)
_GB = ("gb2312", "gbk", "gb18030", "hz", "cp936", "ms936", "euc-cn", "x-gbk")
# The time that the parser takes for a tag grows with the square of its attributes; no tag that matters is so long.
_LONG_TAG = regex.compile(r"<([A-Za-z][A-Za-z0-9:]{0,20})\s[^<>]{4000,}+>")
_FEW_BAD = 3
_BAD_SHARE = 0.02
_NULS_IN_TEXT = 0.1  # as a share; text in UTF-16 has more


def read(data: bytes) -> Content:
    """Read the bytes of a web page."""
    text, problems = decoded(data)
    if not text:
        return Content((), problems)
    content = content_of(text)
    return Content(content.blocks, (*problems, *content.problems))


def content_of(text: str, first_table: int = 1) -> Content:
    """Read the source of a web page; its tables are numbered from ``first_table`` on."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        text = _LONG_TAG.sub(r"<\1>", text)
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        return Content((), (problem("damaged_file", str(error).split("\n")[0]),))
    if root is None:
        return Content((), (problem("empty_document"),))
    content = blocks_of(root, first_table)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        return Content(content.blocks, (*content.problems, problem("too_deep", f"{_DEPTH:,}")))
    if not content.blocks and not content.problems:
        return Content((), (problem("empty_document"),))
    return content


def decoded(data: bytes, charset: str | None = None) -> tuple[str, tuple[Problem, ...]]:
    """The text of ``data`` and what was wrong with it. ``charset`` is what a mail header says, if there is one.

    Pages often lie about their charset: a byte order mark and bytes that are UTF-8 throughout are believed first, then
    the declared charset, where it is none of those that :mod:`kpi.documents.encoding` tells by itself.
    """
    zeros = data.count(0)
    if 0 < zeros < len(data) * _NULS_IN_TEXT:  # browsers leave them out
        data = data.replace(b"\x00", b"")
    said = _codec(charset) or _declared(data)
    if said and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if said not in ("utf-8", "gb18030") and not _is_utf8(data):
            return _replaced(data, said)
        text, problems = encoding.decode(data)
        return (text, problems) if text or not data.strip() else _replaced(data, said)
    return encoding.decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return _codec(found[1].decode("ascii")) if found else None


def _codec(name: str | None) -> str | None:
    """The codec to read a charset of that name by; all those of simplified Chinese are parts of GB18030."""
    if not name:
        return None
    if name.lower().replace("_", "-") in _GB:
        return "gb18030"
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return codec.name if codec._is_text_encoding and not codec.name.startswith("utf-16") else None


def _replaced(data: bytes, codec: str) -> tuple[str, tuple[Problem, ...]]:
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    if bad > max(_FEW_BAD, len(text) * _BAD_SHARE):
        return "", (problem("unknown_encoding"),)
    return text, (problem("damaged_text", str(bad)),) if bad else ()
