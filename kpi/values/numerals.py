"""Numbers as budgets write them: Arabic, Chinese (三万五千, 二〇二四), financial (壹佰), mixed (3万4千), 百分之….

All functions take *folded* text and a position, and give ``None`` where no number starts there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import regex

from kpi.schema import Note
from kpi.values.exact import EXACT, trimmed

_DIGITS = ("零", "一", "二两", "三", "四", "五", "六", "七", "八", "九")
DIGITS = {character: digit for digit, characters in enumerate(_DIGITS) for character in characters}
_TENS = {"廿": 20, "卅": 30}
MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_ARABIC = regex.compile(
    r"(?<![A-Za-z])(?<!T\+)(?P<minus>(?<![\d%)\p{Han}])-)?"
    r"(?P<digits>\d{1,3}(?:,\d{3}){1,12}(?:\.\d{1,40})?(?![\d.])"
    r"|(?P<exponent>\d(?:\.\d{1,40})?[Ee][+-]?\d{1,2})(?![\dA-Za-z.])"
    r"|\d{1,3}\ \d{1,3}(?=\ ?%)"
    # Thousands set apart by a space, where the next thing is a unit or nothing: 1 200元, 1 200.
    r"|(?<!\d\ )[1-9]\d{0,2}(?:\ \d{3}){1,4}(?:\.\d{1,40})?(?=\ ?[\p{Han}A-Za-z℃㎡‰]|[ 。;,]*$)"
    r"|[lI](?:[\dOo]{2,6}|[0Oo])(?![\dA-Za-z.])"
    r"|\d[\dOo]{0,40}+(?:\ {0,2}\.\ {0,2}(?=\d)[\dOo]{1,40}+)?(?![\dOo])"
    r"|(?<!\d)\.\d{1,40}+(?!\d))"
)
_MULTIPLIER = regex.compile(r"[十百千万亿]{1,4}")
_MIXED = regex.compile(
    r"(?:\d{1,12}(?:\.\d{1,12})?\ ?[百千万亿]{1,2}){1,4}\d{1,12}(?:\.\d{1,12})?\ ?[百千万]{1,2}"
    r"|\d{1,4}[百千]零\d{1,3}|(?:\d{1,12}[千万亿]){1,3}[一二三四五六七八九][百千万]{1,2}"
)
_CHINESE = regex.compile(
    # A multiplier never follows a smaller one: 七十百分位 is 七十 and something else.
    r"[零一二三四五六七八九两十廿卅](?:[零一二三四五六七八九两十万亿]|(?<![十百千])[百千]){0,40}+"
    r"(?:点[零一二三四五六七八九]{1,40}[十百千万亿]{0,3})?"
)
_FRACTION = regex.compile(
    r"一?(?:(?P<hundred>百)|(?P<thousand>千)|(?P<ten>十)|(?P<more>(?:[十百千]?万){1,2}|亿))分之|(?P<all>百分百)"
)
_TENTHS = regex.compile(
    r"(?P<n>[一二三四五六七八九两\d])成(?:(?P<half>半)|(?P<tenth>[一二三四五六七八九])(?![成十百千万人个]))?(?![本为立功果熟员套交人])"
)
_NEGATIVE = regex.compile(r"(?:负|零下) *")
_HALF = regex.compile(r"半数|一半|过半|(?P<fifty>半百)|(?P<of>半)(?=年|天|日|个月|个?小时|个?学期|月(?!刊))")
_SPELT = r"\d{1,6}|[一二三四五六七八九十百千万零两]{1,12}"
_PARTS = regex.compile(
    rf"(?:(?P<extra>{_SPELT})又)?(?P<whole>{_SPELT})分之(?P<part>{_SPELT})(?!\.?\d)"
    r"|(?:(?P<extra>\d{1,4})\ )?(?P<part>\d{1,4})/(?P<whole>\d{1,4})(?![\d/.十百千万亿])"
)
_HUNDREDTHS = regex.compile(r"一?[十百千]分之|一?(?:[十百千]?[万亿]){1,2}分之")
_LOOK_ALIKES = str.maketrans("OolI", "0011")


class Numeral(NamedTuple):
    """A number read at a place: ``magnitude`` without ``multiplier``, which after Arabic digits belongs to the unit.

    ``unit`` is set where the numeral itself says it (百分之 → ``%``).
    """

    magnitude: Decimal
    end: int
    multiplier: str = ""
    unit: str | None = None
    notes: tuple[Note, ...] = ()
    chinese: bool = False


_NEIGHBOURS = regex.compile(r"[一二三四五六七八九两][一二三四五六七八九两]")


_FIRST = frozenset("-.lI负过半点" + "".join([*DIGITS, *_TENS, *MULTIPLIERS]))  # no number begins otherwise


def _is_number(run: str) -> bool:
    """Whether a run of Chinese numerals is one number: 二三十 and 三五 name two, 二零二四 spells digits."""
    if not _NEIGHBOURS.search(run.partition("点")[0]):
        return True
    return all(c in DIGITS for c in run) and (len(run) >= 4 or "零" in run)


def times(multiplier: str) -> Decimal:
    """``"百万"`` → 1000000. The empty string gives 1."""
    factor = 1
    for character in multiplier:
        factor *= MULTIPLIERS[character]
    return Decimal(factor)


def chinese(text: str) -> Decimal:
    """The number that a run of Chinese numerals spells; ``text`` holds nothing else.

    >>> chinese("三万五千"), chinese("二零二四"), chinese("三点五")
    (Decimal('35000'), Decimal('2024'), Decimal('3.5'))
    """
    whole, _, decimals = text.partition("点")
    if not decimals:
        return Decimal(_whole(whole))
    digits = decimals.rstrip("".join(MULTIPLIERS))
    number = Decimal(f"{_whole(whole)}." + "".join(str(DIGITS[c]) for c in digits))
    return trimmed(EXACT.multiply(number, times(decimals[len(digits) :])))


def _whole(text: str) -> int:
    if len(text) > 1 and all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    last = 1
    for character in text:
        if character in _TENS:
            section, last = section + _TENS[character], 10
        elif character in DIGITS:
            digit = DIGITS[character]
            last = 10 if character == "零" else last
        elif (factor := MULTIPLIERS[character]) >= 10**4:
            joint = total < factor or not (section or digit)  # 四万万
            total = (total + section + digit) * factor if joint else total + (section + digit) * factor
            section, digit, last = 0, 0, factor
        else:
            section += (digit or 1) * factor
            digit, last = 0, factor
    # 三万五 means 35000, 两百三 means 230: a last digit stands for the next lower place.
    return total + section + digit * (last // 10 if last >= 100 and text[-1] in DIGITS else 1)


def _mixed(text: str) -> Decimal:
    total = Decimal(0)
    for part in regex.finditer(r"(\d+(?:\.\d+)?|[一二三四五六七八九]) ?([百千万亿]*)", text):
        number = part[1] if part[1][0].isascii() else str(DIGITS[part[1]])
        total += Decimal(number) * times(part[2])
    return total


def read(text: str, at: int) -> Numeral | None:
    """The number that starts at ``at``, or ``None``. A multiplier is taken only where no unit begins with it."""
    first = text[at : at + 1]
    if first not in _FIRST and not first.isdecimal():
        return None
    if found := _ARABIC.match(text, at):
        parts = _PARTS.match(text, at) if not _HUNDREDTHS.match(text, at) else None
        return _parts(parts) if parts else _arabic(text, at, found)
    if found := _NEGATIVE.match(text, at):
        positive = read(text, found.end())
        return positive._replace(magnitude=-positive.magnitude) if positive and positive.magnitude > 0 else positive
    if found := _FRACTION.match(text, at):
        if found["all"]:
            return Numeral(Decimal(100), found.end(), unit="%", chinese=True)
        hundred = Numeral(Decimal(100), found.end() + 1) if text.startswith("百", found.end()) else None
        inner = hundred or read(text, found.end())
        if inner is None or inner.unit or inner.multiplier:
            return None
        if found["ten"]:
            return inner._replace(unit="成", chinese=True)
        if found["more"]:
            share = EXACT.divide(inner.magnitude, times(found["more"]))
            return inner._replace(magnitude=trimmed(share), unit="比例", chinese=True)
        return inner._replace(unit="%" if found["hundred"] else "‰", chinese=True)
    if found := _TENTHS.match(text, at):
        return _tenths(found)
    if (found := _PARTS.match(text, at)) and not _HUNDREDTHS.match(text, at):
        return _parts(found)
    if found := _HALF.match(text, at):
        if found["fifty"]:
            return Numeral(Decimal(50), found.end(), chinese=True)
        return Numeral(Decimal("0.5"), found.end(), unit=None if found["of"] else "比例", chinese=True)
    if found := _CHINESE.match(text, at):
        run = found[0]
        end = found.end()
        if not _is_number(run) or text[found.end() : found.end() + 1] in ("几", "数"):
            return None  # 一千五百零几万 names no number
        if len(run) > 1 and run[-1] == "千" and text[end : end + 1] in ("克", "米", "瓦"):
            run, end = run[:-1], end - 1
        return Numeral(chinese(run), end, chinese=True)
    return None


def _tenths(found: regex.Match[str]) -> Numeral:
    """九成, 三成半, 八成五."""
    whole = int(found["n"]) if found["n"].isdigit() else DIGITS[found["n"]]
    tenth = 5 if found["half"] else DIGITS[found["tenth"]] if found["tenth"] else 0
    number = Decimal(whole) + Decimal(tenth) / 10 if tenth else Decimal(whole)
    return Numeral(number, found.end(), unit="成", chinese=True)


def _parts(found: regex.Match[str]) -> Numeral | None:
    """三分之二, 1/4: a number only where it is exact as a decimal; 0.6667 would be a wrong one."""
    whole, part, extra = (
        int(t) if t.isdigit() else int(chinese(t)) for t in (found["whole"], found["part"], found["extra"] or "零")
    )
    slashed = "/" in found[0]
    if not whole or (10**12 * part) % whole or (slashed and whole > 10 and part <= 12):  # 11/25 may be a date
        return None
    if slashed and part >= whole and part <= 12:
        return None
    share = Decimal(part * 10**12 // whole).scaleb(-12) + extra
    return Numeral(trimmed(share), found.end(), unit="比例", chinese=True)


def _arabic(text: str, at: int, found: regex.Match[str]) -> Numeral:
    if text[found.end() : found.end() + 2].strip()[:1] in MULTIPLIERS and (mixed := _MIXED.match(text, at)):
        return Numeral(_mixed(mixed[0]), mixed.end(), chinese=True)
    if (tenths := _TENTHS.match(text, at)) and tenths.start() == at:
        return _tenths(tenths)
    digits = found["digits"]
    if found["exponent"]:
        return Numeral(trimmed(Decimal(digits)) * (-1 if found["minus"] else 1), found.end())
    notes: list[Note] = []
    if " " in digits:
        digits = digits.replace(" ", "")
        notes.append("stray_space")
    if not digits.replace(",", "").replace(".", "").isdigit():
        digits = digits.translate(_LOOK_ALIKES)
        notes.append("letter_for_digit")
    number = Decimal(("-" if found["minus"] else "") + digits.replace(",", ""))
    return Numeral(number, found.end(), notes=tuple(notes))


def multiplier(text: str, at: int) -> str:
    """The multipliers (十 百 千 万 亿) that stand at ``at``: ``"百万"``, or the empty string."""
    found = _MULTIPLIER.match(text, at)
    return found[0] if found else ""
