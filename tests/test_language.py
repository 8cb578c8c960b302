"""The spaCy components, the model of wordings, and the cards of ``models/``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from decimal import Decimal
from importlib import import_module

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kpi import language, parse_value
from kpi.language import components, models
from kpi.language.segmentation import Characters
from kpi.language.training import digest, left_out, train
from kpi.schema import DateValue, Quantity
from kpi.values import wording
from kpi.values.fold import fold
from tests.material import ROOT
from tests.models.evaluate import ANNOTATIONS, TASKS, known_wordings, published

TEXT = "全年培训40人次，服务水平进一步提高，12月底前完成。"
UNKNOWN = "检验结果立等可取"


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("zh")
    made.add_pipe("kpi_values", config={"year": 2025})
    made.add_pipe("kpi_wording")
    return made


def test_values_come_as_spans(nlp: Language) -> None:
    doc = nlp(TEXT)
    spans = doc.spans["kpi_values"]
    (people,) = (span for span in spans if span.label_ == "quantity")
    assert people.text == "40人次"
    assert isinstance(people._.kpi_value, Quantity)
    assert people._.kpi_value.base_magnitude == 40
    (date,) = (span._.kpi_value for span in spans if span.text == "12月底前")
    assert isinstance(date, DateValue)
    assert date.end == "2025-12-31"


def test_senses_come_as_spans_of_clauses_without_values(nlp: Language) -> None:
    doc = nlp(TEXT)
    spans = doc.spans["kpi_wording"]
    assert [(span.text, span.label_) for span in spans] == [("服务水平进一步提高", "direction_only")]
    assert Decimal("0.7") <= Decimal(spans[0]._.kpi_confidence) <= 1


def test_a_value_inside_a_token_takes_the_whole_token() -> None:
    made = spacy.blank("zh")
    made.add_pipe("kpi_values")
    doc = made.get_pipe("kpi_values")(Doc(made.vocab, words=["共40人次", "和", "5场"], spaces=[False] * 3))
    assert [span.text for span in doc.spans["kpi_values"]] == ["共40人次", "5场"]
    assert [span._.kpi_value.raw for span in doc.spans["kpi_values"]] == ["40人次", "5场"]


def test_two_values_in_one_token_stay_apart() -> None:
    made = spacy.blank("zh")
    made.add_pipe("kpi_values")
    doc = made.get_pipe("kpi_values")(Doc(made.vocab, words=["40人次5场"], spaces=[False]))
    assert [span._.kpi_value.raw for span in doc.spans["kpi_values"]] == ["40人次", "5场"]


def test_a_saved_document_keeps_its_values(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [s._.kpi_value for s in again.spans["kpi_values"]] == [s._.kpi_value for s in doc.spans["kpi_values"]]


@pytest.mark.parametrize("text", ["", " ", "，。", "\n\n", "😀", "无"])
def test_nothing_to_find(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert [list(doc.spans[key]) for key in ("kpi_values", "kpi_wording")] == [[], []]


def test_a_span_that_is_not_ours_has_no_value(nlp: Language) -> None:
    assert nlp(TEXT)[0:2]._.kpi_value is None


def test_the_entry_points_name_what_is_registered() -> None:
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    for target in (*points["spacy_factories"].values(), *points["spacy_tokenizers"].values()):
        module, name = target.split(":")
        assert callable(getattr(import_module(module), name))
    assert set(points["spacy_factories"]) == {"kpi_values", "kpi_wording"}
    assert Language.has_factory("kpi_wording")
    assert components.kpi_values.__name__ in points["spacy_factories"]


def test_characters_know_their_word(nlp: Language) -> None:
    doc = Characters(nlp.vocab)("清运垃圾")
    assert [token.text for token in doc] == list("清运垃圾")
    assert [token.tag_ for token in doc] == ["Bv", "Iv", "Bn", "In"]


def test_training_is_the_same_each_time() -> None:
    examples = TASKS["sense"].examples()[:80]
    once, twice = (train(examples, epochs=2).to_bytes() for _ in range(2))
    assert once == twice
    assert once != train(examples[::-1], epochs=2).to_bytes()


def test_groups_are_left_out_whole() -> None:
    examples = TASKS["sense"].examples()
    rounds = list(left_out(examples, 5))
    for rest, out in rounds:
        assert not {example.group for example in rest} & {example.group for example in out}
        assert len(rest) + len(out) == len(examples)
    assert sum(len(out) for _, out in rounds) == len(examples)


@pytest.mark.parametrize("name", TASKS)
def test_cards_and_models_are_of_the_current_annotations(name: str) -> None:
    current = digest(TASKS[name].examples())
    assert current in (models.folder(name) / "card.md").read_text(encoding="utf-8"), "run: make model"
    if models.is_shipped(name):
        meta = json.loads((models.folder(name) / "meta.json").read_text(encoding="utf-8"))
        assert meta["kpi_digest"] == current
        assert sum(path.stat().st_size for path in models.folder(name).rglob("*")) < 2_500_000


@pytest.mark.parametrize("name", TASKS)
def test_annotations_are_well_formed(name: str) -> None:
    task = TASKS[name]
    rows = [json.loads(line) for line in (ANNOTATIONS / task.file).read_text(encoding="utf-8").splitlines()]
    assert all(set(row) == {task.text, task.label, "group"} and all(row.values()) for row in rows)
    assert len({(row[task.text], row[task.label]) for row in rows}) == len(rows)


def test_what_is_measured_outside_was_not_trained_on() -> None:
    trained = {example.text for example in TASKS["sense"].examples()}
    assert not trained & {example.text for example in known_wordings()}
    shared = {example.text for example in TASKS["second_tier"].examples()} & {example.text for example in published()}
    assert len(shared) <= 3  # names such as 参训学员满意度 are everybody's


def test_the_shipped_model_beats_the_list_on_wordings_it_was_not_trained_on() -> None:
    examples = known_wordings()
    listed = [found.sense if (found := wording.by_kinds_of_words(e.text)) else "other" for e in examples]
    model = [found.sense if (found := language.sense(e.text)) else "other" for e in examples]
    right = [sum(said == e.label for said, e in zip(who, examples, strict=True)) for who in (listed, model)]
    assert right[1] > 2 * right[0]


def test_the_model_is_asked_only_for_words_and_never_sure() -> None:
    assert language.sense("") is None
    assert language.sense("XX") is None
    assert language.sense("越" * 100) is None
    found = language.sense(UNKNOWN)
    assert found is not None
    assert found.sense == "punctual"
    assert found.confidence <= models.MOST
    assert wording.judge(UNKNOWN, fold(UNKNOWN), opinion=language.sense) == found


def _run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True, capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip
    return done.stdout.strip()


def test_the_model_is_used_when_asked_for_and_loaded_only_then() -> None:
    sense = f"import kpi; print(kpi.parse_value('{UNKNOWN}').sense)"
    assert _run(sense, KPI_LANGUAGE="1") == "punctual"
    assert _run(sense, KPI_LANGUAGE="0") == parse_value(UNKNOWN).model_dump()["sense"]
    loaded = "import kpi, sys; kpi.parse_value('进一步提高'); kpi.parse_value('40人；检验结果立等可取'); print('spacy' in sys.modules, 'jieba' in sys.modules)"  # noqa: E501
    assert _run(loaded, KPI_LANGUAGE="1") == "False False"
