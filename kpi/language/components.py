"""spaCy components: the values of a text and the senses of its clauses, in ``doc.spans``.

    nlp = spacy.blank("zh")
    nlp.add_pipe("kpi_values", config={"year": 2025})
    nlp.add_pipe("kpi_wording")

Any tokenizer will do. Values are found in the text, never by token, and laid over the tokens that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import regex
from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, Span

from kpi.language import models
from kpi.schema import Value
from kpi.values import find_values
from kpi.values.fold import fold
from kpi.values.wording import Judgement, judge

_VALUE: TypeAdapter[Value] = TypeAdapter(Value)
_CLAUSE = regex.compile(r"[^，。；;、！!？?：:\n\r\t]+")
_VALUES, _SENSES = "kpi_values", "kpi_senses"  # the keys of doc.user_data; plain JSON, so that a doc can be saved


class Values:
    """``kpi_values``: every value a span, its label the kind; ``span._.kpi_value`` is the ``Value`` itself."""

    def __init__(self, year: int | None, spans_key: str) -> None:
        self.year = year
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Put the values into ``doc.spans``."""
        found = find_values(doc.text, year=self.year)
        doc.user_data[_VALUES] = [value.model_dump_json() for value in found]
        doc.spans[self.spans_key] = _spans(doc, ((*value.span, value.kind) for value in found))
        return doc


class Wording:
    """``kpi_wording``: every clause without a value that has a sense, its label the sense.

    ``span._.kpi_confidence`` is how sure it is, as a string. What is less sure than ``min_confidence`` is left out, and
    so are clauses of the sense ``other``. Runs after ``kpi_values`` or without it.
    """

    def __init__(self, min_confidence: float, spans_key: str) -> None:
        self.min_confidence = min_confidence
        self.spans_key = spans_key
        self.opinion = models.sense if models.is_shipped("sense") else None

    def __call__(self, doc: Doc) -> Doc:
        """Put the senses into ``doc.spans``."""
        values = [value.span for value in find_values(doc.text)]
        found = [
            (start, end, judged)
            for start, end in _clauses(doc.text)
            if not any(first < end and start < last for first, last in values)
            and (judged := self._judged(doc.text[start:end]))
        ]
        doc.user_data[_SENSES] = [str(judged.confidence) for *_, judged in found]
        doc.spans[self.spans_key] = _spans(doc, ((start, end, judged.sense) for start, end, judged in found))
        return doc

    def _judged(self, clause: str) -> Judgement | None:
        judged = judge(clause, fold(clause), opinion=self.opinion)
        return judged if judged.sense != "other" and judged.confidence >= self.min_confidence else None


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of what stands between two marks, without blanks around it."""
    for found in _CLAUSE.finditer(text):
        if body := found[0].strip():
            start = found.start() + found[0].index(body)
            yield start, start + len(body)


def _spans(doc: Doc, found: Iterable[tuple[int, int, str]]) -> list[Span]:
    """A span for each (start, end, label); ``span.id`` is its number, by which its value is kept."""
    return [
        span
        for number, (start, end, label) in enumerate(found)
        if (span := doc.char_span(start, end, label=label, alignment_mode="expand", span_id=str(number)))
    ]


def _value(span: Span) -> Value | None:
    kept: list[str] = span.doc.user_data.get(_VALUES, [])
    return _VALUE.validate_json(kept[int(span.id_)]) if span.id_ and int(span.id_) < len(kept) else None


def _confidence(span: Span) -> str | None:
    kept: list[str] = span.doc.user_data.get(_SENSES, [])
    return kept[int(span.id_)] if span.id_ and int(span.id_) < len(kept) else None


Span.set_extension("kpi_value", getter=_value, force=True)
Span.set_extension("kpi_confidence", getter=_confidence, force=True)


@Language.factory("kpi_values", default_config={"year": None, "spans_key": "kpi_values"})
def kpi_values(nlp: Language, name: str, year: int | None, spans_key: str) -> Any:
    """The factory of ``Values``; ``year`` is the fiscal year, for dates without one."""
    return Values(year, spans_key)


@Language.factory("kpi_wording", default_config={"min_confidence": 0.7, "spans_key": "kpi_wording"})
def kpi_wording(nlp: Language, name: str, min_confidence: float, spans_key: str) -> Any:
    """The factory of ``Wording``."""
    return Wording(min_confidence, spans_key)
