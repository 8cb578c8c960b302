"""Titles over target tables: what one looks like, what it says of the project, when two are the same."""

from __future__ import annotations

from functools import cache

import regex

from kpi.tables import vocabulary

# 1、车辆保险费绩效目标表, 项目支出绩效自评表（2024年度）
_KIND = regex.compile(
    r"(?:项目支出|支出)?绩效(?:目标|自评|评价)[^。，；：\s]{0,10}表"
    r"(?:\([^()]*\)|（[^（）]*）)?(?:\(续\d?\)|（续\d?）|续表|续)?$"
)
_NUMBER = regex.compile(
    r"^\s*(?:附件\s*\d*(?:[-—–]\d{1,2}(?!\d))?\s*[-—–:：.、]?|附?表\s*\d+(?:[-—–]\d{1,2}(?!\d))?\s*[:：.、]?|[(（]?[一二三四五六七八九十\d]{1,3}[)）]?\s*[.、．]"
    r"|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_REFERENCE = regex.compile(r"^(?:详?见|按照|根据|参照|附送|填报|填写|以上|上述|本表)")
_NUMBERED = regex.compile(
    r"^\s*(?:\d{1,3}\s*[.、．](?!\d)|[(（][一二三四五六七八九十\d]{1,3}[)）]\s*[.、．]?)\s*\S{2,40}$"
)
_CONTINUED = regex.compile(r"\s|[(（]?续表?\d?[)）]?$")
_SENTENCE = regex.compile(r"[。；！？]|[:：]$")
MAX_TITLE_CHARS = 200
MAX_CAPTION_CHARS = 60


def is_title(text: str) -> bool:
    """Whether a line is the title of a target table, and not a sentence that speaks of one."""
    if len(text) > MAX_TITLE_CHARS or "绩效" not in text:
        return False
    return _KIND.search(text) is not None and not _REFERENCE.match(text)


def is_numbered(text: str) -> bool:
    """Whether a line may name the next project by a number and a name alone: 2、乙项目."""
    return bool(_NUMBERED.match(text)) and not _SENTENCE.search(text) and not text.replace(" ", "").isdigit()


def ends_reach(text: str) -> bool:
    """Whether a line of running text ends the reach of a title above it; short captions (单位：万元) do not."""
    return len(text) > MAX_CAPTION_CHARS or ("。" in text)


@cache
def _generic() -> regex.Pattern[str]:
    """What names no project: years, and the words of ``headers.toml`` that a title of any project may hold."""
    words = "|".join(sorted(vocabulary.load("headers.toml")["titles"]["generic"], key=len, reverse=True))
    return regex.compile(rf"(?:20\d\d|二[〇○零]二[〇○零一二三四五六七八九]|年度?|{words}|[\s()（）\-—–~～至、])*+")


def name_in(title: str | None) -> str | None:
    """The project in a title: ``1、车辆保险费绩效目标表`` → ``车辆保险费``; 2025年部门预算项目… names none."""
    if title is None:
        return None
    name = _KIND.sub("", _NUMBER.sub("", title)).strip()
    return None if _generic().fullmatch(name) else name


def core(title: str) -> str:
    """What two titles of the same table share: no number, no 续, no spaces."""
    return _CONTINUED.sub("", _NUMBER.sub("", title))
