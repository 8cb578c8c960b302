"""A folder of files of our own, written once more: what an earlier run left there, and this one does not write, goes.

Beside the folder lies a list of what was written into it, each file with its checksum. A file is removed only where
that list names it and it is still what we wrote: what a reviewer filled in or put there stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Renewed(NamedTuple):
    """The files that are there now, and those of an earlier run that stayed because somebody changed them."""

    files: list[Path]
    changed: list[Path]


def renew(folder: Path, written: Iterable[Path]) -> Renewed:
    """Take the files as they are ``written`` into ``folder``, then remove what an earlier run left there.

    Raises:
        OSError: a file cannot be written or removed.

    """
    folder.mkdir(parents=True, exist_ok=True)
    list_of = folder.with_name(f".{folder.name}.jsonl")
    before, files, lines = _listed(list_of), [], []
    with list_of.open("a", encoding="utf-8", newline="\n") as stream:
        for path in written:
            files.append(path)
            lines.append(json.dumps({"file": path.name, "sha256": _sha256(path)}, ensure_ascii=False) + "\n")
            stream.write(lines[-1])  # at once, so that a run that was stopped leaves nothing unlisted
            stream.flush()
    now = {path.name.lower() for path in files}  # a system may not tell A from a
    old = [(folder / name, sha256) for name, sha256 in before.items() if name.lower() not in now]
    changed = [path for path, sha256 in old if not _removed(path, sha256)]
    fresh = list_of.with_name(f"{list_of.name}.new")
    fresh.write_text("".join(lines), encoding="utf-8", newline="\n")
    fresh.replace(list_of)
    return Renewed(files, changed)


def _listed(list_of: Path) -> dict[str, str]:
    """The names in a list with their checksums, without lines that are none of ours and names that lead elsewhere."""
    found: dict[str, str] = {}
    try:
        text = list_of.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return found
    for line in text.splitlines():
        try:
            given = json.loads(line)
            name, sha256 = given["file"], given["sha256"]
        except (ValueError, TypeError, KeyError):
            continue
        if (
            isinstance(name, str)
            and isinstance(sha256, str)
            and name not in ("", ".", "..")
            and Path(name).name == name
        ):
            found[name] = sha256
    return found


def _removed(path: Path, sha256: str) -> bool:
    """Whether a file is gone: it was still what we wrote, or is not there any more."""
    if path.is_symlink() or not path.is_file():
        return True
    if _sha256(path) != sha256:
        return False
    path.unlink()
    return True


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
