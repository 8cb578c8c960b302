"""The vocabularies of ``headers.toml`` and ``tiers.toml``: what a heading, a label, a tier name says."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple, cast

import regex

from kpi.remembering import remembered
from kpi.schema import Tier1, Tier2

_BRACKETS = regex.compile(r"\([^()]*\)?\)*")
_IGNORED = regex.compile(r"[\s:：]+$|\s+")
_WEIGHT = regex.compile(r"\d+(?:\.\d+)?分?$")
MAX_HEADING_CHARS = 40
_TO_ASCII = str.maketrans("（）：", "():")


@cache
def load(name: str) -> dict[str, Any]:
    """A file of this package, read once."""
    return tomllib.loads(resources.files("kpi.tables").joinpath(name).read_text(encoding="utf-8"))


class Claim(NamedTuple):
    """A field that a wording may stand for; ``rank`` is its place in the field's list, 0 for the surest."""

    field: str
    rank: int


@cache
def _claims(file: str, section: str) -> dict[str, tuple[Claim, ...]]:
    """Spelling → its claims, in the order of the file."""
    claims: dict[str, list[Claim]] = {}
    for field, wordings in load(file)[section].items():
        for rank, wording in enumerate(wordings):
            claims.setdefault(plain(wording), []).append(Claim(field, rank))
    return {wording: tuple(found) for wording, found in claims.items()}


def plain(text: str) -> str:
    """A heading as it is compared: no spaces, brackets in ASCII, no closing colon."""
    if text.isalnum():
        return text  # as most headings are: nothing to leave out
    return _IGNORED.sub("", text.translate(_TO_ASCII))


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text) if "(" in text else text


def _found(file: str, section: str, text: str) -> tuple[Claim, ...]:
    if not 0 < len(text) <= MAX_HEADING_CHARS:
        return ()
    known = _claims(file, section)
    whole = plain(text)
    return known.get(whole) or known.get(_bare(whole), ())


@lru_cache(maxsize=4096)
def column_claims(heading: str) -> tuple[Claim, ...]:
    """The fields that a heading cell may stand for, the likeliest first; ``2024年度绩效指标值`` is read as 指标值."""
    found = _found("headers.toml", "columns", heading)
    while not found and (prefix := _prefix().match(heading)):
        heading = heading[prefix.end() :]
        found = _found("headers.toml", "columns", heading)
    return found


@cache
def _prefix() -> regex.Pattern[str]:
    words = sorted(map(plain, load("headers.toml")["prefixes"]["words"]), key=len, reverse=True)
    return regex.compile(r"\s*(?:20\d\d\s*年度?|" + "|".join(words) + r")\s*(?=\p{Han})")


@lru_cache(maxsize=4096)
def nature(text: str) -> str | None:
    """``type`` for 定性 and 定量, ``direction`` for 正向 and 反向, ``None`` for anything else, a sign above all."""
    tables: dict[str, list[str]] = load("headers.toml")["natures"]
    return next((field for field, words in tables.items() if plain(text) in words), None)


def asks_for(what: Literal["time", "rate"], name: str | None) -> bool:
    """Whether an indicator's name ends in a word that asks for a date, or for a rate."""
    words: list[str] = load("headers.toml")["names"][what]
    return name is not None and _TRAILING_BRACKETS.sub("", name.strip()).endswith(tuple(words))


def may_pass_whole(name: str) -> bool:
    """Whether a rate of this name may pass 100 %: growth, a plan over-fulfilled."""
    words: list[str] = load("headers.toml")["names"]["unbounded"]
    return any(word in name for word in words)


def horizon(text: str) -> Literal["annual", "whole_period"] | None:
    """Whether a heading speaks of the year or of the whole period of a project; ``None`` where it says neither."""
    text = plain(text)
    words = load("headers.toml")["horizons"]["words"] if text else ()
    return next((horizon for word, horizon in words if word in text), None)


@cache
def _period() -> regex.Pattern[str]:
    words = sorted(load("headers.toml")["periods"]["words"], key=len, reverse=True)
    return regex.compile(rf"(?=.)(?:20\d\d(?:年度?)?)?(?:{'|'.join(words)})?(?P<rest>.*)")


