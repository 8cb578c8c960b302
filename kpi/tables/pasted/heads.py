"""The head of a project in a run of tokens: its labels, and what stands behind each of them, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from kpi.documents import Cell, Row
from kpi.documents.cleaning import clean
from kpi.schema import Quantity
from kpi.tables import vocabulary
from kpi.tables.pasted.stream import Gap, Token, cell, joined
from kpi.values import parse_value

_MONEY = frozenset({"budget", "whole_budget", "fiscal", "other"})
_LABELS = frozenset({"code", "name", "block", "plan", "goals", "unit", "department", "purpose"}) | _MONEY
_HEAD_TOKENS = 300
_MOST_LABEL = 24
_MOST_PARTS = 6

Part = tuple[str | None, Token]  # a token, and the label that it is


def begin_of_head(tokens: Sequence[Token], previous: int, heading: int) -> int:
    """The first label of the head above the heading at ``heading``, behind ``previous``; ``heading`` without a head.

    The head stands below the last title or caption; where there is none, two labels must stand together.
    """
    begin = max(previous, heading - _HEAD_TOKENS)
    titled = False
    for at in range(heading - 1, begin - 1, -1):
        if tokens[at].gap & Gap.OWN:
            begin, titled = at + 1, True
            break
        if tokens[at].gap & Gap.WALL:
            begin = at
            break
    labels: list[int] = []
    at = begin
    while at < heading:
        end, label = _label_at(tokens, at, heading)
        if label in _LABELS:
            labels.append(at)
        at = end
    return labels[0] if len(labels) > (0 if titled else 1) else heading


def rows(tokens: Sequence[Token]) -> Iterator[Row]:
    """The labels in ``tokens`` and what stands behind each of them, in rows as a table has them."""
    block: list[Cell] = []  # the row of 预算规模及资金用途, whose amounts stand in one row and its purpose below
    known: dict[str, str] = {}
    for labels, body in _labelled(tokens):
        last = labels[-1][0]
        cells = [cell([token]) for _, token in labels]
        if any(label == "block" for label, _ in labels):
            block = [Cell("")]
        if last in _MONEY:
            amounts, rest = _amounts(last, body, known, single=bool(block))
            if block:
                block = [*(block if block[0].text else []), *cells, *amounts]
                if rest:
                    yield tuple(block)
                    yield Cell(""), cell(rest)
                    block = []
                continue
            yield (*cells, *amounts)
            if rest:
                yield (Cell(""), *(cell([token]) for token in rest))
            continue
        if block and block[0].text:
            yield tuple(block)
        block = []
        if last == "plan":
            yield from _plan(tuple(cells), body)
        elif last == "goals":
            # 预期目标 is a label where it stands alone, and a sub-heading behind 年度总体目标.
            own = next((n for n, (_, token) in enumerate(labels) if n and _is_sub_heading(token)), len(labels))
            yield from _goals(tuple(cells[:own]), [*(token for _, token in labels[own:]), *body])
        else:
            yield (*cells, *([cell(body)] if body else []))
    if block and block[0].text:
        yield tuple(block)


def _labelled(tokens: Sequence[Token]) -> Iterator[tuple[list[Part], list[Token]]]:
    """Each label, or several that follow one another, with the tokens behind it."""
    labels: list[Part] = []
    body: list[Token] = []
    for part in _parts(tokens):
        if part[0] and body:
            yield labels, body
            labels, body = [], []
        if part[0]:
            labels.append(part)
        elif labels:
            body.append(part[1])
    if labels:
        yield labels, body


def _label(text: str) -> str | None:
    return vocabulary.head_label(clean(text)) if len(text) <= _MOST_LABEL else None


def _label_at(tokens: Sequence[Token], at: int, limit: int) -> tuple[int, str | None]:
    """Behind the longest label that begins at ``at``, put together where blanks broke it, and its field."""
    end, label = at + 1, _label(tokens[at].text)
    text = tokens[at].text
    for n in range(at + 1, min(at + _MOST_PARTS, limit)):
        text += tokens[n].text
        if len(text) > _MOST_LABEL or tokens[n].gap & (Gap.ROW | Gap.WALL):
            break
        if found := _label(text):
            end, label = n + 1, found
    return end, label


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    at = 0
    while at < len(tokens):
        end, label = _label_at(tokens, at, len(tokens))
        yield label, joined(tokens[at:end])
        at = end


# ------------------------------------------------------------------------------------------ amounts

_AMOUNT = regex.compile(r"[¥￥]?(?:\d[\d,，]*+(?:\.\s?\d+)?)\s?(?:万?元|亿元|千元)?")
_BROKEN = regex.compile(r"\d+\.")


def _amounts(
    label: str, body: Sequence[Token], known: dict[str, str], *, single: bool
) -> tuple[list[Cell], Sequence[Token]]:
    """The figures at the beginning of ``body``, the first only where it is a ``single`` one, and what follows them."""
    cells: list[Cell] = []
    at = 0
    while at < len(body) and not (single and cells):
        end = at + (2 if _BROKEN.fullmatch(body[at].text) and body[at + 1 : at + 2] else 1)
        figure = cell(body[at:end])
        if not _AMOUNT.fullmatch(figure.text) or not _is_amount(label, figure.text, body[end : end + 1], known):
            break
        known.setdefault(label, figure.text)
        cells.append(figure)
        at = end
    return cells, body[at:]


def _is_amount(label: str, text: str, behind: Sequence[Token], known: dict[str, str]) -> bool:
    """Whether a figure is the amount of ``label`` rather than the first word of a text: 其他资金 2023 年市级补助…."""
    if not behind or "." in text or behind[0].gap & ~Gap.SPACE or not text.isdecimal():
        return True
    if label != "other" or "budget" not in known or "fiscal" not in known:
        return not behind[0].text.startswith(("年", "月", "日"))
    budget, fiscal, other = (parse_value(part) for part in (known["budget"], known["fiscal"], text))
    if not (isinstance(budget, Quantity) and isinstance(fiscal, Quantity) and isinstance(other, Quantity)):
        return False
    return budget.magnitude == fiscal.magnitude + other.magnitude


# ------------------------------------------------------------------------------------------ spending plan

_FIGURE = regex.compile(r"\d[\d,，]*+(?:\.\s?\d+)?\s?(?:[%％]|万?元)?")
_INTEGER = regex.compile(r"\d{1,4}")
_OF_PERIOD = ("年", "月", "季", "日")
_ENDS = ("底", "末", "前", "初")


def _plan(label: Row, body: Sequence[Token]) -> Iterator[Row]:
    """The periods and, below them, their figures: fewer of them stand under the last periods."""
    cells = [cell(parts) for parts in _units(body)]
    figures = [bool(_FIGURE.fullmatch(each.text)) for each in cells]
    periods = next((at for at, is_figure in enumerate(figures) if is_figure), len(cells))
    if not all(figures[periods:]) or len(cells) - periods > periods:
        yield (*label, *cells)
        return
    yield (*label, *cells[:periods])
    gap = [Cell("")] * (len(label) + 2 * periods - len(cells))
    if periods < len(cells):
        yield (*gap, *cells[periods:])


def _units(body: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each period and figure: 3 + 月底, 14. + 00."""
    unit: list[Token] = []
    for token in body:
        drawn = unit and (
            (_INTEGER.fullmatch(unit[-1].text) and token.text.startswith(_OF_PERIOD))
            or (unit[-1].text.endswith(_OF_PERIOD) and token.text.startswith(_ENDS))
            or (_BROKEN.fullmatch(unit[-1].text) and token.text[0].isdecimal())
        )
        if unit and (not drawn or token.gap & ~(Gap.SPACE | Gap.LINE)):
            yield unit
            unit = []
        unit.append(token)
    if unit:
        yield unit


