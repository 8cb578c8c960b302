"""A small grammar over the row of words of a text: which sense (DOMAIN §3) their roles make together.

The senses are tried from the most telling to the least; the words that decided are returned beside the sense.
"""

from __future__ import annotations

from typing import NamedTuple

from kpi.schema import Sense
from kpi.values.phrases import phrases

PUNCTUATION = " 。.,;:!?、\"'“”‘’()"
_PAIR = 2
_SHORT = 2  # characters of an unknown verb or adjective: 逐步减小, but not 逐步消纳土地
_MEASURES = ("degree", "becoming")
_QUALITIES = ("intensity", "norm", "make")
_PRAISE = ("intensity", "make", *_MEASURES)  # 方便快捷: no object, but how it is
_VERBS = ("create", "task", "turn", "")


class Word(NamedTuple):
    """A word of the text and the role it plays; ``role`` is empty for a stretch that plays none."""

    role: str
    start: int
    end: int
    text: str


def words_of(folded: str) -> list[Word]:
    """The row of words: known ones with their roles, what stands between them as stretches without one."""
    known = phrases()
    row: list[Word] = []
    at = 0

    def stretch(start: int, end: int) -> None:
        if not folded[start:end].strip(PUNCTUATION):
            return
        if row and not row[-1].role and row[-1].end == start:
            start = row.pop().start
        row.append(Word("", start, end, folded[start:end]))

    for found in known.words.finditer(folded):
        stretch(at, found.start())
        role = known.roles[found[0]]
        if role == "content":
            stretch(found.start(), found.end())
        else:
            row.append(Word(role, found.start(), found.end(), found[0]))
        at = found.end()
    stretch(at, len(folded))
    return row


def sense_of(row: list[Word]) -> tuple[Sense, list[Word]]:
    """The sense of a row of words and the words that decided; ``other`` with none where no role tells anything."""
    by_role: dict[str, list[Word]] = {}
    for word in row:
        by_role.setdefault(word.role, []).append(word)
    if "elsewhere" in by_role:
        return "other", by_role["elsewhere"]
    if task := _creates(row):
        return "task", [task]
    if "coverage" in by_role:
        return "coverage", by_role["coverage"]
    if "punctual" in by_role:
        return "punctual", by_role["punctual"]
    if _moves(row) or _becomes(row):
        return "direction_only", [w for w in row if w.role in (*_MEASURES, "direction", "turn", *_QUALITIES)]
    if _states(row):
        return "intensity_only", [w for w in row if w.role in (*_MEASURES, "intensity", "support")] or row[-1:]
    if _makes(row):
        return "task", [row[0]]
    if len(row) > 1 and row[0].role == "norm" and all(word.role == "intensity" for word in row[1:]):
        return "intensity_only", row  # 规范高效
    if "procedural" in by_role or "norm" in by_role:
        return "procedural", by_role.get("procedural", []) + by_role.get("norm", [])
    if len(row) > 1 and row[0].role in ("task", "turn") and any(word.role not in _PRAISE for word in row[1:]):
        return "task", [row[0]]
    if row and row[0].role == "support" and len(row) > 1 and (not row[1].role or row[1].text.endswith("发展")):
        return "task", [row[0]]  # 维护社会稳定, 助力高质量发展: a verb and what it is done to
    if "intensity" in by_role or "make" in by_role:
        return "intensity_only", [w for w in row if w.role in (*_MEASURES, "intensity", "make", "support")]
    if worked := by_role.get("task", []) + by_role.get("create", []) + by_role.get("turn", []):
        return _worked(row), worked
    if "support" in by_role:
        return "intensity_only", by_role["support"]
    if "direction" in by_role:
        return "direction_only", by_role["direction"]
    if "area" in by_role:
        return "coverage", by_role["area"]
    if "done" in by_role:
        return "other", by_role["done"]
    if measured := [w for w in row if w.role in _MEASURES]:
        return "intensity_only", measured
    return "other", []


def _worked(row: list[Word]) -> Sense:
    """What a verb says: with what it is done to behind it, a task; at the end, how things are or turn out."""
    if row[-1].role not in ("task", "create", "turn"):
        return "task"
    if row[-1].role == "turn":
        return "direction_only"
    return "intensity_only" if any(word.role in _MEASURES for word in row) else "other"


def _creates(row: list[Word]) -> Word | None:
    """The verb that calls something into being, with what it makes behind it: 积极营造全社会关心的氛围."""
    first = next((n for n, word in enumerate(row) if word.role not in (*_MEASURES, "intensity")), len(row))
    return row[first] if first + 1 < len(row) and row[first].role == "create" else None


def _moves(row: list[Word]) -> bool:
    """A direction with a degree, or as the first or the last word that counts: 生活水平不断提高, 提高, 增强凝聚力."""
    if len(row) > 1 and row[-1].role in ("turn", "make"):
        before = row[-2].role
        if before in _MEASURES or (before == "intensity" and len(row) == _PAIR):
            return True
    directions = [n for n, word in enumerate(row) if word.role == "direction"]
    if not directions:
        return False
    ends = {0, len(row) - 1}
    near_degree = any(row[m].role in _MEASURES for n in directions for m in (n - 1, n + 1) if 0 <= m < len(row))
    return near_degree or bool(ends & set(directions))


def _becomes(row: list[Word]) -> bool:
    """A quality that grows, or a verb at the end that does: 日益浓厚, 更加规范, 活力不断迸发, 根基进一步夯实."""
    for n, word in enumerate(row[:-1]):
        if word.role != "becoming":
            continue
        after = row[n + 1]
        if after.role in _QUALITIES:
            return True
        if after.role in _VERBS and n + _PAIR == len(row) and after.end - after.start <= _SHORT:
            return True
    return False


def _states(row: list[Word]) -> bool:
    """A verb of which something is said: 带动作用显著, 宣传到位, 保障单位工作正常开展."""
    if len(row) < _PAIR or row[0].role not in ("task", "turn", "support"):
        return False
    known = phrases()
    last, before = row[-1], row[-2]
    if last.text in known.predicates:
        return all(word.role for word in row) or before.text in known.effects
    return row[0].role == "support" and last.role == "support" and before.role == "intensity" and len(row) > _PAIR


def _makes(row: list[Word]) -> bool:
    """A quality that is a verb where an object follows: 健全长效机制, 规范市场秩序, but not 规范使用, 制度健全."""
    if len(row) < _PAIR:
        return False
    if row[0].role == "norm":
        return not row[1].role
    return row[0].role == "make" and (
        any(not word.role for word in row[1:]) or row[1].role in ("support", "task", "turn")
    )
