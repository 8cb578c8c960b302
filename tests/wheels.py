"""Wheels of the packages that are installed here, made again from their files, so that tests need no network."""

from __future__ import annotations

import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path


def repacked(name: str, folder: Path) -> Path:
    """The wheel of an installed package."""
    found = distribution(name)
    told = found.read_text("WHEEL") or ""
    tag = _tag([line.partition(": ")[2] for line in told.splitlines() if line.startswith("Tag: ")])
    stem = found.metadata["Name"].replace("-", "_").replace(".", "_")
    wheel = folder / f"{stem}-{found.version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for path, file in _files(found):
            archive.write(file, path)
    return wheel


def _tag(tags: list[str]) -> str:
    """The tags of a wheel in one: py2-none-any, py3-none-any → py2.py3-none-any."""
    parts = zip(*(tag.split("-") for tag in tags), strict=True)
    return "-".join(".".join(dict.fromkeys(part)) for part in parts)


def _files(found: Distribution) -> list[tuple[str, Path]]:
    """What the wheel held: neither scripts, which are made anew, nor what was compiled since."""
    return [
        (path.as_posix(), file)
        for path in found.files or ()
        if ".." not in path.parts and path.suffix != ".pyc" and (file := Path(str(path.locate()))).is_file()
    ]
