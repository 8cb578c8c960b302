"""Finding every value in a text, left to right, longest form first."""

from __future__ import annotations

from functools import cache

import regex

from kpi import settings
from kpi.schema import Quantity, Range
from kpi.values import dates, numerals, operators, quantities, ranges, units, wording
from kpi.values.quantities import Amount
from kpi.values.readings import Reading, Surroundings

_MASK = "\ufffc"  # no production matches it
# What is passed over where no value could be read: the whole of a proportion, fraction or run of numerals.
_RUN = regex.compile(
    r"""\d+\ *[:/]\ *\d+|[零一二三四五六七八九十\d]+分之[零一二三四五六七八九十\d]+
       |[\d.,]+|[零一二三四五六七八九十百千万亿两]+|.""",
    regex.DOTALL | regex.VERBOSE,
)


@cache
def _start() -> regex.Pattern[str]:
    known = operators.vocabulary()
    words = "|".join(regex.escape(w) for w in sorted({*known.before, *known.weak}, key=len, reverse=True))
    return regex.compile(
        r"[\d±¥><=≥≤~≈《》〈〉‹›\[(.零一二三四五六七八九十两廿卅负百千半过每逐按年全当本今Q-]|[人户亩月日]均|正负|人民币|[lI](?=[\dOo])|[万亿](?=分之)|常|终|次|下|上半年|下半年|第|[自从于截最不至]"
        rf"|较|比|与|同|相|对|环|{words}|提高|提升|增|上升|上涨|净|新增|扩大|上调|下降|降|减|下调|缩短|压|削|回落|节约|下跌"
    )


_NUMERALS = "廿卅零一二三四五六七八九十百千万亿两半"
# No number and no date can be written without one of these, no code or idiom without one of those below.
_MAYBE = regex.compile(
    rf"[\d{_NUMERALS}旬]|[全常终整当本今每逐按次下翌]个?[年月季周星日天]|年[内底末终初度]|[月季周][底末初]|年均|月均|日均"
)
_MASKABLE = regex.compile(rf"[A-Za-z{_NUMERALS}号第性;]|\d{{7}}")


def masked(folded: str) -> str:
    """``folded`` with codes, 文号, phone numbers and idioms (进一步, 三公) blanked out, at the same length."""
    if not _MASKABLE.search(folded):
        return folded
    return wording.phrases().mask.sub(lambda m: _MASK * len(m[0]), folded, timeout=settings.SCAN_SECONDS)


def scan(folded: str, around: Surroundings) -> list[Reading]:
    """Every value in ``folded``, in order, without overlaps. ``around.prose`` asks for what is certain in prose.

    A text made to be slow is read as far as ``settings.SCAN_SECONDS`` allow.
    """
    if len(folded) <= _GAPPED and _GAP.search(folded):
        return _without_gaps(folded, around)
    readings: list[Reading] = []
    try:
        text = masked(folded)
        if _MAYBE.search(text):
            _collect(text, around, readings)
    except TimeoutError:
        return readings
    return _joined(text, readings, around)


# A space between two Chinese characters is an accident of layout (CONTRACT §2): 六 个 百 分 点.
_GAP = regex.compile(r"(?<=[\p{Han}]) {1,3}(?=[\p{Han}])")
_GAPPED = 200  # in longer texts such a space more likely ends a line


def _without_gaps(folded: str, around: Surroundings) -> list[Reading]:
    """The readings of ``folded`` with the gaps closed, at their places in ``folded``."""
    gaps = {at for found in _GAP.finditer(folded) for at in range(found.start(), found.end())}
    kept = [at for at in range(len(folded)) if at not in gaps]
    readings = scan("".join(folded[at] for at in kept), around)
    return [r._replace(start=kept[r.start], end=kept[r.end - 1] + 1) for r in readings]


def unread_digits(folded: str, readings: list[Reading]) -> bool:
    """Whether digits stand outside all ``readings`` that are no part of a code, so that something was missed."""
    if len(readings) == 1 and readings[0].start == 0 and readings[0].end == len(folded):
        return False
    at, outside = 0, []
    for reading in readings:
        outside.append((at, reading.start))
        at = reading.end
    outside.append((at, len(folded)))
    if not any(_DIGIT.search(folded, start, end) for start, end in outside):
        return False
    text = masked(folded)
    return any(_DIGIT.search(text, start, end) for start, end in outside)


_DIGIT = regex.compile(r"[0-9]")


