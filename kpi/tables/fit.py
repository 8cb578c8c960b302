"""How well a text suits a column: the evidence by which cells are told apart once empty ones have vanished.

All figures are log odds in spirit: above 0 speaks for the column, below against it. They weigh against each other and
mean nothing by themselves.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import regex

from kpi.schema import Compound, Empty, Qualitative, Quantity, YesNo
from kpi.tables import vocabulary
from kpi.values import operators, parse_value, units
from kpi.values.fold import fold

Kind = Literal[
    "tier",
    "heading",
    "number",
    "figure",
    "told",
    "empty",
    "operator",
    "unit",
    "nature",
    "standard",
    "verdict",
    "rule",
    "account",
    "wording",
    "words",
]
# How points are given (完成得满分，每少一次扣1分), and what an indicator stands for (反映项目完成数量的情况).
_RULE = regex.compile(
    r"(?:酌情|按比例|相应|不)(?:扣分|得分|扣减)|[得扣](?:满|\d{1,3}(?:\.\d+)?|[一二两三四五])分|扣完为止|不扣分"
)
_ACCOUNT = regex.compile(
    r"(?:主要|用于|用以)?(?:反映|考核|衡量|考察)\p{Han}[^。]{2,}(?:情况|程度|水平|效果|质量)[。.]?"
)
_TIER_LIKE = regex.compile(r"[\p{Han}/（）()、]{2,14}(?:指标|目标)")
_DIGIT = regex.compile(r"[\d零〇一二三四五六七八九十百千万两半]")
_NUMBER = regex.compile(r"\d{1,3}(?:\.\d{1,4})?分?")
_MAY_BE_POINTS = regex.compile(r"[6-9]\d|100")  # of one row; those of most rows are fewer
_MOST_READ = 80  # characters of a text that are read as a value; a longer one is prose


class Sort(NamedTuple):
    """What a text looks like. ``first`` and ``second``: it names a tier; ``told``: prose that holds a value."""

    kind: Kind
    first: bool = False
    second: bool = False
    length: int = 0
    points: bool = False  # a number that may well be the points of one row
    several: bool = False  # several values


@lru_cache(maxsize=50_000)
def is_tier(text: str) -> bool:
    """Whether ``text`` names a tier: what ``sort_of`` asks first, for those who need no more."""
    return vocabulary.tier1(text) is not None or vocabulary.tier2(text) is not None


@lru_cache(maxsize=50_000)
def sort_of(text: str) -> Sort:
    """What ``text`` looks like."""
    first, second = vocabulary.tier1(text) is not None, vocabulary.tier2(text) is not None
    length = len(text)
    if first or second:
        return Sort("tier", first, second, length)
    if vocabulary.nature(text):
        return Sort("nature", length=length)
    folded = fold(text).strip()
    if operators.is_operator(text):
        return Sort("operator", length=length)
    if _NUMBER.fullmatch(folded):
        return Sort("number", length=length, points=Decimal(folded.removesuffix("分")) <= 60)
    if length <= _LONGEST_UNIT and units.whole(folded) is not None:
        return Sort("unit", length=length)
    if vocabulary.column_claims(text):
        return Sort("heading", length=length)
    kind = _kind_of_value(text)
    return Sort(kind, length=length, several=kind in ("figure", "told") and isinstance(parse_value(text), Compound))


_LONGEST_UNIT = 8
_SHORT_FIGURE = 14
_LEAST_LABEL = 1  # characters before a figure that make it prose: 围墙300米


def _kind_of_value(text: str) -> Kind:
    if kind := _printed_words().get(text):
        return kind
    if _RULE.search(text):
        return "rule"
    if _ACCOUNT.fullmatch(text):
        return "account"
    if len(text) > _MOST_READ:
        return "words"
    if not _DIGIT.search(text) and len(text) > 12:
        return "words"
    value = parse_value(text)
    if isinstance(value, Empty):
        return "empty"
    if isinstance(value, YesNo):
        return "wording"
    if isinstance(value, Qualitative):
        return "wording" if value.sense not in ("other", "task", "restatement") or text.startswith("已") else "words"
    if isinstance(value, Compound):
        return "told" if _letters(text) > 6 else "figure"
    if isinstance(value, Quantity) and value.unit is None and not value.operator_written and text.isdecimal():
        return "number"
    if isinstance(value, Quantity) and ((value.unit is None and _letters(text) > 2) or value.span[0] > _LEAST_LABEL):
        return "told"
    return "told" if (_letters(text) > 6 and len(text) > _SHORT_FIGURE - 4) or _letters(text) > 9 else "figure"


_HAN = regex.compile(r"[\p{Han}]")


def _letters(text: str) -> int:
    return len(_HAN.findall(text))


@cache
def _printed_words() -> dict[str, Kind]:
    """The answers and sources that the official systems print, from ``fits.toml``."""
    words: dict[Kind, list[str]] = vocabulary.load("fits.toml")["words"]
    return {word: kind for kind, listed in words.items() for word in listed}


_ALIKE = {"explanation": "basis", "score_rule": "basis"}  # columns whose texts look much the same


@cache
def _tables() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Column → fit by kind, and column → cost of an empty cell, from ``fits.toml``."""
    loaded = vocabulary.load("fits.toml")
    fits = loaded["fits"]
    return fits | {field: fits[like] | fits[field] for field, like in _ALIKE.items()}, loaded["skips"]