# ------------------------------------------------------------------------------------------ goals

_NUMBERED = regex.compile(r"(?:目标\s*)?(?:[(（]?(?P<n>\d{1,2})(?:[)）.．、:：]|$)|(?P<n>[①-⑳]))")


def _goals(label: Row, body: Sequence[Token]) -> Iterator[Row]:
    """The goals; below sub-headings (年度目标, 实际完成情况) one text for each, where they can be told apart."""
    headings = 0
    while headings < len(body) and _is_sub_heading(body[headings]):
        headings += 1
    below = body[headings:]
    if headings < 2:
        yield (*label, *([cell(below)] if below else []))
        return
    yield (*label, *(cell([token]) for token in body[:headings]))
    texts = [[token] for token in below] if len(below) == headings else list(_numbered(below))
    if len(texts) == headings:
        yield (*[Cell("")] * len(label), *map(cell, texts))


def _is_sub_heading(token: Token) -> bool:
    return vocabulary.goal_heading(clean(token.text[: _MOST_LABEL + 1])) is not None


def _numbered(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The texts of several cells: another begins where the numbers begin again, and where they end."""
    text: list[Token] = []
    last = 0
    for token in tokens:
        found = _NUMBERED.match(token.text)
        number = (int(found["n"]) if found["n"].isdecimal() else ord(found["n"]) - ord("①") + 1) if found else 0
        if text and (number == 1 or (last and not number)):
            yield text
            text = []
        text.append(token)
        last = number
    if text:
        yield text
