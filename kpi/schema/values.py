"""A typed indicator value: a closed union discriminated by ``kind`` (CONTRACT §1)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kpi.schema.base import Frozen, Number, Span

Operator = Literal[">=", "<=", ">", "<", "=", "~"]
Dimension = Literal[
    "ratio", "money", "count", "duration", "length", "area", "volume", "mass",
    "energy", "power", "data", "concentration", "temperature", "score", "number",
]  # fmt: skip
Sense = Literal[
    "direction_only", "intensity_only", "procedural", "punctual", "coverage",
    "restatement", "task", "graded", "standard", "other",
]  # fmt: skip
Note = Literal[
    "unit_typo",  # a clear slip of the unit was read as the unit meant: 1各 → 1个
    "unit_inherited",  # the unit comes from a column or from the indicator's name
    "unit_conflict",  # value, unit column or name print units that disagree; the nearest to the value was used
    "stray_space",  # a space inside the number was closed: 14. 00 → 14.00
    "letter_for_digit",  # a letter O or l inside the number was read as the digit
    "leap_year_unknown",  # the end of February without a year
    "impossible_date",  # the text names a day that no calendar has: 2月30日
    "operator_conflict",  # sign and word disagree: ≥90%以下; the one before the number was used
    "suspected_misread",  # export or OCR damage is likely; `Indicator.meant` holds the likely value
    "sign_read_as_digit",  # only of a value that is meant: 292% was read for ≥92%
    "day_number",  # only of a value that is meant: a spreadsheet's number of a day, 44561 for 2021-12-31
    "percent_sign_lost",  # only of a value that is meant: a rate printed without its sign, 0.95 for 95%
    "not_understood",  # part of the text carries digits that no form of the grammar covers
    "truncated",  # the text was longer than `settings.MAX_VALUE_CHARS`, or took too long; only its head was read
]


class _Value(Frozen):
    """What all kinds of value share.

    ``raw`` is the text as given; ``span`` is where in ``raw`` the value stands. For a part of a compound and
    for a value found in prose ``raw`` is the slice, and ``span`` indexes the surrounding text.
    """

    raw: str
    span: Span
    notes: tuple[Note, ...] = ()
    label: str | None = Field(None, description="words before a part of a compound, else null")


class Quantity(_Value):
    """One bound on one number. ``base_magnitude`` counts ``base_unit``: ``≤0.4万元`` → 4000 元."""

    kind: Literal["quantity"] = "quantity"
    operator: Operator
    operator_written: bool
    magnitude: Number
    unit: str | None
    per: str | None = None
    dimension: Dimension
    base_magnitude: Number
    base_unit: str | None
    change: Literal["increase", "decrease"] | None = None
    baseline: str | None = None


class Bound(Frozen):
    """One end of a range."""

    magnitude: Number
    base_magnitude: Number
    inclusive: bool


class Range(_Value):
    """Two bounds on the same number. ``operator_written`` only for comparison signs or words."""

    kind: Literal["range"] = "range"
    lower: Bound
    upper: Bound
    operator_written: bool
    unit: str | None
    per: str | None = None
    dimension: Dimension
    base_unit: str | None
    change: Literal["increase", "decrease"] | None = None
    baseline: str | None = None


DateOperator = Literal["<=", ">=", "in", "="]
Precision = Literal["day", "ten_days", "month", "quarter", "half_year", "year"]
Recurrence = Literal["year", "half_year", "quarter", "month", "week", "day"]


class DateValue(_Value):
    """A deadline, a period or a recurring date. Dates are ``YYYY-MM-DD`` with ``XXXX`` / ``XX`` for the unknown."""

    kind: Literal["date"] = "date"
    operator: DateOperator
    operator_written: bool
    start: str | None
    end: str | None
    precision: Precision
    year_written: bool
    recurs: Recurrence | None = None


class YesNo(_Value):
    """``是`` / ``否``; ``answer`` is null where both are printed."""

    kind: Literal["yes_no"] = "yes_no"
    answer: bool | None


class Term(Frozen):
    """A word that decided something, and where it stands in the value's ``raw``."""

    text: str
    span: Span


class Qualitative(_Value):
    """A wording without a quantity; ``sense`` says in which way it is vague (or that it is a grade, a standard)."""

    kind: Literal["qualitative"] = "qualitative"
    sense: Sense
    confidence: Number
    terms: tuple[Term, ...] = ()


class Empty(_Value):
    """Nothing is there: an empty cell, a dash, 无, 不涉及."""

    kind: Literal["empty"] = "empty"


class Compound(_Value):
    """Several values in one cell; each part's ``span`` is relative to the outer ``raw``."""

    kind: Literal["compound"] = "compound"
    parts: tuple[Value, ...]
    join: Literal["and", "or", "with"]


Value = Annotated[Quantity | Range | DateValue | YesNo | Qualitative | Compound | Empty, Field(discriminator="kind")]
Compound.model_rebuild()