def skip(field: str) -> float:
    """What it costs a row to have no cell in the column of ``field``."""
    skips = _tables()[1]
    return skips.get(field, skips["other"])


def fit(field: str, text: str) -> float:
    """How well ``text`` stands in the column of ``field``."""
    what = sort_of(text)
    if field == "tier1":
        if what.first:
            return 5.0 if what.second else 6.0
        return -3.0 if what.kind == "words" and what.length <= 6 else -9.0
    if field == "tier2":
        if what.second:
            return 4.5 if what.first else 6.0
        if what.kind in ("words", "wording") and _TIER_LIKE.fullmatch(text):
            return 1.0
        return -4.0 if what.kind == "words" and what.length <= 6 else -9.0
    if what.kind == "number" and field in ("weight", "score") and not what.points:
        return 0.5 if _MAY_BE_POINTS.fullmatch(text) else -6.0
    tables = _tables()[0]
    fits = tables.get(field, tables["other"])
    found = fits.get(what.kind, fits["other"])
    if what.several and what.kind == "told":
        return found + (0.8 if field in ("value", "actual") else -1.0)
    if field == "name" and what.length < 4 and what.kind in ("words", "wording"):
        return found - (1.0 if what.kind == "words" else 2.5)
    if (
        field in ("name", "description")
        and what.kind == "tier"
        and what.length > 3
        and not text.endswith(("指标", "目标"))
    ):
        return 0.5  # 社会满意度 and 项目成本 are names as well
    return found


def starts_tier(text: str) -> bool:
    """Whether a word of both tiers is the first where it stands alone: 满意度指标, but not 成本指标."""
    what = sort_of(text)
    return what.first and what.second and "满意" in text and "对象" not in text


_SAME = 3.5  # a name that its description repeats


def beside(left: str, before: str, field: str, text: str) -> float:
    """What ``before``, in the column ``left``, says of ``text`` in the column ``field`` next to it."""
    if left == "weight" and field == "score":
        first, second = _points(before), _points(text)
        if first is None or second is None:
            return 0.0
        return -5.0 if second > first else 0.5 if second == first else -1.0
    if left == "name" and field == "description":
        return _SAME if before == text else 0.0
    if left == "tier1" and field == "tier2" and vocabulary.tier1(before) == vocabulary.tier2(text) == "成本指标":
        return -5.0  # 成本指标 | 项目成本: under 产出指标 the one is a second tier, the other a name
    if left == "value" and field == "actual":
        return 1.0 if before == text else 0.0
    return 0.0


def _points(text: str) -> Decimal | None:
    return Decimal(fold(text).strip().removesuffix("分")) if sort_of(text).kind == "number" else None


_OPENING = ("(", "（", "《", "“")
_CLOSING = (")", "）", "》", "”")
_GOES_ON = ("、", "，", ",", "和", "与", "及", "的", "或", "/", "：", ":", "-", "—")
_PROSE = frozenset({"name", "description", "reason", "basis", "explanation", "score_rule", "other"})


MOST_DRAWN = 2.8  # nothing goes on better than this


