"""LibreOffice for the tests: whether it is there, and files turned into other formats, all in one call."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

SECONDS = 300


def available() -> bool:
    """Whether LibreOffice is on PATH."""
    return shutil.which("soffice") is not None


needs_libreoffice = pytest.mark.skipif(not available(), reason="LibreOffice is not on PATH")


def convert(files: Sequence[Path], to: str, folder: Path, *options: str) -> None:
    """Writes each file into `folder` in the format `to` (`doc`, `pdf`, `doc:MS Word 97`).

    The profile is made in `folder` too; that of the user is left alone. `options` are LibreOffice's own.
    """
    profile = (folder / f"profile-{to.partition(':')[0]}").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, *map(str, files)], check=True, timeout=SECONDS, capture_output=True)
