"""The old formats of Word and Excel, by LibreOffice without a window: all files in one call."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SECONDS = 240


def available() -> bool:
    """Whether LibreOffice is on PATH."""
    return shutil.which("soffice") is not None


def convert(files: Sequence[Path], suffix: str, folder: Path) -> None:
    """Writes each file into `folder` as `suffix` (doc, xls); the profile of the user is left alone."""
    profile = (folder / f"profile-{suffix}").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)], check=True, timeout=SECONDS, capture_output=True
    )
