"""The templates of the report and of the forms, and how what they print is written."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpi import explain
from kpi.schema import Money, plain
from kpi.scorecard.text import clean
from kpi.scoring import BY_HAND

# A text is printed up to here.
MAX_TEXT = 2_000


def environment() -> Environment:
    """The templates; what they print is escaped, without what cannot be shown and, where it is very long, cut."""
    found = Environment(
        loader=PackageLoader("kpi.scorecard"), autoescape=True, finalize=_printable, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    found.filters.update(percent=explain.percent, money=_money, number=plain)
    found.globals.update(severities=explain.SEVERITIES, certainties=explain.CERTAINTIES, by_hand=BY_HAND)
    return found


def _printable(value: object) -> object:
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    return clean(value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}……（文字过长，此处略）")


def _money(money: Money | None) -> str:
    return "" if money is None else f"{plain(money.magnitude)}{money.unit}"