def goes_on(field: str, before: str, text: str) -> float:
    """How well ``text`` goes on with the cell in the column of ``field`` whose last piece is ``before``."""
    what = sort_of(text)
    if field in _SHORT or what.kind in ("verdict", "standard"):
        return -8.0
    if what.kind == "tier":
        return -8.0 if text.endswith(("指标", "目标")) or field not in _PROSE else -0.5
    drawn = 2.0 if _is_open(before, text) or text.startswith(_CLOSING) else 1.2 if before.endswith(_GOES_ON) else 0.0
    if text.startswith(_INNER):
        drawn = 1.5
    if field in ("value", "actual"):
        last = sort_of(before).kind
        if _are_one_figure(before, last, text, what.kind):
            return 2.2
        if last in ("operator", "nature") and what.kind in ("number", "figure", "wording"):
            return MOST_DRAWN
        if last in ("number", "figure") and (what.kind == "unit" or text in _AFTER):
            return 2.5
        if _breaks_unit(before, text):
            return 2.5
        if what.kind in ("words", "wording", "unit"):
            return drawn - (2.0 if last in ("number", "figure") else 1.0 if last == "wording" else 0.4)
        return drawn - 1.5
    if what.kind in ("number", "figure", "operator"):
        return drawn - 1.5
    if field == "name" and what.kind in ("wording", "told"):
        return drawn - (1.2 if what.kind == "wording" else 0.6)
    return drawn


def _is_open(before: str, text: str) -> bool:
    """Whether a bracket of ``before`` is open that ``text`` may close; one with whole brackets of its own does not."""
    if sum(map(before.count, _OPENING)) <= sum(map(before.count, _CLOSING)):
        return False
    inner = sum(map(text.count, _OPENING))
    return not inner or inner != sum(map(text.count, _CLOSING))


_STUMPS = ("、", "和", "与", "及", "的", "或", "（", "(", "《", "“")


_BROKEN_UNIT = regex.compile(r"\d\D{0,4}/(?:(?:平|立)\n方米|(?:平方|立方)\n米|公\n[里顷斤])|[·•]\n|\n[·•]")
_UNIT_STUMPS, _DOTS = ("平", "立", "平方", "立方", "公"), ("·", "•")
_LISTED = ("；", ";", "，", ",")
_ORDINALS = tuple("②③④⑤⑥⑦⑧⑨")


def _breaks_unit(before: str, text: str) -> bool:
    """Whether a unit was broken between two pieces: 元/平 + 方米, 元/人 + ·月."""
    if not (before.endswith(_UNIT_STUMPS) or before.endswith(_DOTS) or text.startswith(_DOTS)):
        return False
    return _BROKEN_UNIT.search(f"{before}\n{text}") is not None


def stump(before: str, text: str) -> float:
    """The cost of a new cell at ``text``, where ``before`` is not complete or ``text`` cannot begin a cell."""
    if sort_of(text).kind in ("tier", "operator") or sort_of(before).kind in ("tier", "operator"):
        return 0.0
    if text.startswith(_INNER):
        return 4.0
    if _breaks_unit(before, text) or (before.endswith(_LISTED) and text.startswith(_ORDINALS)):
        return 4.0
    if len(text) == 1 and sort_of(text).kind == "words":
        return 3.0
    return 3.0 if _is_open(before, text) else 2.0 if before.endswith(_STUMPS) else 0.0


def _are_one_figure(before: str, last: Kind, text: str, kind: Kind) -> bool:
    """Whether two pieces make one figure together that they are not apart: 2025 + 年10月底前, but not 8 + 8."""
    if len(before) + len(text) > _MOST_READ // 2 or (last == kind == "number"):
        return False
    if last not in ("number", "figure") or (kind not in ("figure", "number") and text[0] not in _GOES_ON_AS_FIGURE):
        return False
    if text[0] in _OF_DATE and not before[-1].isdecimal():
        return False  # ≥95% + 年度工作计划
    whole = sort_of(before + text)
    return whole.kind == "figure" and not whole.several


_OF_DATE = frozenset("年月日时")
_GOES_ON_AS_FIGURE = frozenset("年月日时底前%％.个人次万元至到-—~以")
_SHORT = frozenset({"tier1", "tier2", "weight", "score", "unit", "direction", "number", "operator", "nature"})
_INNER = ("、", "，", ",", "；", "。", "/", "）", ")", "》", "”")
_AFTER = frozenset({"以上", "以下", "以内", "及以上", "左右", "前", "底前"})
