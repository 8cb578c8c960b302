"""A folder of wheels → the zip of a bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from bundle.wheels import ROOT

FILES = Path(__file__).parent / "files"
SAMPLES = ROOT / "corpus" / "documents" / "rendered"
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
# What starts it: its name in the bundle, its file here. cmd.exe of a Chinese Windows reads GBK with CR LF alone.
_STARTS = {"windows": ("启动.bat", "start.bat", "gbk"), "linux": ("start.sh", "start.sh", "utf-8")}
_GUIDE = ("使用说明.txt", "guide.txt")
_EXECUTABLE = 0o755
# Wheels are compressed already.
_STORED = frozenset({".whl"})


def write(out: Path, version: str, platform: str, pythons: Iterable[str], wheels: Path) -> Path:
    """The zip of a bundle; everything in it lies in one folder."""
    with tempfile.TemporaryDirectory(prefix="kpi-bundle-") as work:
        folder = Path(work) / f"kpi-{version}-{platform}-x86_64"
        lay_out(folder, version, platform, pythons, wheels)
        file = out / f"{folder.name}.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                kind = zipfile.ZIP_STORED if path.suffix in _STORED else zipfile.ZIP_DEFLATED
                archive.write(path, path.relative_to(work).as_posix(), kind)
        return file


def lay_out(folder: Path, version: str, platform: str, pythons: Iterable[str], wheels: Path) -> None:
    """The folder that the zip holds."""
    versions = list(pythons)
    shutil.copytree(wheels, folder / "wheels")
    shutil.copytree(SAMPLES, folder / "samples")
    shutil.copy(FILES / "start.py", folder)
    told = {"version": version, "platform": platform, "pythons": versions}
    (folder / "bundle.json").write_text(json.dumps(told), encoding="utf-8")
    name, source, encoding = _STARTS[platform]
    script = filled((FILES / source).read_text(encoding="utf-8"), platform, versions)
    (folder / name).write_bytes((_dos(script) if platform == "windows" else script).encode(encoding))
    (folder / name).chmod(_EXECUTABLE)
    guide = filled((FILES / _GUIDE[1]).read_text(encoding="utf-8"), platform, versions)
    (folder / _GUIDE[0]).write_bytes(_dos(guide).encode("utf-8-sig"))


def filled(text: str, platform: str, pythons: list[str]) -> str:
    """A script or the guide, with the names that it leaves open."""
    for name, value in {
        "PYTHONS": " ".join(reversed(pythons)), "FIRST": pythons[0], "LAST": pythons[-1], "START": _STARTS[platform][0],
    }.items():  # fmt: skip
        text = text.replace(f"@{name}@", value)
    return text


def _dos(text: str) -> str:
    return text.replace("\n", "\r\n")
