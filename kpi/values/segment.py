"""A second opinion on wordings that no list knows: jieba's words and their kinds, and a few rules over them.

jieba is slow to load, so it is loaded only when such a wording comes; it is process-global and logs to stderr, so it
is kept quiet here, and its cache stays in the user's own folder (a shared one could be tampered with).
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kpi.schema import Sense, Term

MAX_CHARS = 60
CONFIDENCE = Decimal("0.6")


@cache
def _tagger() -> Any:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)  # before its first use: it logs when it builds its table
    jieba.dt.tmp_dir = str(cache_folder())
    return jieba.posseg


def cache_folder() -> Path:
    """A folder that only this user can write to: under the home, else a new one that goes with the process.

    Never the shared temporary folder, which jieba takes when it is given none: it loads what lies there.
    """
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kpi"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if (
            found.st_uid == getattr(os, "getuid", lambda: 0)()
            and not found.st_mode & 0o022
            and os.access(folder, os.W_OK)
        ):
            return folder
    except (OSError, RuntimeError):  # no home, or none to write to
        pass
    private = Path(tempfile.mkdtemp(prefix="kpi-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    return private


def judge(text: str) -> tuple[Sense, Decimal, tuple[Term, ...]] | None:
    """The sense that the kinds of words suggest, or ``None``.

    A verb and what it is done to is a task (守护蓝天白云); a verb or noun praised by an adjective, an adverb or a set
    phrase is intensity (日益红火, 欣欣向荣).
    """
    words: list[Term] = []
    kinds: list[str] = []
    at = 0
    for word in _tagger().lcut(text[:MAX_CHARS]):
        words.append(Term(text=word.word, span=(at, at + len(word.word))))
        kinds.append(word.flag)
        at += len(word.word)
    if not words:
        return None
    praise = [term for term, kind in zip(words, kinds, strict=True) if kind in ("a", "ad", "an", "z", "i", "l")]
    if kinds[0] == "v" and any(kind.startswith("n") or kind == "vn" for kind in kinds[1:]):
        return "task", CONFIDENCE, (words[0],)
    if praise:
        return "intensity_only", CONFIDENCE, tuple(praise)
    return None
