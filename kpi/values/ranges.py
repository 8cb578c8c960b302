"""Two bounds on one number: ``10-20万元``, ``[60,80)分``, ``100±5``, ``≥15且≤20人``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import regex

from kpi.schema import Bound, Range
from kpi.values import numerals, operators, quantities, units
from kpi.values.exact import EXACT, trimmed
from kpi.values.quantities import Amount, Change, Measure
from kpi.values.readings import Reading, Surroundings

_DASH = regex.compile(r" *(?:-{1,2}|—{1,2}|~|至|到|－|(?P<joint>与|和)) *")
_BETWEEN_WORD = regex.compile(r" *之?间(?!接)")
_FLAG = regex.compile(r" *\((?:(?P<out>不含)|含)[^()]{0,8}\)")
_OPEN = regex.compile(r"(?P<bracket>[\[(]) *(?=[-\d.])")
_COMMA = regex.compile(r" *[,、;] *")
_CLOSE = regex.compile(r" *(?P<bracket>[\])])")
_PLUS_MINUS = regex.compile(r" *(?:±|\+/-|\+-|正负) *")
_TWO_SIDED = regex.compile(r"[^\n]{0,60}?(?:[±+<≤]|正负)")
_WITHIN = regex.compile(r" *(?:以内|之内|内|范围内)")


# Every form holds one of these near its beginning, or two numerals side by side; most texts hold neither.
_LIKELY = regex.compile(r"[^\n]{0,60}?(?:[-—~至到与和±+<≤\[(]|正负|[一二两三四五六七八][二两三四五六七八九])")


def read(text: str, at: int, around: Surroundings) -> Reading | None:
    """The range that starts at ``at`` in folded text, or ``None``."""
    if not _LIKELY.match(text, at):
        return None
    each = units.read_each(text, at)
    begin = each[1] if each else at
    change = quantities.read_change(text, begin)
    begin = change.end if change else begin
    found = _between(text, at, begin, around, change) or _neighbours(text, at, begin, around)
    if found and each and found.fields["per"] is None:
        return found._replace(fields={**found.fields, "per": each[0]})
    return found or _bracketed(text, at, around) or _tolerance(text, at, around)


def _between(text: str, start: int, at: int, around: Surroundings, change: Change | None) -> Reading | None:
    before = operators.read_before(text, at)
    signed = before is not None or change is not None
    if before and (before.sign or not (before.weak or before.operator in ("=", "~", ">="))):
        return None
    at = before.end if before else at
    lower = quantities.read_amount(text, at, signed=signed)
    if lower is None:
        return None
    flag = _FLAG.match(text, lower.end)
    dash = _DASH.match(text, flag.end() if flag else lower.end)
    if dash is None:
        return None
    upper = quantities.read_amount(text, dash.end())
    if upper and upper.unit and upper.unit.symbol == "间" and dash["joint"]:
        upper = upper._replace(unit=None, end=upper.end - 1)  # 100与200间 counts no rooms
    between = _BETWEEN_WORD.match(text, upper.end) if upper else None
    if dash["joint"] and not between:
        return None
    if upper is None or (upper.unit is None and lower.unit is not None and not _same_family(lower, upper)):
        return None
    closing = _FLAG.match(text, upper.end)
    end = max(upper.end, *(found.end() for found in (closing, between) if found), 0)
    if after := operators.read_after(text, end):
        end = after[1]
    includes = (not (flag and flag["out"]), _holds_upper(flag, closing))
    lower = _shared_multiplier(text, lower, upper)
    return _range(lower, upper, includes, around, start, end, written=False, change=change)


def _holds_upper(lower: regex.Match[str] | None, upper: regex.Match[str] | None) -> bool:
    """Whether the upper end is included: by its own flag, else unless the lower end alone says 含 (80%（含）–90%)."""
    if upper:
        return not upper["out"]
    return lower is None or bool(lower["out"])


_SPELT = regex.compile(r"[零一二三四五六七八九两十百千]+")
_SPELT_TO_WAN = regex.compile(r"[零一二三四五六七八九两十百千]+(?P<multiplier>[万亿]+)")


def _shared_multiplier(text: str, lower: Amount, upper: Amount) -> Amount:
    """一至二万元: the multiplier written once, in Chinese numerals, covers both ends."""
    own, last = _SPELT.fullmatch(text, lower.start, lower.end), _SPELT_TO_WAN.match(text, upper.start)
    if own is None or last is None or lower.unit is not None:
        return lower
    shared = EXACT.multiply(lower.magnitude, numerals.times(last["multiplier"]))
    return lower._replace(magnitude=shared) if shared < upper.magnitude else lower


_NEIGHBOURS = regex.compile(
    r"(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])"
    r"(?P<multiplier>[十百千万]{0,2})(?=[个次人名户场台项件天日年月周家套辆元块吨亩米份])"
)


def _neighbours(text: str, start: int, at: int, around: Surroundings) -> Reading | None:
    """三五个, 一两次, 三五百块: two digits side by side, the lower first, name a range."""
    found = _NEIGHBOURS.match(text, at)
    if found is None:
        return None
    upper = quantities.read_amount(text, found.start("high"))
    low = EXACT.multiply(numerals.chinese(found["low"]), numerals.times(found["multiplier"]))
    if upper is None or low >= upper.magnitude:
        return None
    return _range(upper._replace(magnitude=low), upper, (True, True), around, start, upper.end, written=False)


def _same_family(lower: Amount, upper: Amount) -> bool:
    return upper.unit is None and lower.unit is not None and lower.unit.symbol in ("%", "‰")


def _bracketed(text: str, at: int, around: Surroundings) -> Reading | None:
    opened = _OPEN.match(text, at)
    lower = quantities.read_amount(text, opened.end()) if opened else None
    comma = (_COMMA.match(text, lower.end) or _DASH.match(text, lower.end)) if lower else None
    upper = quantities.read_amount(text, comma.end()) if comma else None
    closed = _CLOSE.match(text, upper.end) if upper else None
    if opened is None or lower is None or upper is None or closed is None:
        return None
    if opened["bracket"] == "(" and closed["bracket"] == ")" and not (comma and comma[0].strip() == ","):
        return None  # (3、5) is an enumeration in brackets, not an open interval
    end = closed.end()
    if upper.unit is None and (unit := units.read(text, end)):
        upper = upper._replace(unit=unit.unit, multiplier=unit.multiplier, end=unit.end)
        end = unit.end
    includes = (opened["bracket"] == "[", closed["bracket"] == "]")
    return _range(lower, upper, includes, around, at, end, written=False)


def _tolerance(text: str, at: int, around: Surroundings) -> Reading | None:
    if sign := _PLUS_MINUS.match(text, at):
        width = quantities.read_amount(text, sign.end())
        if width is None:
            return None
        end = within.end() if (within := _WITHIN.match(text, width.end)) else width.end
        lower = width._replace(magnitude=-width.magnitude)
        return _range(lower, width, (True, True), around, at, end, written=False)
    if not _TWO_SIDED.match(text, at):
        return None
    centre = quantities.read_amount(text, at)
    if centre and (chained := _chained(text, at, centre, around)):
        return chained
    sign = _PLUS_MINUS.match(text, centre.end) if centre else None
    width = quantities.read_amount(text, sign.end()) if sign else None
    if centre is None or width is None:
        return None
    unit, multiplier, per = (
        (width.unit, width.multiplier, width.per) if width.unit else (centre.unit, centre.multiplier, centre.per)
    )
    if centre.unit and width.unit and centre.unit != width.unit:
        return None  # 100人±5%: a relative tolerance, which a range of one unit cannot say exactly
    around_centre = [EXACT.add(centre.magnitude, sign_ * width.magnitude) for sign_ in (Decimal(-1), Decimal(1))]
    low, high = (centre._replace(magnitude=m, unit=unit, multiplier=multiplier, per=per) for m in around_centre)
    return _range(low, high, (True, True), around, at, width.end, written=False)


_VARIABLE = regex.compile(r" *(?P<low><=|≤|<) *[A-Za-zα-ω\p{Han}]{1,8}? *(?P<high><=|≤|<) *")


def _chained(text: str, at: int, lower: Amount, around: Surroundings) -> Reading | None:
    signs = _VARIABLE.match(text, lower.end)
    upper = quantities.read_amount(text, signs.end()) if signs else None
    if signs is None or upper is None:
        return None
    includes = (signs["low"] != "<", signs["high"] != "<")
    return _range(lower, upper, includes, around, at, upper.end, written=True)


def meeting(first: Reading, second: Reading, amounts: tuple[Amount, Amount], around: Surroundings) -> Reading | None:
    """The range of two bounds that can both hold (≥15且≤20), or ``None`` where they cannot, or bound other things."""
    pairs = [(first.fields["operator"], amounts[0]), (second.fields["operator"], amounts[1])]
    low = [(o, a) for o, a in pairs if o in (">=", ">")]
    high = [(o, a) for o, a in pairs if o in ("<=", "<")]
    if len(low) != 1 or len(high) != 1 or first.fields["change"] != second.fields["change"]:
        return None
    includes = (low[0][0] == ">=", high[0][0] == "<=")
    change = first.fields["change"]
    base = first.fields["baseline"]
    return _range(
        low[0][1], high[0][1], includes, around, first.start, second.end, written=True,
        change=Change(change, base, 0) if change else None, last=amounts[1],
    )  # fmt: skip


def _range(
    lower: Amount,
    upper: Amount,
    includes: tuple[bool, bool],
    around: Surroundings,
    start: int,
    end: int,
    *,
    written: bool,
    change: Change | None = None,
    last: Amount | None = None,
) -> Reading | None:
    ends = _shared_unit(lower, upper, last or upper)
    if ends is None:
        return None
    low, high = ends
    measures = [quantities.measure(amount, around) for amount in (low, high)]
    if measures[0].dimension != measures[1].dimension or measures[0].base_unit != measures[1].base_unit:
        return None
    folded = measures[0].unit != measures[1].unit
    bounds = [_bound(a, m, i, folded) for a, m, i in zip((low, high), measures, includes, strict=True)]
    if bounds[0].base_magnitude > bounds[1].base_magnitude:
        return None
    fields: dict[str, Any] = {
        "lower": bounds[0],
        "upper": bounds[1],
        "operator_written": written,
        "unit": measures[1].base_unit if folded and measures[1].dimension != "ratio" else measures[1].unit,
        "per": measures[1].per or measures[0].per,
        "dimension": measures[1].dimension,
        "base_unit": measures[1].base_unit,
        "change": change.direction if change else None,
        "baseline": change.baseline if change else None,
    }
    notes = tuple(dict.fromkeys((*low.notes, *high.notes, *measures[0].notes, *measures[1].notes)))
    return Reading(start, end, Range, fields, notes)


def _shared_unit(lower: Amount, upper: Amount, last: Amount) -> tuple[Amount, Amount] | None:
    """A unit or multiplier written once, at the last number, covers both; one on each end covers its own."""
    if last.unit is not None:
        lower, upper = (
            a if a.unit else a._replace(unit=last.unit, per=last.per, multiplier=a.multiplier or last.multiplier)
            for a in (lower, upper)
        )
    elif last.multiplier and not lower.unit and not upper.unit:
        lower, upper = (a._replace(multiplier=a.multiplier or last.multiplier) for a in (lower, upper))
    elif (lower.unit is None) != (upper.unit is None):
        first = lower if lower.unit else upper
        lower, upper = (
            a if a.unit else a._replace(unit=first.unit, multiplier=first.multiplier) for a in (lower, upper)
        )
    return lower, upper


def _bound(amount: Amount, counted: Measure, inclusive: bool, folded: bool) -> Bound:
    scaled = EXACT.multiply(amount.magnitude, counted.scale)
    base = trimmed(EXACT.multiply(scaled, counted.factor))
    own = numerals.times(amount.multiplier) if folded and counted.dimension != "ratio" and amount.unit else Decimal(1)
    magnitude = base if folded and counted.dimension != "ratio" else EXACT.multiply(scaled, own)
    return Bound(magnitude=magnitude, base_magnitude=base, inclusive=inclusive)
