"""Finding every value in a text, left to right, longest form first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from time import monotonic
from typing import Any, NamedTuple

import regex

from kpi import settings
from kpi.schema import Quantity, Range
from kpi.values import dates, numerals, operators, points, quantities, ranges, units, vocabulary
from kpi.values.phrases import phrases
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
    """Where a value may begin: a number, a date, or a word of the vocabulary that stands before one."""
    known = operators.vocabulary()
    words = {*known.signs, *known.before, *known.weak, *known.before_date, *known.changes, *known.same}
    return regex.compile(
        r"[\d±\[(.零一二三四五六七八九十两廿卅负百千半过每逐按年全当本今常终次下翌去第至Q-]|上(?=一?年)"
        r"|[人户亩月日]均|正负|[lI](?=[\dOo])|[万亿](?=分之)|上半年|"
        rf"(?:{vocabulary.any_of([*known.than, '在'])})(?={vocabulary.any_of(known.baselines)}|\d{{4}}年)|"
        + vocabulary.longest_of({*words, *units.registry().currencies})
    )


_NUMERALS = "廿卅零一二三四五六七八九十百千万亿两半"
# No number and no date can be written without one of these, no code or idiom without one of those below.
_MAYBE = regex.compile(
    rf"[\d{_NUMERALS}旬]|[全常终整当本今每逐按次下翌]个?[年月季周星日天]|年[内底末终初度]|[月季周][底末初]|年均|月均|日均"
)
_MASKABLE = regex.compile(rf"[A-Za-z{_NUMERALS}号第性;《]|\d[岁型星]|热线|[较比]\d|\d{{7}}")


def masked(folded: str) -> str:
    """``folded`` with codes, 文号, phone numbers and idioms (进一步, 三公) blanked out, at the same length."""
    if not _MASKABLE.search(folded):
        return folded
    return phrases().mask.sub(lambda m: _MASK * len(m[0]), folded, timeout=settings.SCAN_SECONDS)


class Scan(NamedTuple):
    """The readings of a text; not ``complete`` where the time ran out before its end."""

    readings: list[Reading]
    complete: bool = True


def scan(folded: str, around: Surroundings) -> Scan:
    """Every value in ``folded``, in order, without overlaps. ``around.prose`` asks for what is certain in prose.

    A text made to be slow is read as far as ``settings.SCAN_SECONDS`` allow, all searches together.
    """
    if " " in folded and len(folded) <= _GAPPED and _GAP.search(folded):
        return _without_gaps(folded, around)
    deadline = monotonic() + settings.SCAN_SECONDS
    readings: list[Reading] = []
    text, complete = folded, True
    try:
        text = masked(folded)
        if not _MAYBE.search(text):
            return Scan([])
        text = without_nonsense(text, around)
        for piece in _pieces(text):
            if not _collect(text, piece, around, readings, deadline):
                complete = False
                break
    except TimeoutError:
        complete = False
    return Scan(_joined(text, readings, around), complete)


# Digits that no form of the grammar covers, and whose pieces would be wrong as numbers: a version or section (1.2.3),
# a product (4人×12月), a day of no month (13月31日), in cells also a number torn apart (12 00).
_NONSENSE = regex.compile(
    r"""(?<![\d.])(?P<dotted>\d{1,9}(?:\.\d{1,9}){2,9})(?![\d.])
       |(?<![\d.,])\d[\d.,]*+\p{Han}{0,6}\ ?[×*✕]\ ?(?=\d)(?:\d[\d.,]*+\p{Han}{0,6}(?:\ ?[×*✕]\ ?(?=\d))?)+
       |(?<!\d)(?:\d{2,4}\ *年\ *)?
        (?:(?:1[3-9]|[2-9]\d|0?0)\ *月\ *\d{1,2}|\d{1,2}\ *月\ *(?:3[2-9]|[4-9]\d|0?0))\ *[日号]
       |(?P<torn>(?<![\d.,:/-]|\d\ )\d+(?:\ \d+)+(?![\d.,:/%-]|\ ?%))""",
    regex.VERBOSE,
)
_NONSENSICAL = regex.compile(
    r"[×*✕] ?\d|\d\.\d+\.\d|\d \d|(?<!\d)(?:1[3-9]|[2-9]\d|0?0) *月 *\d|月 *(?:3[2-9]|[4-9]\d|0?0(?!\d))"
)


def without_nonsense(text: str, around: Surroundings) -> str:
    """``text`` with digits blanked out that no form covers, so that their pieces are not read as values."""
    if not _NONSENSICAL.search(text):
        return text
    return _NONSENSE.sub(lambda found: _kept(text, found, around) or _MASK * len(found[0]), text)


def _kept(text: str, found: regex.Match[str], around: Surroundings) -> str | None:
    """What the grammar reads as a whole after all: dates with dots or spaces, 1 200元."""
    if (found["dotted"] or found["torn"]) and points.read(text, found.start()):
        return found[0]
    if found["torn"]:
        number = numerals.read(text, found.start())
        return found[0] if around.prose or (number and number.end >= found.end()) else None
    return None


# A space between two Chinese characters is an accident of layout (CONTRACT §2): 六 个 百 分 点.
_GAP = regex.compile(r"(?<=[\p{Han}]) {1,3}(?=[\p{Han}])")
_GAPPED = 200  # in longer texts such a space more likely ends a line


def _without_gaps(folded: str, around: Surroundings) -> Scan:
    """The readings of ``folded`` with the gaps closed, at their places in ``folded``."""
    gaps = {at for found in _GAP.finditer(folded) for at in range(found.start(), found.end())}
    kept = [at for at in range(len(folded)) if at not in gaps]
    readings, complete = scan("".join(folded[at] for at in kept), around)
    return Scan([r._replace(start=kept[r.start], end=kept[r.end - 1] + 1) for r in readings], complete)


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


# A match may look through the rest of the text for a character that its pattern needs, so that a long text is read
# in pieces: else the time would grow with the square of the length.
_PIECE = 2_000
_END_OF_PIECE = regex.compile(r"(?r)[。;, ]")


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """``text`` in stretches of one to two thousand characters (the last a little more), cut between sentences."""
    begin = 0
    while len(text) - begin > 2 * _PIECE:
        cut = _END_OF_PIECE.search(text, begin + _PIECE // 2, begin + _PIECE)
        yield begin, cut.end() if cut else begin + _PIECE
        begin = cut.end() if cut else begin + _PIECE
    yield begin, len(text)


def _collect(
    whole: str, piece: tuple[int, int], around: Surroundings, readings: list[Reading], deadline: float
) -> bool:
    """Put the readings of a piece of ``whole`` into ``readings``; whether its end was reached in time."""
    start, text = _start(), whole[slice(*piece)]
    at = 0
    while found := start.search(text, at):
        if monotonic() > deadline:
            return False
        reading = _read_at(text, found.start(), around)
        if reading is None or not (_certain if around.prose else _stands)(text, reading):
            passed = _RUN.match(text, found.start())
            at = passed.end() if passed else found.start() + 1
            continue
        at = reading.end
        if piece[0]:
            reading = reading._replace(start=piece[0] + reading.start, end=piece[0] + reading.end)
        readings.append(reading)
    return True


def _read_at(text: str, at: int, around: Surroundings) -> Reading | None:
    if date := dates.read(text, at, around):
        return date
    return ranges.read(text, at, around) or quantities.read(text, at, around)


_QUOTES = ("“", "‘", '"', "「")
_SHORT = 40  # a cell that is nothing but a number in Chinese is no longer than this


def _stands(text: str, reading: Reading) -> bool:
    """A Chinese numeral that counts nothing (三农, 零投诉) is a number only where it is the whole text."""
    if reading.model is Quantity and _names_a_year(reading.fields):
        return False  # 不低于2024年水平
    counted = (
        reading.model is not Quantity or reading.fields["dimension"] != "number" or reading.fields["operator_written"]
    )
    written = text[reading.start : reading.end]
    alone = len(text) <= _SHORT and written == text.strip()
    return counted or alone or any(c.isdigit() and c.isascii() for c in written)


def _names_a_year(fields: dict[str, Any]) -> bool:
    return fields["unit"] == "年" and bool(1900 <= fields["magnitude"] <= 2100)


# Several numerals, or digits with 万 or 亿, spell a number even without a unit: 二百五, 5万4千.
_SPELT = regex.compile(r"负?(?:[一二三四五六七八九两十百千万亿零点]{2,}|半百|[\d.,]+[百千万亿][\d零百千万亿]*)")
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
        if _SPELT.fullmatch(written.replace(" ", "")):
            return not _SECTION_SPELT.search(text, max(0, reading.start - 3), min(len(text), reading.end + 1))
        return bool(fields["operator_written"]) and not _SECTION.search(text[max(0, reading.start - 4) : reading.end])
    whole_text = len(text) <= _SHORT and text[reading.start : reading.end].strip() == text.strip()
    if (_ARTICLE.fullmatch(text, reading.start, reading.end) and not whole_text) or text[
        reading.start - 1 : reading.start
    ] in _QUOTES:
        return False
    unit = units.registry().names.get(fields["unit"] or "")
    if unit and (not unit.prose or _names_a_year(fields)):
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
            meets = _opposite(previous, reading) and _MEET.fullmatch(between)
            pair = _amounts(text, previous, reading) if meets else None
            if pair and (joined := ranges.meeting(previous, reading, pair, around)):
                result[-1] = joined
                continue
        result.append(reading)
    return result


def _opposite(first: Reading, second: Reading) -> bool:
    return {first.fields["operator"][0], second.fields["operator"][0]} == {"<", ">"}


def _amounts(text: str, first: Reading, second: Reading) -> tuple[Amount, Amount] | None:
    found = [_amount_in(text, r) for r in (first, second)]
    return (found[0], found[1]) if found[0] and found[1] else None


def _amount_in(text: str, reading: Reading) -> Amount | None:
    for at in range(reading.start, reading.end):
        if numerals.read(text, at) is not None:
            return quantities.read_amount(text, at)
    return None