@lru_cache(maxsize=4096)
def is_period(heading: str) -> bool:
    """Whether a heading names a stretch of time or a version and at most the value's own heading behind it: 2025年."""
    if not heading or len(heading) > MAX_HEADING_CHARS:
        return False
    text = _bare(plain(heading))
    found = _period().match(text)
    if not found or found.start("rest") == 0:
        return False
    rest = found["rest"]
    return not rest or any(claim.field == "value" for claim in _found("headers.toml", "columns", rest))


def preferred_periods() -> list[str]:
    """The words of the periods of which one is read where several are offered, the surest first."""
    return list(load("headers.toml")["periods"]["preferred"])


_WRITTEN_YEAR = regex.compile(r"(?<!\d)20\d\d(?=年|$)")


def year_of_heading(text: str) -> int | None:
    """The one year that a heading names; ``None`` where it names none, or several."""
    found = set(_WRITTEN_YEAR.findall(_bare(plain(text)))) or set(_WRITTEN_YEAR.findall(plain(text)))
    return int(found.pop()) if len(found) == 1 else None


@remembered(MAX_HEADING_CHARS)
def is_place(text: str) -> bool:
    """Whether a heading is the name of a place or an organisation rather than of a column."""
    return 2 <= len(text) <= MAX_HEADING_CHARS and is_organisation(text) and not column_claims(text)


def wordings(field: str) -> list[str]:
    """The wordings of a column's heading."""
    return list(load("headers.toml")["columns"][field])


@remembered(MAX_HEADING_CHARS)
def head_label(text: str) -> str | None:
    """The field of the project's head that a cell labels, or ``None``."""
    claims = _found("headers.toml", "head", text)
    return claims[0].field if claims else None


@cache
def head_labels() -> tuple[str, ...]:
    """Every spelling of a label of the project's head."""
    return tuple(_claims("headers.toml", "head"))


@lru_cache(maxsize=4096)
def execution(text: str) -> str | None:
    """The field of :class:`kpi.schema.Execution` that a heading names: 全年执行数, 执行率（%）."""
    claims = _found("headers.toml", "execution", text)
    return claims[0].field if claims else None


@lru_cache(maxsize=4096)
def is_source(text: str) -> bool:
    """Whether a cell names a source of money: 上年结转资金, 其中：中央补助."""
    if not text or len(text) > MAX_HEADING_CHARS:
        return False
    sources = load("headers.toml")["sources"]
    bare = _bare(plain(text))
    return 2 < len(bare) <= sources["longest"] and bare.endswith(tuple(sources["endings"]))


@lru_cache(maxsize=4096)
def is_rest(text: str) -> bool:
    """Whether a cell beside the sources of money names what is left: 其他."""
    return 0 < len(text) <= MAX_HEADING_CHARS and _bare(plain(text)) in load("headers.toml")["sources"]["rest"]


def is_sum(text: str) -> bool:
    """Whether a label is that of a sum: 合计."""
    return _bare(plain(text)) in load("headers.toml")["rows"]["sums"]


@remembered(MAX_HEADING_CHARS)
def goal_heading(text: str) -> int | None:
    """The rank of a sub-heading beside the goals (年度目标, 实际完成情况), or ``None``."""
    claims = _found("headers.toml", "goal_columns", text)
    return claims[0].rank if claims else None


_LABELLED = regex.compile(r"(?P<label>[^:：]{2,16})[:：]\s*(?P<value>\S.*)")


def labelled(text: str) -> tuple[str, str] | None:
    """``项目名称：甲`` → the label's field and the value, where the text is one label and its value."""
    found = _LABELLED.fullmatch(text) if "：" in text or ":" in text else None
    field = head_label(found["label"]) if found else None
    return (field, found["value"]) if found and field else None


@cache
def _remark(*lists: str) -> regex.Pattern[str]:
    """A word of the ``lists``, with a number or points behind it at most, and no further word joined to it."""
    rows = load("headers.toml")["rows"]
    words = sorted({plain(word) for name in lists for word in rows[name]}, key=len, reverse=True)
    return regex.compile(rf"(?:{'|'.join(words)})(?:\d+(?:\.\d+)?分?)?(?![\p{{L}}\d])")


