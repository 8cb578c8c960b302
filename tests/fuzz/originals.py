"""The sound files that are damaged: one document in every format and form of the rendered corpus."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.rendering import RENDERED, SLUGS, load
from tests.rendering.formats import FORMATS, PRINTED
from tests.rendering.formats.converted import available, convert

_SMALL = 200_000


def originals() -> dict[str, bytes]:
    """File name → bytes."""
    facts = load(SLUGS[0])
    made = {f"{name}.{each.suffix}": each(facts) for name, each in {**FORMATS, **PRINTED}.items()}
    with tempfile.TemporaryDirectory() as folder:
        if available():
            book = Path(folder) / "excel.xlsx"
            book.write_bytes(made["excel.xlsx"])
            convert([book], "xls", Path(folder))
            made["excel.xls"] = book.with_suffix(".xls").read_bytes()
    texts = {path.name: path.read_bytes() for path in RENDERED.iterdir() if path.suffix in (".txt", ".md")}
    return {name: data for name, data in {**made, **texts}.items() if len(data) <= _SMALL}
