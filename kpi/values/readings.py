"""What a production of the grammar gives: the fields of a value and the place it was read from."""

from __future__ import annotations

from typing import Any, NamedTuple

from kpi.schema import Compound, DateValue, Note, Qualitative, Quantity, Range, Value
from kpi.values.units import Written


class Surroundings(NamedTuple):
    """What the cell's neighbours say: fiscal year, unit column, unit in the name's brackets."""

    year: int | None = None
    column_unit: Written | None = None
    name_unit: Written | None = None
    prose: bool = False

    @property
    def unit(self) -> Written | None:
        """The unit to use where the value prints none: the column's beats the name's."""
        return self.column_unit or self.name_unit


# Nothing is known around the value.
NOWHERE = Surroundings()


class Reading(NamedTuple):
    """One value read at ``text[start:end]``: its model and all fields but raw, span and label."""

    start: int
    end: int
    model: type[Quantity] | type[Range] | type[DateValue] | type[Compound] | type[Qualitative]
    fields: dict[str, Any]
    notes: tuple[Note, ...] = ()

    def noted(self, *notes: Note) -> Reading:
        """The same with ``notes`` besides its own."""
        return self._replace(notes=tuple(dict.fromkeys((*self.notes, *notes)))) if notes else self

    def build(self, raw: str, span: tuple[int, int], label: str | None = None) -> Value:
        """The frozen value, for ``raw`` and ``span`` as the caller sees them."""
        return self.model(raw=raw, span=span, notes=self.notes, label=label, **self.fields)
