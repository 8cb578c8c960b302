"""Whose document it is, for which year, in which money unit: read from captions, titles and the opening sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import regex

from kpi.documents import Document, Table
from kpi.schema import Organisation
from kpi.tables import money, vocabulary

# 434001区政府办…, [123]某市城管局: a caption line with the budget code before the name.
_CODED = regex.compile(r"[\[【(（]?(?P<code>\d{3,9})[\]】)）]?\s*[-—]?\s*(?P<name>[\p{Han}][\p{Han}（）()·]{2,60})")
# 现将…2020年部门预算公开如下; …2020年部门预算公开说明
_NAMED = regex.compile(
    r"(?:^|现将|第[一二三四五六七八九十]部分\s*)(?P<name>[\p{Han}（）()·]{4,60}?)(?:部门|单位|本级)?\s*"
    r"(?P<year>20\d\d)\s*年度?(?:部门|单位)?(?:整体|项目)?(?:支出)?(?:预算|决算|绩效)"
)
_YEAR_CAPTION = regex.compile(
    r"(?:预算|填报|申报)?年度\s*[:：]\s*(?P<year>20\d\d)(?:年度?)?|[(（]?\s*(?P<year>20\d\d)\s*年度?\s*[)）]?"
)
_YEAR_OF_TITLE = regex.compile(r"[(（]\s*(?P<year>20\d\d)\s*年度?\s*[)）]")
_YEAR_FIRST = regex.compile(
    r"\s*(?:附?表\s*\d+\s*|附件\s*\d*\s*[:：]?)?(?P<year>20\d\d)\s*年度?(?=部门|单位|项目|专项|预算)[^。]{0,40}表"
)
_YEAR = regex.compile(
    r"(?<![上去前])(?P<year>20\d\d)\s*年度?\s*(?:部门|单位)?(?:整体|项目)?(?:支出)?(?:预算|决算|绩效)"
)
_CENTURY = "20"  # every year that is looked for begins so: most texts need not be searched
_OPENING_BLOCKS = 40
_SHORT_LINE = 40  # characters of a line that may go on in the next one


def _texts(document: Document) -> Iterable[str]:
    """Paragraphs, and cells of rows short enough to be captions."""
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                filled = [cell.text for cell in row if cell.text]
                if len(filled) <= 3 and sum(map(vocabulary.is_period, filled)) < 2:  # else headings: 2024年 | 2025年
                    yield from filled
        else:
            yield block.text


def coded_organisation(text: str) -> Organisation | None:
    """The organisation of a caption with its budget code: ``611002秦皇岛市…办事处``."""
    found = _CODED.fullmatch(text)
    if found is None or not vocabulary.is_organisation(found["name"]):
        return None
    return Organisation(name=found["name"], code=found["code"])


_BY_TITLE = regex.compile(
    r"(?:附件[\d\-—–]*\s*[:：.、]?\s*)?+(?P<year>20\d\d年度?\s*)?(?P<name>[\p{Han}（）()]{4,40}?)"
    r"(?:\s*20\d\d年度?(?:部门|单位|预算|项目|整体|支出)*|(?:部门预算|预算|部门)?(?:项目支出|部门整体支出|整体支出))"
    r"绩效(?:目标|自评|评价)"
)


def titled_organisation(title: str) -> Organisation | None:
    """The organisation that a title names before its kind or year: ``某县城管局2025年项目支出绩效目标表``."""
    found = _BY_TITLE.match(title)
    if not found or not vocabulary.is_organisation(found["name"]):
        return None
    # What a year stands before is rather a project (2025年新建图书馆…), unless nothing but an office ends so.
    return Organisation(name=found["name"]) if not found["year"] or vocabulary.is_authority(found["name"]) else None


def organisation(document: Document) -> Organisation:
    """The document's organisation: the commonest coded caption, else the name in its title or opening sentence."""
    coded = Counter(org for text in _texts(document) if (org := coded_organisation(text)))
    if coded:
        return coded.most_common(1)[0][0]
    names: Counter[str] = Counter()
    before = ""
    for paragraph in list(document.paragraphs)[:_OPENING_BLOCKS]:
        for text in (paragraph.text, before + paragraph.text):
            if found := _NAMED.search(text):
                names[found["name"]] += 1
        before = paragraph.text if len(paragraph.text) <= _SHORT_LINE else ""
    return Organisation(name=names.most_common(1)[0][0] if names else None)


def year_in(*texts: str | None) -> int | None:
    """The year that a head cell (2024), a title (…（2024年度）) or a caption (2024年度, 预算年度：2024) prints."""
    for text in texts:
        if not text or _CENTURY not in text:
            continue
        if text.isdigit() and len(text) == 4 and text.startswith("20"):
            return int(text)
        if found := _YEAR_CAPTION.fullmatch(text.strip()) or _YEAR_OF_TITLE.search(text) or _YEAR_FIRST.match(text):
            return int(found["year"])
    return None


def fiscal_year(document: Document) -> int | None:
    """The budget year: captions (预算年度：2024) speak first, then how titles and sentences name the budget."""
    captions: Counter[int] = Counter()
    mentions: Counter[int] = Counter()
    for text in _texts(document):
        if (year := year_in(text)) and not text.isdigit():
            captions[year] += 1
        if _CENTURY in text:
            mentions.update(int(found["year"]) for found in _YEAR.finditer(text))
    votes = captions or mentions
    return votes.most_common(1)[0][0] if votes else None


def money_units(document: Document) -> list[str]:
    """The money units that the document announces, the commonest first."""
    units = Counter(unit for text in _texts(document) if (unit := money.unit_of(text)))
    return [unit for unit, _ in units.most_common()]
