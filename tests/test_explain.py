"""What readers are told in Chinese: places in every kind of document, and a word for every note."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from kpi import explain
from kpi.schema import Location, Note


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (None, ""),
        (Location(), ""),
        (Location(line=85, table=2, row=3, column=4, start=10, end=12), "第85行"),
        (Location(sheet="自评表", table=1, row=12, column=5), "工作表“自评表”E12"),
        (Location(sheet="一", row=3, column=28), "工作表“一”AB3"),
        (Location(sheet="一", row=3, column=26), "工作表“一”Z3"),
        (Location(page=3, table=2, row=5, column=4), "第3页第2个表第5行"),
        (Location(table=2, row=5, column=4), "第2个表第5行"),
        (Location(page=3), "第3页"),
    ],
)
def test_a_place(location: Location | None, said: str) -> None:
    assert explain.place(location) == said


def test_every_note_has_its_words() -> None:
    assert explain.NOTES.keys() == set(get_args(Note))


@pytest.mark.parametrize(
    ("share", "printed"),
    [(None, "—"), ("0", "0.0%"), ("1", "100.0%"), ("0.7385", "73.9%"), ("0.738461538", "73.9%"), ("0.7384", "73.8%")],
)
def test_shares_are_printed_as_a_cell_of_excel_shows_them(share: str | None, printed: str) -> None:
    assert explain.percent(None if share is None else Decimal(share)) == printed
