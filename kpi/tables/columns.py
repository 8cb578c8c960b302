"""Which column of an indicator table holds which field, and what a row says by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kpi.documents import Row
from kpi.tables import offered, vocabulary
from kpi.tables.offered import Offer

Horizon = Literal["annual", "whole_period"]


@dataclass(frozen=True)
class Columns:
    """Which column holds which field. ``width`` is the number of cells, ``unread`` the value columns left over.

    ``offers`` are the columns of values with claims as good as one another, the one in ``fields`` among them: which
    of them counts may depend on the fiscal year. ``unit_above`` is the unit in a heading that a second row splits.
    ``beside`` are further blocks of the same rows: the year beside the whole period, one place beside another.
    A ``tree`` has its tiers in the column of the names, on rows of their own. ``headed`` are the columns over which
    a heading stands: a heading without neighbours to its right reaches over all columns up to the next.
    """

    fields: dict[str, int]
    width: int
    unread: tuple[str, ...] = ()
    horizon: Horizon | None = None
    place: str | None = None
    tree: bool = False
    headed: frozenset[int] = frozenset()
    offers: tuple[Offer, ...] = ()
    unit_above: str | None = None
    beside: tuple[Columns, ...] = ()

    @property
    def blocks(self) -> tuple[Columns, ...]:
        """All blocks of a row, from left to right."""
        return (self, *self.beside)

    def over(self, horizons: Sequence[Horizon]) -> Columns:
        """These columns, their blocks under ``horizons``."""
        blocks = [replace(block, horizon=h, beside=()) for block, h in zip(self.blocks, horizons, strict=True)]
        return side_by_side(blocks)

    def for_year(self, year: int | None) -> Columns:
        """These columns with the values of the fiscal ``year``, where several columns offer one."""
        if all(len(block.offers) < 2 for block in self.blocks):
            return self
        blocks = [block._for_year(year) for block in self.blocks]
        return side_by_side(blocks)

    def _for_year(self, year: int | None) -> Columns:
        fields, unread = dict(self.fields), list(self.unread)
        for field in dict.fromkeys(offer.field for offer in self.offers):
            offers = [offer for offer in self.offers if offer.field == field]
            best = offered.chosen(offers, year)
            fields[field] = best.at
            unread += [offer.text for offer in offers if offer is not best]
        return replace(self, fields=fields, unread=tuple(unread), beside=())

    @cached_property
    def unit(self) -> str | None:
        """The unit that the heading of the value names: 指标值（%）."""
        at = self.fields.get("value")
        return next((offer.unit for offer in self.offers if offer.at == at), None) or self.unit_above

    def with_tiers_of(self, rows: Sequence[Row]) -> Columns:
        """These columns, with a first tier in the column left of the others where its heading is unreadable."""
        left = min(self.fields.values()) - 1
        if "tier1" in self.fields or self.tree or left < 0 or "tier2" not in self.fields:
            return self
        told = [row[left].text for row in rows if left < len(row) and row[left].text]
        return replace(self, fields={"tier1": left, **self.fields}) if any(map(vocabulary.tier1, told)) else self

    def widened_for(self, below: Row) -> Columns:
        """These columns, moved on by one where a cut copy lost the first tier's heading but not its cells ``below``.

        So it is as well where the first tier's heading stands in the row above, over blocks side by side.
        """
        lost = all("tier1" not in block.fields for block in self.blocks) and len(below) == self.width + 1
        if not lost or vocabulary.tier1(below[0].text) is None or self.fields.get("tier2") != 0:
            return self
        return side_by_side(
            [
                replace(
                    block,
                    fields={"tier1": 0} | {name: at + 1 for name, at in block.fields.items()},
                    width=self.width + 1,
                    headed=frozenset({0, *(at + 1 for at in block.headed)}),
                    offers=tuple(offer._replace(at=offer.at + 1) for offer in block.offers),
                )
                for block in self.blocks
            ]
        )

    def text(self, row: Row, field_name: str) -> str:
        """The text of the field's cell in ``row``, empty where it has none.

        Under a heading over several columns the parts of a value (≥ | 90 | %) are joined, of several values the first
        counts; of other cells the first that is no serial number.
        """
        at = self.fields.get(field_name)
        if at is None or at >= len(row):
            return ""
        if field_name not in self._wide:
            return row[at].text
        reach = self._reach[field_name]
        found = [cell.text for cell in row[reach.start : reach.stop] if cell.text]
        if field_name == "value":
            return offered.joined(found)[0]
        return next((text for text in found if not text.isdigit()), found[0] if found else "")

    def left_over(self, row: Row) -> tuple[str, ...]:
        """The values in ``row``, beside the one that is read, that stand under the same heading."""
        if "value" not in self._wide:
            return ()
        reach = self._reach["value"]
        return offered.joined([cell.text for cell in row[reach.start : reach.stop] if cell.text])[1]

    def at(self, row: Row, field_name: str) -> int:
        """The column of the field's first filled cell in ``row``, else the one of its heading."""
        reach = self._reach[field_name]
        return next((n for n in reach if n < len(row) and row[n].text), reach.start)

    @cached_property
    def _reach(self) -> dict[str, range]:
        ends = {
            at: min((other for other in self.headed if other > at), default=max(self.width, at + 1))
            for at in self.fields.values()
        }
        return {name: range(at, ends[at]) for name, at in self.fields.items()}

    @cached_property
    def _wide(self) -> frozenset[str]:
        """The fields whose heading reaches over several columns."""
        return frozenset(name for name, reach in self._reach.items() if len(reach) > 1)

    @cached_property
    def spans(self) -> dict[int, str]:
        """The columns under a heading of values (planned or reached) that reaches over several, with its field."""
        return {at: name for name in ("value", "actual") if name in self._wide for at in self._reach[name]}

    def moved(self, by: int) -> Columns:
        """These columns, all that is right of the value moved on by ``by``."""
        value = self.fields["value"]

        def place_of(at: int) -> int:
            return at + by if at > value else at

        fields = {name: place_of(at) for name, at in self.fields.items()}
        offers = tuple(offer._replace(at=place_of(offer.at)) for offer in self.offers)
        headed = frozenset(map(place_of, self.headed))
        return replace(self, fields=fields, width=self.width + by, headed=headed, offers=offers)


def side_by_side(blocks: list[Columns]) -> Columns:
    """The columns of all ``blocks``, from left to right."""
    return replace(blocks[0], beside=tuple(blocks[1:]))


def is_tier_line(row: Row, columns: Columns) -> bool:
    """Whether a row of a tree names a tier and nothing else."""
    return not columns.text(row, "value") and vocabulary.is_tier(columns.text(row, "name"))
