"""What holds for any text: the parser is total, places are exact, and what is written is read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import kpi
from kpi.schema import Compound, DateValue, Extraction, Quantity, Value
from kpi.values import common, operators, parse, scan, vocabulary
from kpi.values.fold import fold
from kpi.values.readings import NOWHERE

VALUE: TypeAdapter[Value] = TypeAdapter(Value)
HABITS = settings(
    derandomize=True, max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

# Text of the kind that stands in cells, so that examples reach the grammar and do not stop at its door.
WORDS = [
    "不低于", "不超过", "以上", "以下", "以内", "前", "之前", "底", "末", "控制在", "超过", "不足", "约", "左右",
    "至", "到", "且", "或", "年", "月", "日", "季度", "上半年", "每年", "每月", "每人", "第", "个", "人", "人次",
    "元", "万元", "平方米", "工作日", "百分之", "百分点", "成", "较上年", "同比", "提高", "下降", "有所", "是", "否",
    "是/否", "无", "零投诉", "按时完成", "①", "1、", "（含）", "2025", "2月30日", "1e5", "NaN", "inf", "😀", "𠀀",
    "ｶ", "٣", "²", "Ⅳ", "O", "l",
]  # fmt: skip
DIGITS = "0123456789零〇一二两三四五六七八九十百千万亿半"
SIGNS_AND_MARKS = "≥≤><=＞＜＝≧≦》《›‹═~～±-—–/.,，、；;：:（）()[]【】%％‰ \t\n\u3000"
UNSEEN = "\x00\x1b\ufeff\u200b\u202e\u0301"
PIECES = st.sampled_from([*DIGITS, *SIGNS_AND_MARKS, *UNSEEN, *WORDS])
CELLS = st.lists(PIECES, max_size=14).map("".join)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
RUNS = st.builds(lambda piece, times: piece * times, PIECES, st.integers(min_value=50, max_value=700))
LONG = st.lists(st.one_of(RUNS, CELLS), min_size=1, max_size=3).map("".join)
TEXTS = st.one_of(CELLS, ANY, LONG)
YEARS = st.one_of(st.none(), st.integers(min_value=1990, max_value=2100))
AROUND = st.one_of(st.none(), CELLS)
HEADINGS = [
    "一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "产出指标", "数量指标", "绩效目标", "项目名称",
    "项目编码", "预算数",
]  # fmt: skip
LAYOUT = ["\t", "\t", "\n", "\n", "\n\n", "|", "|---|", "TC 1、甲 \\f C \\l 1"]
TABLE_WORDS = st.sampled_from([*HEADINGS, *LAYOUT, "资金支出计划（%）", "1、某项目绩效目标表", "≥90%", "7个", ""])
DOCUMENTS = st.lists(st.one_of(TABLE_WORDS, TABLE_WORDS, CELLS), max_size=40).map("".join)


def walk(value: Value) -> Iterator[Value]:
    yield value
    if isinstance(value, Compound):
        for part in value.parts:
            yield from walk(part)


def strings(data: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a JSON document with the name of its field."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from strings(value, name)
    elif isinstance(data, list):
        for item in data:
            yield from strings(item, key)
    else:
        yield key, data


def check(value: Value) -> None:
    """What holds for every value of a cell."""
    for one in walk(value):
        assert 0 <= one.span[0] <= one.span[1]
    written = value.model_dump_json()
    assert VALUE.validate_json(written) == value
    for field, scalar in strings(json.loads(written)):
        if field in ("magnitude", "base_magnitude", "confidence"):
            assert isinstance(scalar, str), field
            assert "e" not in scalar.lower(), scalar
            assert Decimal(scalar).is_finite()


@HABITS
@given(TEXTS, YEARS, AROUND, AROUND)
def test_any_cell_gives_a_value(text: str, year: int | None, unit: str | None, name: str | None) -> None:
    value = kpi.parse_value(text, year=year, unit=unit, name=name)
    check(value)
    assert value.raw == text
    assert value.span[1] <= len(text)
    if isinstance(value, Compound):
        assert len(value.parts) > 1
        for part in value.parts:
            assert part.span[1] <= len(text)
            assert part.raw == text[slice(*part.span)]
    assert kpi.parse_value(text, year=year, unit=unit, name=name) == value


@HABITS
@given(TEXTS, YEARS)
def test_values_in_prose_are_slices_in_order(text: str, year: int | None) -> None:
    found = kpi.find_values(text, year=year)
    for value in found:
        check(value)
        assert value.raw == text[slice(*value.span)]
        assert value.raw
    ends = [value.span[1] for value in found]
    starts = [value.span[0] for value in found]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert kpi.find_values(text, year=year) == found


@HABITS
@given(CELLS, CELLS)
def test_prose_is_read_where_it_stands(before: str, after: str) -> None:
    assume("《" not in before or "》" not in after)  # within the title of a document nothing is a value
    sentence = f"{before}。培训人数不少于120人。{after}"
    places = [value.span for value in kpi.find_values(sentence)]
    start = len(before) + len("。培训人数")
    assert (start, start + len("不少于120人")) in places


@HABITS
@given(st.one_of(DOCUMENTS, TEXTS))
def test_any_text_gives_an_extraction(text: str) -> None:
    extraction = kpi.extract(text)
    assert Extraction.model_validate_json(extraction.model_dump_json()) == extraction
    assert extraction.coverage.rows_read <= extraction.coverage.rows_seen
    assert extraction.projects or extraction.problems
    for project in extraction.projects:
        for row in project.indicators:
            check(row.value)
            assert row.location.start is not None
            assert row.location.end is not None
            assert 0 <= row.location.start <= row.location.end <= len(text)
    kpi.review(extraction)


@HABITS
@given(st.one_of(st.binary(max_size=400), DOCUMENTS.map(str.encode), DOCUMENTS.map(lambda text: text.encode("utf-16"))))
def test_any_bytes_give_an_extraction(data: bytes) -> None:
    extraction = kpi.extract(data)
    assert extraction.projects or extraction.problems
    assert kpi.extract(data) == extraction


# ------------------------------------------------------------------ what is written by the grammar is read back

SIGNS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<", "=": "=", "≈": "~", "": "="}
NUMBERS = {
    "3": Decimal(3),
    "0.5": Decimal("0.5"),
    "1,234.50": Decimal("1234.50"),
    "１２": Decimal(12),
    "007": Decimal(7),
}
# 3月 is March and 3季度 the third quarter, with a sign or without; 3日 and 12年 are lengths of time only with one.
# 3号 is the number of a thing or a day.
CALENDAR = {"月", "月份", "季度", "号"}
CALENDAR_WITHOUT_SIGN = CALENDAR | {"日", "年", "年度"}


class Spelling(NamedTuple):
    """One way to write a unit of the registry."""

    written: str
    symbol: str
    dimension: str
    base: str
    factor: Decimal
    bare: bool


def spellings() -> Iterator[Spelling]:
    for symbol, entry in vocabulary.load("units.toml").items():
        for written in (symbol, *entry.get("aliases", ())):
            yield Spelling(
                written,
                symbol,
                entry.get("dimension", "count"),
                entry.get("base", symbol),
                Decimal(entry.get("factor", "1")),
                entry.get("bare", False),
            )


def misread(text: str, number: Decimal, operator: str, unit: Spelling) -> str | None:
    value = kpi.parse_value(text)
    if not isinstance(value, Quantity):
        return f"{text}: {value.kind}"
    got = (
        value.operator,
        value.magnitude,
        value.unit,
        value.dimension,
        value.base_magnitude,
        value.base_unit,
        value.per,
    )
    symbol = None if unit.bare else unit.symbol
    want = (operator, number, symbol, unit.dimension, number * unit.factor, unit.base, None)
    return None if got == want and not value.notes else f"{text}: {got} {value.notes} instead of {want}"


@pytest.mark.parametrize("sign", SIGNS)
def test_sign_number_and_unit_are_read_back(sign: str) -> None:
    wrong = [
        found
        for unit in spellings()
        for written, number in NUMBERS.items()
        if unit.written not in (CALENDAR if sign else CALENDAR_WITHOUT_SIGN)
        if (found := misread(f"{sign}{written}{unit.written}", number, SIGNS[sign], unit))
    ]
    assert wrong == []


@HABITS
@given(
    st.sampled_from(sorted(SIGNS)),
    st.decimals(0, 10**9, allow_nan=False, places=3),
    st.sampled_from(["个", "%", "元", "㎡"]),
)
def test_any_number_is_read_back(sign: str, number: Decimal, unit: str) -> None:
    value = kpi.parse_value(f"{sign}{number:f}{unit}")
    assert isinstance(value, Quantity)
    assert (value.operator, value.magnitude) == (SIGNS[sign], number)


# ------------------------------------------------------------------ the short way and the full grammar agree

KNOWN = operators.vocabulary()
BEFORE = st.sampled_from(["", "", *KNOWN.signs, *KNOWN.before, *KNOWN.weak, *KNOWN.before_date, *KNOWN.changes, "每年"])
NUMBER = st.sampled_from(["0", "3", "12", "007", "0.5", "95.50", "2024", "2025", "20251231", "20251231.5", "99999999"])
UNIT = st.sampled_from(
    ["", "%", "元", "万元", "元/人", "起", "个", "前", "年", "天", "km²", "k", "abc", "美元", "人次/月"]
)
TAIL = st.sampled_from(["", "", *KNOWN.after, "前", "起", "≥", "（含）以上", "。", "止", " ", "底", "abc", "～"])
SPACED = st.sampled_from(["", "", " "])
FORMS = st.builds("{}{}{}{}{}{}".format, BEFORE, SPACED, NUMBER, SPACED, UNIT, TAIL)


@settings(HABITS, max_examples=1500)
@given(FORMS)
def test_the_short_way_gives_what_the_grammar_gives(text: str) -> None:
    short = common.read(fold(text), text, NOWHERE)
    if short is not None:
        assert short == parse.by_grammar(text, fold(text), NOWHERE, None)


# ------------------------------------------------------------------ every word of the vocabulary works

ON_DATES = {"<": "<=", "<=": "<=", ">": ">=", ">=": ">=", "=": "="}


@pytest.mark.parametrize("word", [w for w, o in {**KNOWN.signs, **KNOWN.before, **KNOWN.weak}.items() if o != "~"])
def test_every_operator_stands_before_dates_too(word: str) -> None:
    value = kpi.parse_value(f"{word}12月31日", year=2025)
    operator = {**KNOWN.signs, **KNOWN.before, **KNOWN.weak}[word]
    assert isinstance(value, DateValue)
    assert (value.operator, value.operator_written, value.raw) == (ON_DATES[operator], True, f"{word}12月31日")


@pytest.mark.parametrize("word", KNOWN.changes)
def test_every_change_is_found(word: str) -> None:
    for text in (f"{word}5%", f"较上年{word}5%", f"同比{word}5%"):
        value = kpi.parse_value(text)
        assert isinstance(value, Quantity)
        assert (value.change, value.span) == (KNOWN.changes[word], (0, len(text)))


@pytest.mark.parametrize("base", KNOWN.baselines)
def test_every_baseline_is_found(base: str) -> None:
    value = kpi.parse_value(f"较{base}提高5%")
    assert isinstance(value, Quantity)
    assert value.baseline == KNOWN.baselines[base]


def test_a_new_word_in_the_file_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(vocabulary.load("operators.toml"))
    tables["change"] = {**tables["change"], "increase": [*tables["change"]["increase"], "跃升"]}
    caches = (operators.vocabulary, scan._start)
    with monkeypatch.context() as patch:
        patch.setattr(vocabulary, "load", lambda file: tables)
        for cached in caches:
            cached.cache_clear()
        operators.vocabulary()
        patch.undo()
        value = parse.by_grammar("跃升7%", "跃升7%", NOWHERE, None)
    for cached in caches:
        cached.cache_clear()
    assert isinstance(value, Quantity)
    assert (value.change, value.magnitude) == ("increase", Decimal(7))


# ------------------------------------------------------------------------------------------ Chinese numerals

_PLAIN, _FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_PLACES = {_PLAIN: ("", "十", "百", "千"), _FORMAL: ("", "拾", "佰", "仟")}


def four_places(number: int, digits: str) -> str:
    """A number below 10,000, as it is said: 1005 → 一千零五."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = gap or bool(said)
            continue
        said += ("零" if gap else "") + digits[digit] + _PLACES[digits][place]
        gap = False
    return said


def spelt(number: int, digits: str) -> str:
    """A number in Chinese numerals, plain or as cheques write it."""
    said = ""
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // power % 10**4
        if part:
            said += ("零" if said and part < 1000 else "") + four_places(part, digits) + name
    return said


@given(st.integers(min_value=1, max_value=10**12 - 1), st.sampled_from([_PLAIN, _FORMAL]))
@settings(derandomize=True, max_examples=400, deadline=None)
def test_chinese_numerals_are_read_back(number: int, digits: str) -> None:
    value = kpi.parse_value(f"{spelt(number, digits)}元")
    assert isinstance(value, Quantity)
    assert value.magnitude == Decimal(number), spelt(number, digits)
    assert value.unit == "元"
