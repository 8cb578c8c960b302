"""``python -m tests.peer_cases [-v]``: the cases of two public parsers, compared by meaning (docs/peers.md).

What a case is compared as, and whether the contract covers it, is decided by tables over its text, never by the
outcome.
"""

from __future__ import annotations

import calendar
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from kpi import find_values
from kpi.schema import DateValue, Quantity, Range, Value
from tests.material import PEER_CASES

PEERS = {"jionlp": "JioNLP", "recognizers_zh": "Recognizers-Text"}
KINDS = (
    "number", "percent", "number_range", "money", "measure",
    "date", "period", "duration", "recurring", "nothing-expected",
)  # fmt: skip

_CN = "零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億兩貳陸點点"
_N = r"[\d零〇一二三四五六七八九十]"

# ------------------------------------------------------------------ what the contract does not cover: reason → text

_TIMES = {  # of an expected date or period; the first that is found in "model text" counts
    "time of day": rf"\d[:：]\d\d|{_N}\s*[点點时時]|[上中下]午|午[夜后]|晚|早上|凌晨|黎明|半夜",
    "lunar/era calendar": r"农历|腊月|正月|大年|初[一二三四五六七八九十\d]|雍正|康熙|神龙|除夕|小寒|芒种|夏天|年春$"
    r"|^time_\w+ \w月十五$",
    "relative to today": r"[去明前]年(?![半以之])|上年|[上下][上下一]|[上下]个?(?:月|周|個?週|季|世纪)|上个半年|下半周"
    r"|本[日月周季]|最近|现在|昨|今[日天]|明[日天]|前天|这个|当日|至今|过去|^\w+ [近过]|全天"
    r"|(?:年半|几十年|个[半多]*月|天|小时|分钟半?|秒钟|工作日)[以之]?[前后来内]",
    "holiday or weekday": r"(?<!号,)(?:星期|礼拜|禮拜|[周週][一二三四五六日末])|节",
    "ordinal": rf"第{_N}+(?:周|个月)",
    "bare year in prose": r"^\w+ (?:= ?)?(?:\d{2}|\d{4}|[零〇一二三四五六七八九]{2,4}) ?年?$",
}
_FOREIGN = r"美[元圆分]|日元|台币|泰铢|港元|欧元|\$"
_OWN_INTERVAL = r"[几幾数多]"  # and the peer gives two closed ends
_EXPONENT = r"\d[eE][+-]?\d|\^"
_FRACTION = r"分\s*之|/"
_ROUNDED = r"^-?(?=(?:\.?\d){15})\d+\.\d+$"  # fifteen digits: the peer's value is cut off
# A number in the midst of a text is more than a bare one where a counting word or unit follows it.
_COUNTED = r"\s*(?:[个個只双雙对對台章斤种年月日元]|小时)"
_SEVERAL_NUMERALS = rf"[{_CN}]{{2}}|打"  # 十打 is a dozen times ten: the peer has the unit inside
REASONS = (
    *_TIMES, "age", "foreign currency", "phone number", "exponent or power", "discount 折", "inexact fraction",
    "bare number in prose", "approximation with an interval of the peer's", "duration in several units",
)  # fmt: skip

# ------------------------------------------------------------------------------- how the peers write what they mean

_UNITS = {  # the peer's unit → our base unit, and how many of it; a unit of data may keep either spelling
    "Mu": ("亩", "1"), "Kilogram": ("千克", "1"), "Jin": ("千克", "0.5"), "Ton": ("千克", "1000"), "Meter": ("米", "1"),
    "Centimeter": ("米", "0.01"), "Kilometer": ("米", "1000"), "Kilobit": ("比特", "1000"), "Megabyte": ("兆字节", "1"),
    "Megahertz": ("兆赫兹", "1"), "Y": ("年", "1"), "M": ("月", "1"), "W": ("日", "7"), "D": ("日", "1"),
    "H": ("小时", "1"), "year": ("年", "1"), "month": ("月", "1"), "day": ("日", "1"), "workday": ("工作日", "1"),
    "hour": ("小时", "1"), "minute": ("分钟", "1"), "second": ("秒", "1"),
}  # fmt: skip
_SAME_UNIT = {"MB": ("兆字节", "1"), "MHz": ("兆赫兹", "1"), "周": ("日", "7")}
_WRITTEN_YEAR = r"\d{4}|\d\d\s*年|[零〇一二三四五六七八九]{2,4}\s*年|千年|世纪|\d+[-/]\d+[-/]\d"
_A_TO_B = r"[到至~—–-]|年和|月和|之后.+之前"
_CLOSING = r"[底末终]"
# Words that belong to a value for one side only: operators, directions, 日均.
_LEAD = re.compile(
    r"(?:从|自|于|在|截止到?|(?:大?约|大概)有?|近|超过?|突破|至少有?|最多为?|不[高低大小多少]于|[大小等多少高低]于|[减增][少加收]了?"
    r"|[上下][升降]了?|[日月年]均|[<>=≤≥¥￥ ])*"
)
_MULTIPLIER = re.compile(r"[十百千万亿]+(?![分克瓦米伏])")
_TEN_TO = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


