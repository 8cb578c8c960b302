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
# Documents larger than this are refused, in bytes.
MAX_DOCUMENT_BYTES = _int("MAX_DOCUMENT_BYTES", 64 * 1024 * 1024)
# Rows of one document beyond this are not read; a problem says so.
MAX_ROWS = _int("MAX_ROWS", 200_000)
# Words of a document beyond this are not searched for tables whose cells were pasted as text; a problem says so.
MAX_PASTED_TOKENS = _int("MAX_PASTED_TOKENS", 40_000)
# Files of one zip beyond this are not read.
MAX_ZIP_MEMBERS = _int("MAX_ZIP_MEMBERS", 10_000)
