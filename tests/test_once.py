"""What is found out once about an object: kept by identity, and only as long as the object lives."""

import gc

from kpi import extract
from kpi.rules.once import once
from kpi.schema import Extraction


def test_an_object_is_asked_once_and_its_equal_for_itself() -> None:
    asked: list[int] = []

    @once
    def find(extraction: Extraction) -> int:
        asked.append(id(extraction))
        return len(asked)

    one = extract("数量指标：培训场次≥12场")
    other = one.model_copy()
    assert one == other
    assert [find(one), find(one), find(other), find(one)] == [1, 1, 2, 1]
    assert asked == [id(one), id(other)]


def test_what_is_kept_goes_with_the_object() -> None:
    asked: list[str] = []

    @once
    def find(extraction: Extraction) -> str:
        asked.append(extraction.source.sha256)
        return extraction.source.sha256

    for number in range(50):  # ids of those that are gone come back
        read = extract(f"数量指标：培训场次≥{number}场")
        assert find(read) == read.source.sha256
        del read
        gc.collect()
    assert len(set(asked)) == 50
