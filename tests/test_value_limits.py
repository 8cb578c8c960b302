"""What keeps the parser of values quick and small, and the seam of its second opinion."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

import kpi
from kpi import settings as limits
from kpi.schema import Qualitative, Term
from kpi.values import parse, segment, wording

# ------------------------------------------------------------------ time and memory

CLASSES = "一十百万零点半01. ,-~至年月日个元每较提超≥([（:/;。AkOl×¥$²是无优第前底末与或分之成约"


def best(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def test_a_long_run_of_numerals_is_quick() -> None:
    kpi.parse_value("乱七八糟的")  # jieba loads once
    assert best(lambda: kpi.parse_value("一" * 2000)) < 0.02


def test_no_run_of_characters_is_slow() -> None:
    """Runs of every class and a sample of pairs; the limit leaves room for a busy machine."""
    kpi.parse_value("乱七八糟的")
    pieces = [*CLASSES, *("".join(pair) for pair in list(product(CLASSES, CLASSES))[::7]), "年每", "与一", "[0", "一和"]
    slow = [p for p in pieces if best(lambda text=(p * 2000)[:2000]: kpi.parse_value(text), 1) > 0.1]  # type: ignore[misc]
    assert [p for p in slow if best(lambda text=(p * 2000)[:2000]: kpi.parse_value(text)) > 0.1] == []  # type: ignore[misc]


@pytest.mark.parametrize("piece", ["培训人数不少于120人，12月底前完成。", "每年", "一", "12 ", "十¥"])
def test_prose_takes_time_in_proportion_to_its_length(piece: str) -> None:
    short, long = (best(lambda text=(piece * n)[:n]: kpi.find_values(text), 2) for n in (10_000, 40_000))  # type: ignore[misc]
    assert long < 8 * short + 0.02


def test_time_runs_out_once_for_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "培训人数不少于120人。" * 3000
    monkeypatch.setattr(limits, "SCAN_SECONDS", 0.05)
    begin = time.process_time()
    found = kpi.find_values(text)
    assert time.process_time() - begin < 0.5
    assert 0 < len(found) < 3000
    assert found[-1].notes == ("truncated",)
    assert not any(value.notes for value in found[:-1])


def test_only_short_texts_are_remembered() -> None:
    before = parse._parse.cache_info().currsize
    kpi.parse_value("≥90%" + " " * 100)
    kpi.parse_value("≥90.1234%", unit="%" * 100)
    kpi.parse_value("≥90.1234%", name="率" * 100)
    assert parse._parse.cache_info().currsize == before


def test_the_terms_of_a_wording_are_capped() -> None:
    value = kpi.parse_value("进一步提高，不断提升，持续改善。" * 20)
    assert isinstance(value, Qualitative)
    assert len(value.terms) == wording.MAX_TERMS


# ------------------------------------------------------------------ the second opinion


def test_a_model_can_take_the_place_of_the_second_opinion() -> None:
    sure = wording.Judgement("task", Decimal("0.9"), (Term(text="甲", span=(0, 1)),))
    assert wording.judge("甲乙丙丁", "甲乙丙丁", opinion=lambda text: sure) == sure
    assert wording.judge("甲乙丙丁", "甲乙丙丁", opinion=lambda text: None).sense == "other"
    assert wording.judge("有所提高", "有所提高", opinion=lambda text: sure).sense == "direction_only"


def test_the_word_list_is_never_kept_in_a_shared_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert segment.cache_folder() == tmp_path / "kpi"
    (tmp_path / "kpi").chmod(0o777)  # others could write into it
    (tmp_path / "file").write_text("")
    for home in (tmp_path, tmp_path / "file"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(home))
        folder = segment.cache_folder()
        assert home not in folder.parents
        assert folder.stat().st_mode & 0o777 == 0o700
