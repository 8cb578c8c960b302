"""Limits and defaults of the whole product, each overridable by an environment variable ``KPI_<NAME>``."""

from __future__ import annotations

import os
import warnings


def _int(name: str, default: int) -> int:
    given = os.environ.get(f"KPI_{name}", "").strip()
    if given and not given.isdigit():
        warnings.warn(f"KPI_{name}={given!r} is not a whole number; using {default}", stacklevel=2)
    return int(given) if given.isdigit() else default


# A value longer than this is read up to here and carries the note ``truncated``.
MAX_VALUE_CHARS = _int("MAX_VALUE_CHARS", 2_000)
# No search over untrusted text may take longer, in seconds.
SCAN_SECONDS = float(_int("SCAN_SECONDS", 5))
# Distinct values kept by the content cache of parse_value.
VALUE_CACHE = _int("VALUE_CACHE", 20_000)
# 1: wordings that no list knows are judged by the trained model, which takes a second to load (docs/language.md).
LANGUAGE = bool(_int("LANGUAGE", 0))
# Documents larger than this are refused, in bytes.
MAX_DOCUMENT_BYTES = _int("MAX_DOCUMENT_BYTES", 64 * 1024 * 1024)
# Rows of one document beyond this are not read; a problem says so.
MAX_ROWS = _int("MAX_ROWS", 200_000)
# Words of a document beyond this are not searched for tables whose cells were pasted as text; a problem says so.
MAX_PASTED_TOKENS = _int("MAX_PASTED_TOKENS", 40_000)
# Amounts in the running text of one document beyond this are not read; a problem says so.
MAX_FIGURES = _int("MAX_FIGURES", 5_000)
# Files of one zip beyond this are not read.
MAX_ZIP_MEMBERS = _int("MAX_ZIP_MEMBERS", 10_000)
# What the files of one zip may inflate to together, in bytes; they are read one after the other.
MAX_ZIP_BYTES = _int("MAX_ZIP_BYTES", 2 * 1024 * 1024 * 1024)
# Files of one batch sent to the service, those of zips counted, and what they may hold together, in bytes.
MAX_BATCH_FILES = _int("MAX_BATCH_FILES", 2_000)
MAX_BATCH_BYTES = _int("MAX_BATCH_BYTES", 256 * 1024 * 1024)
# Cells of one document beyond this are not read; a problem says so. Cells that others cover count.
MAX_CELLS = _int("MAX_CELLS", 2_000_000)
# Columns of a table beyond this are not read.
MAX_COLUMNS = _int("MAX_COLUMNS", 1_024)
# What an office file (docx, xlsx, ods) may inflate to, in bytes, counted while inflating.
MAX_INFLATED_BYTES = _int("MAX_INFLATED_BYTES", 256 * 1024 * 1024)
# One XML part that is held in memory as a whole may be this long, in bytes.
MAX_XML_BYTES = _int("MAX_XML_BYTES", 64 * 1024 * 1024)
# Tables within tables, text boxes within text boxes: deeper ones are not read.
MAX_NESTING = _int("MAX_NESTING", 20)
# Reading one document may take this long, in seconds, and finding the targets in what was read as long again; what is
# not done by then is left out, and a problem says so.
READ_SECONDS = float(_int("READ_SECONDS", 60))
# What the process that reads PDFs may take of memory, in bytes (not limited on Windows).
MAX_READER_BYTES = _int("MAX_READER_BYTES", 4 * 1024 * 1024 * 1024)
# Converting one document through LibreOffice may take this long, in seconds.
CONVERT_SECONDS = float(_int("CONVERT_SECONDS", 120))
# Pages of one PDF beyond this are not read.
MAX_PAGES = _int("MAX_PAGES", 3_000)
# A page with more drawn objects or characters than this is left out; a problem names it.
MAX_PAGE_OBJECTS = _int("MAX_PAGE_OBJECTS", 60_000)
MAX_PAGE_CHARS = _int("MAX_PAGE_CHARS", 60_000)
