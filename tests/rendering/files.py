"""Which files are committed: every document in three text layouts, one of them in other encodings too, one of them in
every layout and in the formats of Word, Excel, PDF, web pages and csv; every family as rows with tabs.

All other renderings are made where they are tested.
"""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator

from . import families
from .facts import DOCUMENTS, Facts, load_all
from .formats import FORMATS, PRINTED
from .layouts import LAYOUTS, PASTED

RENDERED = DOCUMENTS / "rendered"
SUFFIXES = {"pipe_rows": "md"}
IN_EVERY_LAYOUT = "nandagang-2020"
COMMITTED_FORMATS = ("word", "excel", "web", "comma", "ruled")
IN_OTHER_ENCODINGS = "nanguan-2024.tab_rows"
ENCODINGS = {
    "utf8bom": (codecs.BOM_UTF8, "utf-8"),
    "gb18030": (b"", "gb18030"),
    "utf16": (codecs.BOM_UTF16_LE, "utf-16-le"),
}


def rendered() -> dict[str, bytes]:
    """The content of every rendered file by its name."""
    files: dict[str, bytes] = {}
    for facts in load_all():
        for name, layout in LAYOUTS.items():
            stem, text = f"{facts.slug}.{name}", layout(facts)
            suffix = SUFFIXES.get(name, "txt")
            files[f"{stem}.{suffix}"] = text.encode()
            if stem == IN_OTHER_ENCODINGS:
                for label, (mark, encoding) in ENCODINGS.items():
                    files[f"{stem}.{label}.{suffix}"] = mark + text.encode(encoding)
        if facts.slug == IN_EVERY_LAYOUT:
            files.update(_in_other_forms(facts))
    for slug in families.FAMILIES:
        files[f"{slug}.tab_rows.txt"] = LAYOUTS["tab_rows"].write(families.compose(families.load(slug))).encode()
    return files


def _in_other_forms(facts: Facts) -> Iterator[tuple[str, bytes]]:
    for name, layout in PASTED.items():
        yield f"{facts.slug}.{name}.txt", layout(facts).encode()
    formats = {**FORMATS, **PRINTED}
    for name in COMMITTED_FORMATS:
        yield f"{facts.slug}.{name}.{formats[name].suffix}", formats[name](facts)


def _content(data: bytes) -> bytes | list[tuple[str, bytes]]:
    """What of a file must be the same: of a zip archive its members, which another zlib may compress otherwise."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def differences() -> list[str]:
    """What is not current in `RENDERED`, one line a file."""
    wanted = rendered()
    found = {path.name: path.read_bytes() for path in RENDERED.glob("*") if path.is_file()}
    missing = [f"{name}: missing" for name in wanted if name not in found]
    changed = [
        f"{name}: changed" for name in wanted if name in found and _content(found[name]) != _content(wanted[name])
    ]
    stray = [f"{name}: not rendered from any facts" for name in sorted(found) if name not in wanted]
    return missing + changed + stray


def write() -> int:
    """Writes all files, takes away what no facts give, and returns the number of files."""
    wanted = rendered()
    RENDERED.mkdir(parents=True, exist_ok=True)
    for path in RENDERED.glob("*"):
        if path.is_file() and path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = RENDERED / name
        if not path.exists() or _content(path.read_bytes()) != _content(content):
            path.write_bytes(content)
    return len(wanted)
