"""Every phrasing of `corpus/values/` means what the corpus says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from kpi import find_values, parse_value
from tests.material import VALUES, differences, plain, read_yaml

FILES = sorted(path.stem for path in VALUES.glob("*.yaml"))
CONCERNS = {
    "ratio", "money", "count", "duration", "measure", "ranges", "deadline", "period",
    "recurring", "change", "compound", "yes_no", "empty", "wording", "prose", "field",
}  # fmt: skip
ENTRY_FIELDS = {"value", "year", "unit", "name", "said", "not"}
SENTENCE_FIELDS = {"text", "year", "found"}


class Phrasing(NamedTuple):
    """One text of the corpus, what surrounds it, and the value it means (or must not mean)."""

    file: str
    text: str
    given: dict[str, Any]
    value: dict[str, Any]
    meant: bool


def phrasings() -> Iterator[Phrasing]:
    for file in FILES:
        for entry in read_yaml(VALUES / f"{file}.yaml"):
            given = {key: entry[key] for key in ("year", "unit", "name") if key in entry}
            for text in entry.get("said", ()):
                yield Phrasing(file, text, given, entry["value"], meant=True)
            for text in entry.get("not", ()):
                yield Phrasing(file, text, given, entry["value"], meant=False)


def sentences() -> list[dict[str, Any]]:
    return [entry for entry in read_yaml(VALUES / "prose.yaml") if "text" in entry]


def _id(phrasing: Phrasing) -> str:
    return f"{phrasing.file}-{'' if phrasing.meant else 'not-'}{phrasing.text}"


@pytest.mark.parametrize("phrasing", list(phrasings()), ids=_id)
def test_phrasing(phrasing: Phrasing) -> None:
    value = parse_value(phrasing.text, **phrasing.given)
    found = list(differences(phrasing.value, plain(value)))
    assert not found if phrasing.meant else found
    assert value.raw == phrasing.text
    assert 0 <= value.span[0] <= value.span[1] <= len(phrasing.text)


@pytest.mark.parametrize("sentence", sentences(), ids=lambda sentence: sentence["text"])
def test_sentence(sentence: dict[str, Any]) -> None:
    found = [plain(value) for value in find_values(sentence["text"], year=sentence.get("year"))]
    assert list(differences(sentence["found"], found)) == []


def test_the_corpus_is_well_formed() -> None:
    assert set(FILES) >= CONCERNS
    for file in FILES:
        for entry in read_yaml(VALUES / f"{file}.yaml"):
            if "text" in entry:
                assert set(entry) <= SENTENCE_FIELDS, (file, entry)
            else:
                assert set(entry) <= ENTRY_FIELDS, (file, entry)
                assert entry["said"], (file, entry)
                assert "kind" in entry["value"], (file, entry)


def test_no_phrasing_stands_twice_in_a_place() -> None:
    keys = Counter((p.text, tuple(sorted(p.given.items())), p.meant, str(p.value)) for p in phrasings())
    assert [key for key, times in keys.items() if times > 1] == []
