"""The rows of a head about money: what was planned and spent, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import regex

from kpi.documents import Row
from kpi.schema import Quantity
from kpi.tables import vocabulary
from kpi.values import parse_value

# A source of money: 上年结转资金, 其中：中央补助, 单位资金（元）. The words stand in headers.toml.
_MAX_LABEL = 20
# A cell that tells the parts: 其中：财政拨款2800.00，居民出资450.00，合计3350.00
_TOLD = regex.compile(
    r"\s*(?:其中[:：]?\s*)?(?P<part>(?P<label>[\p{Han}（）()]{2,20})[:：为]?\s*(?P<number>\d[\d,]*+(?:\.\d++)?\s*+(?:万元|元|亿元)?)"
    r"\s*(?:[，,、；;。]\s*|$)){2,8}"
)


def read(rows: list[Row], execution: dict[str, str], further: list[tuple[str, str]], texts: dict[str, str]) -> None:
    """Fill in what head rows say of the year's execution, and the sources of money that are no labels of their own.

    The headings of execution stand over the row of the budget, or over one without a label, or each before its figure.
    Sources count from the budget's row on; a bare 其他 beside them, and parts told in one cell, go to ``texts``.
    """
    headings: dict[int, str] = {}
    width, budget = 0, False
    for row in rows:
        labels = [vocabulary.head_label(cell.text) for cell in row]
        found = {at: name for at, cell in enumerate(row) if (name := vocabulary.execution(cell.text))}
        if len(found) > 1 and not any(_number(cell.text) for at, cell in enumerate(row) if at not in found):
            headings, width = found, len(row)
        elif len(found) > 1:
            _take(execution, {_next(row, at): name for at, name in found.items()}, row)
        elif headings and ("budget" in labels or not row[0].text) and len(row) == width:
            _take(execution, headings, row)
            headings, budget = {}, True
        budget = budget or "budget" in labels
        if budget:
            further += [
                (cell.text, row[after].text)
                for at, cell in enumerate(row)
                if labels[at] is None
                and vocabulary.is_source(cell.text)
                and (after := _next(row, at)) < len(row)
                and _number(row[after].text)
            ]
            for label, number in _told(row):
                if (name := vocabulary.head_label(label)) in ("fiscal", "other"):
                    texts.setdefault(name, number)
                else:
                    further.append((label, number))
            for at, cell in enumerate(row):
                if vocabulary.is_rest(cell.text) and (after := _next(row, at)) < len(row) and _number(row[after].text):
                    texts.setdefault("other", row[after].text)


def _told(row: Row) -> Iterator[tuple[str, str]]:
    """The parts that a cell tells one after the other, without their sum."""
    for cell in row:
        if found := _TOLD.fullmatch(cell.text[:_MOST_TOLD]):
            for label, number in zip(found.captures("label"), found.captures("number"), strict=True):
                if not vocabulary.is_sum(label):
                    yield label, number


_MOST_TOLD = 200


def _next(row: Row, at: int) -> int:
    """Where the next filled cell stands, beyond the row where there is none."""
    return next((n for n in range(at + 1, len(row)) if row[n].text), len(row))


def _take(execution: dict[str, str], columns: dict[int, str], row: Row) -> None:
    for at, name in columns.items():
        if at < len(row) and _number(row[at].text):
            execution.setdefault(name, row[at].text)


def _number(text: str) -> bool:
    return bool(text) and len(text) <= _MAX_LABEL and isinstance(parse_value(text), Quantity)


def share(text: str) -> Decimal | None:
    """A rate as printed, with its sign or without: ``98.5%``, ``98.5``, ``0.985`` → 0.985."""
    value = parse_value(text)
    if not isinstance(value, Quantity):
        return None
    if value.dimension == "ratio":
        return value.base_magnitude
    return value.magnitude / 100 if value.magnitude > _MOST_AS_SHARE else value.magnitude


_MOST_AS_SHARE = Decimal(2)  # without a sign: 1.05 is a share, 98.5 are per cent