class Amount(NamedTuple):
    """Two bounds, equal where one number is meant; without ``unit`` the peer reads the number alone."""

    lower: Decimal | None
    upper: Decimal | None
    unit: str | None = None


class Dates(NamedTuple):
    """Inclusive days, ``XXXX`` for a year not written; what is ``None`` is not compared."""

    start: str | None
    end: str | None
    operator: str | None = None
    recurs: str | None = None


class Place(NamedTuple):
    """The peer gives no meaning, only the place: ours must have the same, and be of this type."""

    model: type[Quantity] | type[DateValue]


class Item(NamedTuple):
    """One expected thing of a case; ``want`` is ``None`` where nothing is expected."""

    peer: str
    model: str
    text: str
    said: str
    at: int
    kind: str
    reason: str | None
    want: Amount | Dates | Place | None


# ------------------------------------------------------------------------------------------------------- classifying


def items(folder: Path = PEER_CASES) -> Iterator[Item]:
    """Every expected item of every case, classified."""
    for stem, peer in PEERS.items():
        for line in (folder / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines():
            yield from _items(peer, json.loads(line))


def _items(peer: str, case: dict[str, Any]) -> Iterator[Item]:
    model, text, at = case["model"], case["input"], 0
    if not case["expected"]:
        yield Item(peer, model, text, "", 0, "nothing-expected", None, None)
    for expected in case["expected"]:
        said, resolution = expected["text"], expected["resolution"]
        begin = _even(text).index(_even(said), at)
        at = begin + len(said)
        kind = _kind(expected["type"], said, resolution)
        reason = _reason(kind, model, text, said, at, resolution)
        want = None if reason else _want(kind, said, resolution)
        yield Item(peer, model, text, said, begin, kind, reason, want)


def _even(text: str) -> str:
    """The peers print full-width forms half-width and letters small."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text).lower()


def _kind(type_: str, said: str, resolution: dict[str, Any] | None) -> str:
    match type_.removeprefix("datetimeV2."):
        case "money" | "currency":  # JioNLP takes every number for 元
            return "money" if re.search(rf"[元块毛¥￥]|{_FOREIGN}", said) else "number"
        case "number":
            return "number"
        case "percentage":
            return "percent"
        case "numberrange":
            return "number_range"
        case "dimension":
            return "measure"
        case "duration" | "time_delta":
            return "duration"
        case "time_period":
            return "recurring"
        case "time_point" | "time_span" if resolution:
            return "date" if resolution["time"][0][:10] == resolution["time"][1][:10] else "period"
        case "time_point" | "time_span":
            return "date" if re.search(r"日|号|月\d|\d{8}", said) else "period"
        case "date":
            return "date"
        case "daterange":
            return "date" if re.fullmatch(r"\d{4}-\d\d-\d\d", _timex(resolution)) else "period"
    raise ValueError(type_)


def _reason(kind: str, model: str, text: str, said: str, end: int, resolution: Any) -> str | None:
    if kind in ("date", "period", "recurring"):
        return next((reason for reason, words in _TIMES.items() if re.search(words, f"{model} {said}")), None)
    after, value = text[end:], str((resolution or {}).get("value", ""))
    whole = _even(text).strip() == _even(said).strip()
    bare = kind == "number" and not (
        whole or re.search(_FRACTION, said) or re.search(_SEVERAL_NUMERALS, said) or re.match(_COUNTED, after)
    )
    several = kind == "duration" and len(_spans(resolution)[0]) > 1
    own_interval = isinstance((resolution or {}).get("num"), list) and re.search(_OWN_INTERVAL, said)
    found = {
        "foreign currency": kind == "money" and re.search(_FOREIGN, said),
        "discount 折": kind == "percent" and "折" in said,
        "age": re.search(r"岁", said),
        "phone number": re.fullmatch(r"1\d{10}", said),
        "exponent or power": re.search(_EXPONENT, said),
        "inexact fraction": kind == "number" and re.search(_FRACTION, said) and re.search(_ROUNDED, value),
        "approximation with an interval of the peer's": own_interval,
        "duration in several units": several,
        "time of day": bare and re.search(r"\d$", said) and re.match(r"[点點时時]", after),
        "bare number in prose": bare,
    }
    return next((reason for reason, holds in found.items() if holds), None)


# --------------------------------------------------------------------------------------------- what the peers expect


def _want(kind: str, said: str, resolution: Any) -> Amount | Dates | Place:
    if resolution is None:
        return Place(Quantity if kind == "money" else DateValue)
    match kind:
        case "number" | "percent" | "measure":
            value = resolution.get("value") or resolution["num"]
            if kind == "percent":
                return _exactly(Decimal(str(value).rstrip("%")) / 100, "1")
            return _exactly(Decimal(str(value)), resolution.get("unit") if kind == "measure" else None)
        case "number_range":
            lower, upper = (Decimal(end) if end else None for end in resolution["value"][1:-1].split(","))
            return Amount(lower, upper)
        case "money":
            numbers = resolution.get("num", resolution.get("value"))
            ends = numbers if isinstance(numbers, list) else [numbers, numbers]
            return Amount(Decimal(str(ends[0])), Decimal(str(ends[1])), "元")
        case "duration":
            ends = [_exactly(Decimal(str(n)), unit) for span in _spans(resolution) for unit, n in span.items()]
            open_ended = len(_spans(resolution)) > len(ends)
            return Amount(ends[0].lower, None if open_ended else ends[-1].upper, ends[0].unit)
        case "recurring":
            ((unit, n),) = resolution["time"]["delta"].items()
            point = resolution["time"]["point"]
            days = _days(point["time"], said) if point else Dates(None, None)
            return days._replace(recurs=unit if n == 1 else f"{n} {unit}")
    if "time" in resolution:
        return _days(resolution["time"], said, day=kind == "date")
    return _of_timex(resolution, said, day=kind == "date")


def _exactly(number: Decimal, unit: str | None) -> Amount:
    base, factor = _UNITS.get(unit or "", (unit, "1"))
    return Amount(number * Decimal(factor), number * Decimal(factor), base)


def _spans(resolution: dict[str, Any]) -> list[dict[str, Any]]:
    """The ends of a duration, each unit → number; an end that is open is left empty."""
    if "time" in resolution:
        time = resolution["time"]
        return [
            {u: n for u, n in end.items() if u != "infinite"} for end in (time if isinstance(time, list) else [time])
        ]
    return [{unit: n for n, unit in re.findall(r"([\d.]+)([A-Z])", _timex(resolution))}]


def _timex(resolution: Any) -> str:
    return str(resolution["Timex"] if "Timex" in resolution else resolution["values"][0]["timex"])


def _days(ends: list[str], said: str, *, day: bool = False) -> Dates:
    start, end = (_masked(moment[:10], said) for moment in ends)
    return Dates(None if day or re.search(_CLOSING, said) else start, end)


def _masked(day: str, said: str) -> str:
    return day if re.search(_WRITTEN_YEAR, said) else f"XXXX{day[4:]}"


def _of_timex(resolution: Any, said: str, *, day: bool) -> Dates:
    timex, mod = _timex(resolution), resolution.get("values", [{}])[0].get("Mod")
    if timex.startswith("("):
        first, last, length = timex[1:-1].split(",")
        start = first
        if re.search(_A_TO_B, said):  # the peer ends with the first day of what is named; the contract with its last
            _, end = _stretch(last[: {"Y": 4, "M": 7}.get(length[-1], 10)])
        else:
            end = (date.fromisoformat(last) - timedelta(days=1)).isoformat()
    else:
        start, end = _stretch(timex)
    start, end = _masked(start, said), _masked(end, said)
    if mod in ("before", "until"):
        return Dates(None, end, "<=")
    if mod in ("after", "since"):
        return Dates(start, None, ">=")
    return Dates(None if day else start, end)


def _stretch(named: str) -> tuple[str, str]:
    """First and last day of a year, month or day."""
    year, month, day = [*named.split("-"), "", ""][:3]
    if day or year == month == "XX":
        return named, named
    last = calendar.monthrange(2001 if year == "XXXX" else int(year), int(month or 12))[1]
    return f"{year}-{month or '01'}-01", f"{year}-{month or '12'}-{last}"


# --------------------------------------------------------------------------------------------------------- comparing


@cache
def found(text: str) -> tuple[Value, ...]:
    """Our reading of one input."""
    return tuple(find_values(text))


def right(item: Item) -> bool:
    """Whether ``find_values`` reads what the peer's case expects, at its place."""
    if (
        item.kind == "nothing-expected"
    ):  # of the kind that the peer's model looks for: a time parser says nothing of money
        return not any(_looked_for(item.model, value) for value in found(item.text))
    return any(_same_place(item, value) and _same(item, value) for value in found(item.text))


def _looked_for(model: str, value: Value) -> bool:
    """Whether a value is of the kind that the peer's model finds at all."""
    if model.startswith(("time", "Date", "Duration")):
        return isinstance(value, DateValue) or getattr(value, "dimension", None) == "duration"
    wanted = {"money_parser": "money", "money_extractor": "money", "CurrencyModel": "money", "PercentModel": "ratio"}
    return model not in wanted or getattr(value, "dimension", None) == wanted[model]


def _same_place(item: Item, value: Value) -> bool:
    if item.kind == "number" and isinstance(value, DateValue):  # 1991 of 1991年1月16日
        return value.span[0] <= item.at < value.span[1]
    first, second = sorted((item.at, value.span[0]))
    return _LEAD.fullmatch(item.text[first:second]) is not None


def _same(item: Item, value: Value) -> bool:
    match item.want, value:
        case Place(model), Quantity() | DateValue():
            return isinstance(value, model) and value.span == (item.at, item.at + len(item.said))
        case Amount(), Quantity() | Range():
            return any(_same_amount(item.want, value, alone=alone) for alone in (item.want.unit is None, False))
        case Amount(lower=number), DateValue(end=str(end)):
            return item.want.unit is None and number in [Decimal(part) for part in end.split("-") if part.isdigit()]
        case Dates(start, end, operator, recurs), DateValue():
            return (
                start in (None, value.start)
                and end in (None, value.end)
                and operator in (None, value.operator)
                and recurs == value.recurs
            )
    return False


def _same_amount(want: Amount, value: Quantity | Range, *, alone: bool) -> bool:
    base, factor = _SAME_UNIT.get(value.base_unit or "", (value.base_unit, "1"))
    times = Decimal(factor)
    if alone:  # the number before its unit, multipliers folded: 10 of 十斤
        multiplier = _MULTIPLIER.match(value.unit or "")
        times = Decimal(prod(_TEN_TO[c] for c in multiplier[0]) if multiplier else 1)
    elif want.unit not in (None, base):
        return False
    ends = (value.lower, value.upper) if isinstance(value, Range) else (value, value)
    lower, upper = ((end.magnitude if alone else end.base_magnitude) * times for end in ends)
    if isinstance(value, Range) or want.lower == want.upper:
        return (want.lower, want.upper) == (lower, upper)
    return {">": (lower, None), "<": (None, upper)}.get(value.operator[0]) == (want.lower, want.upper)


# ---------------------------------------------------------------------------------------------------------- printing


class Row(NamedTuple):
    """How many items of a kind the contract covers, and how many of them are read as the peer's case says."""

    peer: str
    kind: str
    covered: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.covered


def table(classified: list[Item]) -> list[Row]:
    """One row a peer and kind, then one a peer, then all."""
    covered = [item for item in classified if item.reason is None]
    groups = [(peer, kind) for peer in PEERS.values() for kind in KINDS]
    groups += [*((peer, "all") for peer in PEERS.values()), ("both", "all")]
    rows = []
    for peer, kind in groups:
        group = [i for i in covered if peer in (i.peer, "both") and kind in (i.kind, "all")]
        if group:
            rows.append(Row(peer, kind, len(group), sum(map(right, group))))
    return rows


def left_out(classified: list[Item]) -> Counter[tuple[str, str]]:
    """How many items are left out, by reason and peer."""
    return Counter((item.reason, item.peer) for item in classified if item.reason)


def _shown(value: Value) -> str:
    dropped = {"notes", "span", "label", "kind", "operator_written", "year_written", "dimension"}
    return " ".join(f"{key}={field}" for key, field in value.model_dump(mode="json", exclude=dropped).items() if field)


def main(arguments: list[str]) -> None:
    classified = list(items())
    print("| peer | kind | covered | right | share |\n|---|---|--:|--:|--:|")
    for row in table(classified):
        print(f"| {row.peer} | {row.kind} | {row.covered} | {row.right} | {row.share:.1%} |")
    reasons = left_out(classified)
    print(f"\n| left out: {reasons.total()} of {len(classified)} items | {' | '.join(PEERS.values())} |\n|---|--:|--:|")
    for reason in REASONS:
        print(f"| {reason} | {' | '.join(str(reasons[reason, peer]) for peer in PEERS.values())} |")
    if "-v" in arguments:
        for item in classified:
            if item.reason is None and not right(item):
                print(f"\n{item.peer} {item.model} {item.kind}: {item.text}\n  expected {item.said!r} {item.want}")
                print("  got      " + ("; ".join(map(_shown, found(item.text))) or "nothing"))


if __name__ == "__main__":
    main(sys.argv[1:])