@cache
def _signatures() -> frozenset[str]:
    return frozenset(map(plain, load("headers.toml")["rows"]["signatures"]))


def is_remark(text: str) -> bool:
    """Whether a text begins a note rather than an indicator: 注：…, 合计, but not 注册企业数量."""
    return _remark("remarks", "sums").match(plain(text)) is not None


@cache
def sums() -> frozenset[str]:
    """The words before a sum: 合计, 总分."""
    return frozenset(load("headers.toml")["rows"]["sums"])


_BEFORE_NOTE = regex.compile(r"[^:：]{1,8}[:：]")


def is_note(text: str) -> bool:
    """Whether a text is a note behind a table, its word before a colon: 注：…, 填表说明：…."""
    return _BEFORE_NOTE.match(text) is not None and _remark("remarks").match(plain(text)) is not None


def is_signature(text: str) -> bool:
    """Whether a text is the label of a signature line."""
    return _bare(plain(text.split("：")[0].split(":")[0])) in _signatures()


@cache
def _furniture() -> tuple[frozenset[str], tuple[str, ...]]:
    page = load("headers.toml")["page"]
    return frozenset(page["furniture"]), tuple(page["beginnings"])


def is_furniture(text: str) -> bool:
    """Whether a text is what a web page prints around its content: 附件下载, 关闭窗口, 版权所有：…."""
    whole, beginnings = _furniture()
    text = text.strip("【】[]［］ ")
    return text in whole or text.startswith(beginnings)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(load("headers.toml")["organisations"]["endings"])


_TRAILING_BRACKETS = regex.compile(r"[（(][^（）()]*[)）]$")


def _without_brackets(name: str) -> str:
    return _TRAILING_BRACKETS.sub("", name) if name.endswith((")", "）")) else name


def is_organisation(name: str) -> bool:
    """Whether a name ends as the names of organisations do."""
    return _without_brackets(name).endswith(_endings())


def is_authority(name: str) -> bool:
    """Whether a name ends as only those of offices do, and no building's or institution's that a project may be for."""
    return _without_brackets(name).endswith(tuple(load("headers.toml")["organisations"]["authorities"]))


@remembered(MAX_HEADING_CHARS)
def tier_text(text: str) -> str:
    """A tier name as printed, without inner spaces and without weights in brackets: 产出指标(50分) → 产出指标."""
    return _WEIGHT.sub("", _bare(plain(text)))


def is_tier(text: str) -> bool:
    """Whether a text is the name of a tier, first or second, and nothing else."""
    return tier1(text) is not None or tier2(text) is not None


@cache
def tier_names() -> tuple[str, ...]:
    """The spellings of all tiers that can be told within running text (…指标, …目标), the longest first."""
    told = [name for name in tier_wordings() if len(name) > 3 and name.endswith(("指标", "目标"))]
    return tuple(sorted(told, key=lambda name: (-len(name), name)))


def tier1(text: str | None) -> Tier1 | None:
    """The canonical first tier, or ``None`` for an unknown word."""
    return _tier1(text) if text else None


def tier2(text: str | None) -> Tier2 | None:
    """The canonical second tier, or ``None`` for an unknown word."""
    return _tier2(text) if text else None


def children(first: str | None) -> frozenset[str]:
    """The canonical second tiers that stand under a canonical first tier; none under an unknown one."""
    return _children().get(first or "", frozenset())


@cache
def _children() -> dict[str, frozenset[str]]:
    return {first: frozenset(seconds) for first, seconds in load("tiers.toml")["children"].items()}


@cache
def tier_wordings() -> frozenset[str]:
    """Every spelling of a tier name."""
    return frozenset(_claims("tiers.toml", "first").keys() | _claims("tiers.toml", "second").keys())


@remembered(MAX_HEADING_CHARS)
def _tier1(text: str) -> Tier1 | None:
    return cast("Tier1 | None", _tier("first", text))


@remembered(MAX_HEADING_CHARS)
def _tier2(text: str) -> Tier2 | None:
    return cast("Tier2 | None", _tier("second", text))


def _tier(level: Literal["first", "second"], text: str) -> str | None:
    claims = _claims("tiers.toml", level).get(tier_text(text), ())
    return claims[0].field if claims else None
