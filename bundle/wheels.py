"""The wheels of a bundle: fetched for another platform than this one, and checked to be all that it asks for."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from email.parser import HeaderParser
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
# Packages that are published as source alone; they hold no machine code, so a wheel made here serves everywhere.
SOURCE_ONLY = frozenset({"jieba"})


class Target(NamedTuple):
    """A platform: what pip calls it, newest first, and what the markers of requirements know it by."""

    tags: tuple[str, ...]
    markers: dict[str, str]


# glibc 2.28 (2018) is what the newest of the packages ask for.
PLATFORMS = {
    "windows": Target(
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    ),
    "linux": Target(
        (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 16, -1)), "manylinux2014_x86_64"),
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    ),
}


def collect(folder: Path, platform: str, pythons: Iterable[str]) -> None:
    """Put all wheels into a folder: ours, those made here, those fetched, and pip itself, which installs them."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    every = required(ROOT / "requirements.txt", platform)
    own = [f"{one.name}{one.specifier}" for one in every if one.name in SOURCE_ONLY]
    fetched = [f"{one.name}{one.specifier}" for one in every if one.name not in SOURCE_ONLY]
    pip = ("--quiet", "--disable-pip-version-check", "--no-deps")
    _run("pip", "wheel", *pip, "--wheel-dir", str(folder), *own)
    tags = [part for tag in PLATFORMS[platform].tags for part in ("--platform", tag)]
    for python in pythons:
        _run(
            "pip", "download", *pip, "--dest", str(folder), "--only-binary", ":all:", "--implementation", "cp",
            "--python-version", python, *tags, *fetched, f"pip=={version('pip')}",
        )  # fmt: skip


def _run(*command: str) -> None:
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)


def required(file: Path, platform: str) -> list[Requirement]:
    """The pinned packages that a platform needs."""
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    every = [Requirement(line) for line in lines if line]
    return [one for one in every if _holds(one.marker, platform, PYTHONS[0])]


def _holds(marker: Marker | None, platform: str, python: str) -> bool:
    here = PLATFORMS[platform].markers | {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    return marker is None or marker.evaluate({**here, "platform_python_implementation": "CPython"})


def missing(folder: Path, platform: str, python: str) -> list[str]:
    """What wheels of the folder ask for on that platform and none of them is; in words, empty where all is there."""
    there = dict(_there(folder, _tags(platform, python)))
    found = []
    for name, file in there.items():
        for wanted in _asked(file):
            if not _holds(wanted.marker, platform, python):
                continue
            other = there.get(canonicalize_name(wanted.name))
            if other is None or not wanted.specifier.contains(parse_wheel_filename(other.name)[1], prereleases=True):
                found.append(f"{platform}, Python {python}: {name} asks for {wanted}")
    needed = {canonicalize_name(one.name) for one in required(ROOT / "requirements.txt", platform)}
    return found + [f"{platform}, Python {python}: no wheel of {name}" for name in sorted(needed - there.keys())]


def _there(folder: Path, tags: frozenset[Tag]) -> Iterator[tuple[NormalizedName, Path]]:
    """The wheels that can be installed there, by name."""
    for file in sorted(folder.glob("*.whl")):
        name, _, _, of_file = parse_wheel_filename(file.name)
        if of_file & tags:
            yield name, file


def _tags(platform: str, python: str) -> frozenset[Tag]:
    number = tuple(int(part) for part in python.split("."))
    tags: Sequence[str] = PLATFORMS[platform].tags
    interpreter = f"cp{''.join(python.split('.'))}"
    return frozenset((*cpython_tags(number, platforms=tags), *compatible_tags(number, interpreter, tags)))


def _asked(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(
            name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1
        )
        told = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return [Requirement(text) for text in told.get_all("Requires-Dist", [])]
