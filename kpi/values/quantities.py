"""One number with its operator, unit, rate and change: ``≥90%``, ``不超过26万元``, ``较上年提高5个百分点``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, NamedTuple

import regex

from kpi.schema import Dimension, Note, Operator, Quantity
from kpi.values import numerals, operators, units
from kpi.values.exact import EXACT, trimmed
from kpi.values.fold import after_spaces
from kpi.values.readings import Reading, Surroundings
from kpi.values.units import Unit, Written

_PROPORTION = regex.compile(r"\d+(?:\.\d+)? *: *\d+")  # 1:50 is neither one number nor two
_UNIT_AND_MORE = regex.compile(r"个[多余](?=月|小时|学期|钟头|季度)")
_UNIT_AND_A_HALF = regex.compile(r"个半(?=月|小时|学期|钟头|季度)")
_TENTHS_OF_YUAN = regex.compile(r"(?P<n>[一二三四五六七八九\d])[角毛](?!\p{Han}*票)")
_AMONG = regex.compile(r" */ *(?P<per>\d+[十百千万]+)")
_AND_A_HALF = regex.compile(r"半(?![年月天日小径数成])")
_MINUS = regex.compile(r"- *(?=[\d.])")
_MORE = regex.compile(r"[余多](?=[\p{Han}%])")


class Amount(NamedTuple):
    """A number with what is written behind it; ``unit`` is null where nothing is."""

    magnitude: Decimal
    multiplier: str
    unit: Unit | None
    per: str | None
    start: int
    end: int
    notes: tuple[Note, ...] = ()
    more: bool = False


class Measure(NamedTuple):
    """The unit side of a quantity or a range, with the factor from its magnitude to the base unit."""

    scale: Decimal
    factor: Decimal
    unit: str | None
    per: str | None
    dimension: Dimension
    base_unit: str | None
    notes: tuple[Note, ...]


def read_amount(text: str, at: int, *, signed: bool = False) -> Amount | None:
    """A number at ``at`` with its unit and rate. ``signed``: a ``-`` there can only be a minus (增长-5%)."""
    if _PROPORTION.match(text, at):
        return None
    if signed and (minus := _MINUS.match(text, at)):
        amount = read_amount(text, minus.end())
        return amount._replace(magnitude=-amount.magnitude, start=at) if amount else None
    number, currency = numerals.read(text, at), None
    if number is None and (currency := units.read_currency(text, at)):
        number = numerals.read(text, currency.end)
    if number is None:
        return None
    end, more = number.end, False
    if found := _MORE.match(text, end):
        end, more = found.end(), True
        if number.chinese and (scale := numerals.multiplier(text, end)):  # 一千多万
            number = number._replace(magnitude=EXACT.multiply(number.magnitude, numerals.times(scale)))
            end += len(scale)
    elif found := _UNIT_AND_A_HALF.match(text, end):  # 两个半月
        number, end = number._replace(magnitude=EXACT.add(number.magnitude, Decimal("0.5"))), found.end()
    elif found := _UNIT_AND_MORE.match(text, end):  # 17个多月
        end, more = found.end(), True
    if number.unit:
        return Amount(number.magnitude, "", units.registry().names[number.unit], None, at, end, number.notes, more)
    unit = units.read(text, end)
    if unit is not None and unit.typo and number.chinese:
        unit = None  # 三明, 一佳: Chinese numerals stand in too many words
    if unit is not None and number.chinese:
        unit = unit._replace(unit=units.registry().spoken.get(unit.unit.symbol, unit.unit))
    if unit is None and currency:
        scale = numerals.multiplier(text, end)
        return Amount(number.magnitude, scale, currency.unit, None, at, end + len(scale), number.notes, more)
    if unit is None:
        end = end if number.chinese else after_spaces(text, end)
        multiplier = "" if number.chinese else numerals.multiplier(text, end)
        end = end + len(multiplier) if multiplier else number.end + more
        among = _AMONG.match(text, end)  # 16/10万
        per, end = (among["per"], among.end()) if among else (None, end)
        return Amount(number.magnitude, multiplier, None, per, at, end, number.notes, more)
    if not unit.multiplier and (half := _AND_A_HALF.match(text, unit.end)):  # 一年半
        number = number._replace(magnitude=EXACT.add(number.magnitude, Decimal("0.5")))
        unit = unit._replace(end=half.end())
    if unit.unit.symbol == "元" and not unit.multiplier and (tenths := _TENTHS_OF_YUAN.match(text, unit.end)):
        digit = int(tenths["n"]) if tenths["n"].isdigit() else numerals.DIGITS[tenths["n"]]
        number = number._replace(magnitude=EXACT.add(number.magnitude, Decimal(digit).scaleb(-1)))
        unit = unit._replace(end=tenths.end())
    per = units.read_per(text, unit.end)
    notes: tuple[Note, ...] = (*number.notes, "unit_typo") if unit.typo else number.notes
    if not more and (found := _MORE.match(text, unit.end)) and unit.multiplier:
        more = True
    return Amount(
        number.magnitude, unit.multiplier, unit.unit, per[0] if per else None,
        at, per[1] if per else unit.end, notes, more,
    )  # fmt: skip


def measure(amount: Amount, around: Surroundings) -> Measure:
    """What the magnitude of ``amount`` counts, with a unit from outside where the value prints none."""
    if amount.unit is None:
        return _inherited(amount, around) if around.unit else _bare(amount)
    notes: list[Note] = []
    if any(outside and _disagree(amount, outside) for outside in (around.column_unit, around.name_unit)):
        notes.append("unit_conflict")
    per = amount.per
    if per is None and around.unit and around.unit.unit == amount.unit:
        per = around.unit.per
    return _measured(amount.unit, amount.multiplier, per, tuple(notes))


def _disagree(amount: Amount, outside: Written) -> bool:
    assert amount.unit is not None
    if outside.unit.bare or amount.unit.bare:
        return outside.unit.dimension != amount.unit.dimension
    return (outside.unit.symbol, outside.multiplier) != (amount.unit.symbol, amount.multiplier)


def _bare(amount: Amount) -> Measure:
    times = numerals.times(amount.multiplier)
    return Measure(times, Decimal(1), None, amount.per, "number", None, ())


def _inherited(amount: Amount, around: Surroundings) -> Measure:
    written = around.unit
    assert written is not None
    notes: list[Note] = ["unit_inherited", "unit_typo"] if written.typo else ["unit_inherited"]
    if set(written.unit.symbol) <= numerals.MULTIPLIERS.keys():  # a column 万 says how many, not of what
        return _bare(amount if amount.multiplier else amount._replace(multiplier=written.unit.symbol))
    if written.unit.bare and amount.magnitude > 1:
        return _bare(amount)  # 95 under a column 比例 is no fraction, and nothing says that it is a percentage
    if around.column_unit and around.name_unit and around.column_unit != around.name_unit:
        notes.append("unit_conflict")
    return _measured(written.unit, amount.multiplier or written.multiplier, written.per, tuple(notes))


def _measured(unit: Unit, multiplier: str, per: str | None, notes: tuple[Note, ...]) -> Measure:
    if unit.bare:
        return Measure(Decimal(1), Decimal(1), None, per, unit.dimension, unit.base, notes)
    factor = EXACT.multiply(numerals.times(multiplier), unit.factor)
    return Measure(Decimal(1), factor, multiplier + unit.symbol, per, unit.dimension, unit.base, notes)


class Change(NamedTuple):
    """较上年提高: the direction, the baseline (null where none is printed) and where the words end.

    ``before`` is an operator that stands between baseline and direction: 较上年至少提高.
    """

    direction: Literal["increase", "decrease"]
    baseline: str | None
    end: int
    before: operators.Before | None = None


def read_change(text: str, at: int) -> Change | None:
    """``较上年提高``, ``同比下降``, ``增长`` in front of a number at ``at``."""
    known = operators.vocabulary()
    found = known.change_pattern.match(text, at)
    if found is None:
        return None
    base = found["base"]
    baseline = known.baselines.get(base, base) if base else known.same.get(found["same"])
    early = operators.read_before(found["early"], 0) if found["early"] else None
    return Change(known.changes[found["word"]], baseline, found.end(), early)


# Operator words that may stand before a verb and its object: 至少完成调研报告2篇.
_FAR = regex.compile(r"至少|最少|最多|至多|不(?:少|低|高|多)于|不超过")
# Words that may stand between a rate and its number: 每人每月发放补助不低于150元.
_BETWEEN = regex.compile(r"[\p{Han}:]{0,12}?(?=[\d><=≥≤~]|不|至少|约|达|超)")


# A noun between the number and its operator word: 70个社区以上.
_NOUN = regex.compile(r"\p{Han}{1,6}?(?=及?以上|及?以下|以内|之内|左右|上下)")


def read(text: str, at: int, around: Surroundings) -> Reading | None:
    """The quantity that starts at ``at`` in folded text, or ``None``."""
    start = at
    each = units.read_each(text, at)
    at = each[1] if each else at
    change = read_change(text, at)
    at = change.end if change else at
    sign_at = at
    before = operators.read_before(text, at)
    at = before.end if before else at
    if before is None and change:
        before = change.before
    amount = read_amount(text, at, signed=before is not None or change is not None)
    if amount is None and (each or _FAR.fullmatch(text, sign_at, at)) and (between := _BETWEEN.match(text, at)):
        before = operators.read_before(text, between.end()) or before
        amount = read_amount(text, before.end if before and before.end > between.end() else between.end())
    if amount is None:
        return None
    after = operators.read_after(text, amount.end)
    if after is None and (noun := _NOUN.match(text, amount.end)):
        after = operators.read_after(text, noun.end())
    return quantity(
        amount, around, start, after[1] if after else amount.end,
        before=before, after=after[0] if after else None, change=change, per=each[0] if each else None,
    )  # fmt: skip


def decide(
    before: operators.Before | None, after: Operator | None, more: bool = False
) -> tuple[Operator, bool, tuple[Note, ...]]:
    """One operator out of what stands before and after the number; what stands before is the author's first word."""
    if before is None:
        operator = after or (">" if more else "=")
        return operator, after is not None or more, ()
    if after is None or after == before.operator:
        return before.operator, True, ()
    if before.weak:
        return after, True, ()
    if before.operator == "~" or (before.operator in ("=", ">") and after == ">=") or after == "~":
        return after if before.operator in ("~", "=") else before.operator, True, ()
    if before.operator == "<" and after == "<=":
        return "<", True, ()
    return before.operator, True, ("operator_conflict",)


def _both(before: str | None, after: str | None) -> str | None:
    """One rate of what stands before the number and after its unit: 人均≤450元/天 is per 人·日."""
    if before in ("人", "户") and after and before not in after.split("·"):
        return f"{before}·{after}"
    return after or before


def quantity(
    amount: Amount,
    around: Surroundings,
    start: int,
    end: int,
    *,
    before: operators.Before | None = None,
    after: Operator | None = None,
    change: Change | None = None,
    per: str | None = None,
) -> Reading:
    """The reading of one amount with the operators, the change and the rate found around it."""
    operator, written, notes = decide(before, after, amount.more)
    counted = measure(amount, around)
    fields: dict[str, Any] = {
        "operator": operator,
        "operator_written": written,
        "magnitude": EXACT.multiply(amount.magnitude, counted.scale),
        "unit": counted.unit,
        "per": _both(per, counted.per),
        "dimension": counted.dimension,
        "base_magnitude": trimmed(EXACT.multiply(EXACT.multiply(amount.magnitude, counted.scale), counted.factor)),
        "base_unit": counted.base_unit,
        "change": change.direction if change else None,
        "baseline": change.baseline if change else None,
    }
    return Reading(start, end, Quantity, fields, (*amount.notes, *counted.notes, *notes))
