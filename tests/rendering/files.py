"""Which files there are: every document in every layout, and one of them in other encodings too."""

from __future__ import annotations

import codecs

from .facts import DOCUMENTS, load_all
from .layouts import LAYOUTS

RENDERED = DOCUMENTS / "rendered"
SUFFIXES = {"tab_rows": "txt", "cell_lines": "txt", "pipe_rows": "md"}
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
            files[f"{stem}.{SUFFIXES[name]}"] = text.encode()
            if stem == IN_OTHER_ENCODINGS:
                for label, (mark, encoding) in ENCODINGS.items():
                    files[f"{stem}.{label}.{SUFFIXES[name]}"] = mark + text.encode(encoding)
    return files


def differences() -> list[str]:
    """What is not current in `RENDERED`, one line a file."""
    wanted = rendered()
    found = {path.name: path.read_bytes() for path in RENDERED.glob("*") if path.is_file()}
    missing = [f"{name}: missing" for name in wanted if name not in found]
    changed = [f"{name}: changed" for name in wanted if name in found and found[name] != wanted[name]]
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
        (RENDERED / name).write_bytes(content)
    return len(wanted)
