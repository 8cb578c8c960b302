"""Whose document it is, for which year, in which money unit: read from captions, titles and the opening sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import regex

from kpi.documents import Document, Table
from kpi.schema import Organisation
from kpi.tables import money

# 434001区政府办…: a caption line with the budget code before the name.
_CODED = regex.compile(r"(?P<code>\d{3,9})\s*(?P<name>[\p{Han}][\p{Han}（）()·]{2,60})")
# 现将…2020年部门预算公开如下; …2020年部门预算公开说明
_NAMED = regex.compile(
    r"(?:^|现将|第[一二三四五六七八九十]部分\s*)(?P<name>[\p{Han}（）()·]{4,60}?)(?:部门|单位|本级)?\s*"
    r"(?P<year>20\d\d)\s*年度?(?:部门|单位)?(?:整体|项目)?(?:支出)?(?:预算|决算|绩效)"
)
_YEAR_CAPTION = regex.compile(r"(?:预算|填报|申报)?年度[:：]?\s*(?P<year>20\d\d)")
_YEAR = regex.compile(r"(?P<year>20\d\d)\s*年度?\s*(?:部门|单位)?(?:整体|项目)?(?:支出)?(?:预算|决算|绩效)")
_UNIT_NAME = regex.compile(
    r"(?:公司|中心|局|办|处|院|校|会|所|队|站|馆|部|委|厅|府|团|社|区|县|镇|乡|村|园|库|室|级|关|署|台|厂|行|组|学|库|场)(?:（[^）]*）|\([^)]*\))?$"
)
_OPENING_BLOCKS = 40


def _texts(document: Document) -> Iterable[str]:
    """Paragraphs, and cells of rows short enough to be captions."""
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                filled = [cell.text for cell in row if cell.text]
                if len(filled) <= 3:
                    yield from filled
        else:
            yield block.text


def coded_organisation(text: str) -> Organisation | None:
    """The organisation of a caption with its budget code: ``611002秦皇岛市…办事处``."""
    found = _CODED.fullmatch(text)
    if found is None or not _UNIT_NAME.search(found["name"]):
        return None
    return Organisation(name=found["name"], code=found["code"])


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
        before = paragraph.text if len(paragraph.text) <= _OPENING_BLOCKS else ""
    return Organisation(name=names.most_common(1)[0][0] if names else None)


def fiscal_year(document: Document) -> int | None:
    """The budget year: captions (预算年度：2024) speak first, then how titles and sentences name the budget."""
    captions: Counter[int] = Counter()
    mentions: Counter[int] = Counter()
    for text in _texts(document):
        captions.update(int(found["year"]) for found in _YEAR_CAPTION.finditer(text))
        mentions.update(int(found["year"]) for found in _YEAR.finditer(text))
    votes = captions or mentions
    return votes.most_common(1)[0][0] if votes else None


def money_unit(document: Document) -> str | None:
    """The money unit announced most often."""
    units = Counter(unit for text in _texts(document) if (unit := money.unit_of(text)))
    return units.most_common(1)[0][0] if units else None
