"""A second opinion on wordings that no list knows: jieba's words and their kinds, and a few rules over them.

jieba is slow to load, so it is loaded only when such a wording comes; it is process-global and logs to stderr, so it
is kept quiet here, and its cache stays in the user's own folder (a shared one could be tampered with).
"""

from __future__ import annotations

import logging
import os
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

    jieba.setLogLevel(logging.ERROR)
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "kpi"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        jieba.dt.tmp_dir = str(folder)
    except OSError:
        pass  # no home to write to: jieba builds its table anew each time
    return jieba.posseg


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
