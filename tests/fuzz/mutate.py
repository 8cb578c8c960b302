"""Damage to a file: to its bytes, and for zip containers to the members, so that the damage reaches the XML."""

from __future__ import annotations

import io
import random
import zipfile

# What breaks parsers more often than random bytes do.
_TOKENS = (
    b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"4294967295", b"-1", b"1e999", b"999999999999", b"<", b">",
    b"&x;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"]]>", b'"', b"\t", b"|", b"\n\n\n", b"colspan=99999",
    b"<table><tr><td>", b"</w:tbl>", b"<w:tr>", b"endobj", b"stream", b"/Kids [1 0 R]", b"/Length 0", b"(" * 50,
    b"[" * 50, b"<<" * 50, "一级指标\t二级指标\t三级指标\t指标值\n".encode(), "产出指标".encode(),
    "≥".encode(), b"\xe4\xb8",
)  # fmt: skip
_MOST_EDITS = 8


def mutated(data: bytes, dice: random.Random) -> bytes:
    """``data`` with a few edits; a zip container is damaged in one of its members three times out of four."""
    if data.startswith(b"PK") and dice.random() < 0.75:
        return _in_member(data, dice)
    return _edited(data, dice)


def _edited(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.randint(1, _MOST_EDITS)):
        _edit(made, dice)
    return bytes(made)


def _edit(made: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(made) + 1)
    end = min(len(made), at + int(2 ** dice.uniform(0, 10)))
    match dice.randrange(6):
        case 0 if at < len(made):
            made[at] ^= 1 << dice.randrange(8)
        case 1:
            made[at:at] = dice.choice(_TOKENS)
        case 2:
            del made[at:end]
        case 3:
            made[at:at] = made[at:end] * dice.randint(1, 4)
        case 4:
            other = dice.randrange(len(made) + 1)
            made[at:end] = made[other : other + end - at]
        case _ if dice.random() < 0.2:
            del made[at:]


def _in_member(data: bytes, dice: random.Random) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        names = source.namelist()
        # The largest members hold the document; the small ones (relations, types) deserve their share as well.
        weights = [1 + source.getinfo(name).file_size for name in names]
        hit = dice.choices(names, weights)[0] if dice.random() < 0.7 else dice.choice(names)
        for name in names:
            content = source.read(name)
            if name == hit:
                if dice.random() < 0.03:
                    continue
                content = _edited(content, dice)
            made.writestr(name, content)
    return target.getvalue()
