"""Second tiers without an indicator (生态效益指标, and nothing behind it): no names of indicators themselves."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.documents.cleaning import clean
from kpi.tables import vocabulary
from kpi.tables.fit import sort_of
from kpi.tables.pasted.decode import Filled
from kpi.tables.pasted.stream import joined

_ENDINGS = ("指标", "目标", ")", "）")
_TIERS = ("tier1", "tier2")


def without_lone_tiers(rows: Sequence[Filled], fields: Sequence[str]) -> list[Filled]:
    """``rows``, where a tier that stands for a name with nothing behind it is the tier of its row or of the next."""
    if not {"tier1", "tier2", "name"} <= set(fields):
        return list(rows)
    first, second, name = (fields.index(field) for field in (*_TIERS, "name"))
    found = [dict(row) for row in rows]
    for at, row in enumerate(found):
        if name not in row or any(n not in (first, second, name) for n in row):
            continue
        text = clean(joined(row[name]).text)
        if sort_of(text).kind != "tier" or not text.endswith(_ENDINGS):
            continue
        behind = found[at + 1] if at + 1 < len(found) else {}
        if vocabulary.tier1(text) and second in behind and first not in behind:
            behind[first] = row.pop(name)
        elif vocabulary.tier2(text):
            row[second] = row.pop(name)
    return [row for row in found if row]
