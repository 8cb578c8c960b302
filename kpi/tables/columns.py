"""Which column of an indicator table holds which field, from its heading row (or two)."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.documents import Row
from kpi.tables import vocabulary
from kpi.tables.vocabulary import Claim


@dataclass(frozen=True)
class Columns:
    """Which column holds which field. ``width`` is the number of cells, ``unread`` the value columns left over."""

    fields: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()

    def text(self, row: Row, field_name: str) -> str:
        """The text of the field's cell in ``row``, empty where it has none."""
        at = self.fields.get(field_name)
        return row[at].text if at is not None and at < len(row) else ""

    def split_by(self, row: Row) -> Columns | None:
        """These columns, where ``row`` is a second heading row that splits one of them; else ``None``."""
        filled = [(at, cell.text) for at, cell in enumerate(row) if cell.text]
        claims = {at: vocabulary.column_claims(text) for at, text in filled}
        if (
            len(filled) < 2
            or not all(claims.values())
            or any(c[0].field in ("tier1", "tier2") for c in claims.values())
        ):
            return None
        found = dict(self.fields)
        for at, (claim, *_) in claims.items():
            if claim.field == "value" or claim.field not in self.fields:
                found[claim.field] = at
        return Columns(found, max(self.width, len(row)), self.unread) if found != self.fields else None


def columns_of(row: Row) -> Columns | None:
    """The columns of a heading row, or ``None`` where ``row`` is none: a value, and two of tier, tier and name."""
    claims = {at: vocabulary.column_claims(cell.text) for at, cell in enumerate(row) if cell.text}
    fields = _assigned({at: list(found) for at, found in claims.items() if found})
    if "value" not in fields or len({"tier1", "tier2", "name"} & fields.keys()) < 2:
        return None
    taken = set(fields.values())
    unread = tuple(
        row[at].text for at, found in claims.items() if at not in taken and found and found[0].field == "value"
    )
    return Columns(fields, len(row), unread)


def _assigned(claims: dict[int, list[Claim]]) -> dict[str, int]:
    """Each column to the first field that it claims and no surer column does; the losers try their next field."""
    fields: dict[str, int] = {}
    while claims:
        best: dict[str, tuple[int, int]] = {}
        for at, wanted in claims.items():
            claim = wanted[0]
            if claim.field not in fields:
                best[claim.field] = min(best.get(claim.field, (claim.rank, at)), (claim.rank, at))
        fields.update({field: at for field, (_, at) in best.items()})
        claims = {at: wanted[1:] for at, wanted in claims.items() if at not in fields.values() and len(wanted) > 1}
    return fields