def _collect(text: str, around: Surroundings, readings: list[Reading]) -> None:
    start = _start()
    at = 0
    while found := start.search(text, at, timeout=settings.SCAN_SECONDS):
        reading = _read_at(text, found.start(), around)
        if reading is None or not (_certain if around.prose else _stands)(text, reading):
            at = _RUN.match(text, found.start()).end()  # type: ignore[union-attr]
            continue
        readings.append(reading)
        at = reading.end


def _read_at(text: str, at: int, around: Surroundings) -> Reading | None:
    if date := dates.read(text, at, around):
        return date
    return ranges.read(text, at, around) or quantities.read(text, at, around)


_QUOTES = ("“", "‘", '"', "「")
_SHORT = 40  # a cell that is nothing but a number in Chinese is no longer than this


def _stands(text: str, reading: Reading) -> bool:
    """A Chinese numeral that counts nothing (三农, 零投诉) is a number only where it is the whole text."""
    counted = (
        reading.model is not Quantity or reading.fields["dimension"] != "number" or reading.fields["operator_written"]
    )
    written = text[reading.start : reading.end]
    alone = len(text) <= _SHORT and written == text.strip()
    return counted or alone or any(c.isdigit() and c.isascii() for c in written)


# Several numerals, or digits with 万 or 亿, spell a number even without a unit: 二百五, 5万4千.
_SPELT = regex.compile(r"负?(?:[一二三四五六七八九两十百千万亿零点]{2,}|[\d.,]+[百千万亿][\d零百千万亿]*)")
_SEPARATED = regex.compile(r"\d*[,.\d]*[,.]\d+|二|两")
_SECTION_SPELT = regex.compile(
    r"\([一二三四五六七八九十]+\)|^\s*[一二三四五六七八九十]+、|[\n。;]\s*[一二三四五六七八九十]+、"
)
# 一个, 一支 are articles as often as counts; “两个责任” is a slogan.
_ARTICLE = regex.compile(r"一(?:个|支|件|方|张|种|条|批|份|只|把|位|名|座|台|部|家|片|面|股|对|项)")
_SECTION = regex.compile(r"(?:^|[\n。;；])\s*\(?\d{1,2}[.、)]?$")


def _certain(text: str, reading: Reading) -> bool:
    """In prose a bare number is a section number or part of a code as often as a value: it needs unit or sign."""
    fields = reading.fields
    if reading.model is Range:
        return not (fields["unit"] == "年" and fields["lower"].magnitude >= 1900)
    if reading.model is not Quantity:
        return True
    if fields["unit"] is None and fields["dimension"] == "number":
        written = text[reading.start : reading.end].strip()
        if _SEPARATED.fullmatch(written) and len(text) <= _SHORT and written == text.strip():
            return True
        if _SPELT.fullmatch(written):
            return not _SECTION_SPELT.search(text, max(0, reading.start - 3), min(len(text), reading.end + 1))
        return bool(fields["operator_written"]) and not _SECTION.search(text[max(0, reading.start - 4) : reading.end])
    whole_text = len(text) <= _SHORT and text[reading.start : reading.end].strip() == text.strip()
    if (_ARTICLE.fullmatch(text, reading.start, reading.end) and not whole_text) or text[
        reading.start - 1 : reading.start
    ] in _QUOTES:
        return False
    unit = units.registry().names.get(fields["unit"] or "")
    if unit and (not unit.prose or (unit.symbol == "年" and 1900 <= fields["magnitude"] <= 2100)):
        return False  # 3单元, 2024年 of a sentence
    before = text[reading.start - 1 : reading.start]
    return not (before.isascii() and before.isalnum())


_MEET = regex.compile(r" *(?:且|并且|并|同时|,|、|和|，)? *(?:\([^)]{0,4}\))? *")


def _joined(text: str, readings: list[Reading], around: Surroundings) -> list[Reading]:
    """``readings`` with each two bounds that meet (≥15且≤20, 大于60%小于70%) made one range."""
    result: list[Reading] = []
    for reading in readings:
        previous = result[-1] if result else None
        if previous and previous.model is Quantity and reading.model is Quantity:
            between = text[previous.end : reading.start]
            pair = _amounts(text, previous, reading) if _MEET.fullmatch(between) else None
            if pair and (joined := ranges.meeting(previous, reading, pair, around)):
                result[-1] = joined
                continue
        result.append(reading)
    return result


def _amounts(text: str, first: Reading, second: Reading) -> tuple[Amount, Amount] | None:
    found = [_amount_in(text, r) for r in (first, second)]
    return (found[0], found[1]) if found[0] and found[1] else None


def _amount_in(text: str, reading: Reading) -> Amount | None:
    for at in range(reading.start, reading.end):
        if numerals.read(text, at) is not None:
            return quantities.read_amount(text, at)
    return None
