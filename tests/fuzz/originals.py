"""The sound files that are damaged: one document in every format and form of the rendered corpus."""

from __future__ import annotations

import tempfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from tests.libreoffice import available, convert
from tests.rendering import RENDERED, SLUGS, load
from tests.rendering.formats import FORMATS, PRINTED

_SMALL = 200_000


def originals() -> dict[str, bytes]:
    """File name → bytes."""
    facts = load(SLUGS[0])
    made = {f"{name}.{each.suffix}": each(facts) for name, each in {**FORMATS, **PRINTED}.items()}
    with tempfile.TemporaryDirectory() as folder:
        if available():
            book = Path(folder) / "excel.xlsx"
            book.write_bytes(made["excel.xlsx"])
            for suffix in ("xls", "ods"):
                convert([book], suffix, Path(folder))
                made[f"excel.{suffix}"] = book.with_suffix(f".{suffix}").read_bytes()
    made["web.mht"] = _archive(made["web.html"])
    texts = {path.name: path.read_bytes() for path in RENDERED.iterdir() if path.suffix in (".txt", ".md")}
    return {name: data for name, data in {**made, **texts}.items() if len(data) <= _SMALL}


def _archive(page: bytes) -> bytes:
    """A web page as a browser saves it in one file."""
    message = MIMEMultipart("related")
    message.attach(MIMEText(page.decode(), "html", "utf-8"))
    return message.as_bytes()
