"""Text as characters that know the word they stand in: a tokenizer for spaCy over jieba with the field's dictionary.

Characters serve short texts of few examples better than words do; the kind of word (verb, noun, set phrase) adds what
characters cannot show. ``docs/language.md`` has the figures.

jieba's own tokenizer belongs to the whole process, keeps a cache in a shared folder and logs to stderr. Ours is
private: its tables are built from jieba's list in memory, nothing is written, nothing is logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab


@cache
def tagger() -> Any:
    """The tagger of jieba over a private tokenizer that knows the words of ``dictionary.txt``."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    words = jieba.Tokenizer()
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
    words.initialized = True  # else the first use would look for a cache file
    with resources.files("kpi.language").joinpath("dictionary.txt").open("rb") as lines:
        words.load_userdict(lines)
    return jieba.posseg.POSTokenizer(words)


class Characters:
    """Makes a ``Doc`` with a token a character.

    The tag of a token is the place in its word (B at the beginning, I inside) and the first letter of the word's kind:
    ``Bv Iv`` for a verb of two characters. Nothing is learnt and nothing is kept on disk.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The characters of ``text``, tagged."""
        tags = [
            f"{'I' if inside else 'B'}{word.flag[:1]}"
            for word in tagger().lcut(text)
            for inside in range(len(word.word))
        ]
        return Doc(self.vocab, words=list(text), spaces=[False] * len(text), tags=tags)

    def initialize(
        self, get_examples: Any, *, nlp: Language | None = None, pkuseg_model: Any = None, pkuseg_user_dict: Any = None
    ) -> None:
        """Part of spaCy's protocol; Chinese pipelines pass settings of another segmenter, unused here."""

    def to_bytes(self, **_: Any) -> bytes:
        """Part of spaCy's protocol."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Characters:
        """Part of spaCy's protocol."""
        return self

    def to_disk(self, _path: Path | str, **_: Any) -> None:
        """Part of spaCy's protocol."""

    def from_disk(self, _path: Path | str, **_: Any) -> Characters:
        """Part of spaCy's protocol."""
        return self


@registry.tokenizers("kpi.Characters.v1")  # type: ignore[untyped-decorator]
def characters() -> Callable[[Language], Characters]:
    """The factory of the tokenizer, as a config names it."""
    return lambda nlp: Characters(nlp.vocab)
