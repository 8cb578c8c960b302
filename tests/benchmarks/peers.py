"""Public parsers on the same strings, each called as its own documentation says."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def peers() -> dict[str, Callable[[str], Any]]:
    """The peers that are installed: name → a call that reads one string."""
    found: dict[str, Callable[[str], Any]] = {}
    for name, make in (("JioNLP", _jionlp), ("Recognizers-Text", _recognizers)):
        try:
            found[name] = make()
        except ImportError:
            continue
    return found


def _jionlp() -> Callable[[str], Any]:
    """parse_money, and parse_time where that refuses: the two that read values; each raises on what it is not for."""
    jionlp = import_module("jionlp")

    def read(text: str) -> Any:
        for parse in (jionlp.parse_money, jionlp.parse_time):
            try:
                if (result := parse(text)) is not None:
                    return result
            except Exception:
                continue
        return None

    return read


def _recognizers() -> Callable[[str], Any]:
    """All five recognisers: it takes them together to cover what an indicator value may hold."""
    numbers = import_module("recognizers_number")
    units = import_module("recognizers_number_with_unit")
    dates = import_module("recognizers_date_time")
    chinese = numbers.Culture.Chinese
    recognise = (
        numbers.recognize_number,
        numbers.recognize_percentage,
        units.recognize_currency,
        units.recognize_dimension,
        dates.recognize_datetime,
    )

    def read(text: str) -> Any:
        results = []
        for one in recognise:
            try:
                results.append(one(text, chinese))
            except Exception:
                continue
        return results

    return read
