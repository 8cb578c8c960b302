"""A folder of files of our own, written once more: what an earlier run left there, and this one does not write, goes.

Beside the folder lies a list of what was written into it, each file with its checksum. A file is removed or written
over only where it is still what we wrote: what a reviewer filled in or put there stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Renewed(NamedTuple):
    """The names of the files that were written, and of those that stayed because somebody changed or put them there.

    ``kept`` have the name of a file of this run, which was not written; ``changed`` are of an earlier run alone.
    """

    files: list[str]
    kept: list[str]
    changed: list[str]


def renew(folder: Path, files: Iterable[tuple[str, bytes]]) -> Renewed:
    """Write ``files`` (names and bytes) into ``folder``, then remove what an earlier run left there.

    Raises:
        OSError: a file cannot be written or removed.

    """
    folder.mkdir(parents=True, exist_ok=True)
    list_of = folder.with_name(f".{folder.name}.jsonl")
    before = _listed(list_of)
    ours = set().union(*before.values())  # under whatever name: a system may not tell A from a
    written, kept, lines = [], [], []
    new = folder.with_name(f".{folder.name}.new")
    with list_of.open("a", encoding="utf-8", newline="\n") as stream:
        for name, data in files:
            sha256 = hashlib.sha256(data).hexdigest()
            if not _is_free(folder / name, {*ours, sha256}):
                kept.append(name)
                continue
            lines.append(json.dumps({"file": name, "sha256": sha256}, ensure_ascii=False) + "\n")
            stream.write(lines[-1])  # before the file, so that a run that was stopped leaves nothing unlisted
            stream.flush()
            new.write_bytes(data)
            new.replace(folder / name)
            written.append(name)
    now = {name.lower() for name in (*written, *kept)}
    old = [name for name in before if name.lower() not in now]
    changed = [name for name in old if not _removed(folder / name, before[name])]
    fresh = list_of.with_name(f"{list_of.name}.new")
    fresh.write_text("".join(lines), encoding="utf-8", newline="\n")
    fresh.replace(list_of)
    return Renewed(written, kept, changed)


def _is_free(path: Path, ours: set[str]) -> bool:
    """Whether a file may be written: there is none, or one with a checksum of ours."""
    if path.is_symlink() or path.exists():
        return path.is_file() and not path.is_symlink() and _sha256(path) in ours
    return True


def _listed(list_of: Path) -> dict[str, set[str]]:
    """The names in a list with their checksums, without lines that are none of ours and names that lead elsewhere.

    The list of a run that was stopped has two of a name: the file is what the run before wrote, or what this one did.
    """
    found: dict[str, set[str]] = {}
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
            found.setdefault(name, set()).add(sha256)
    return found


def _removed(path: Path, ours: set[str]) -> bool:
    """Whether a file is gone: it was still what we wrote, or is not there any more."""
    if path.is_symlink() or not path.is_file():
        return True
    if _sha256(path) not in ours:
        return False
    path.unlink()
    return True


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
