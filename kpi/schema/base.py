"""What all types share: frozen models, decimal numbers as plain strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer

SCHEMA_VERSION = "1.0"


def plain(number: Decimal) -> str:
    """``number`` in plain notation, never with an exponent: ``Decimal("4E+3")`` → ``"4000"``."""
    return format(number, "f")


Number = Annotated[Decimal, PlainSerializer(plain, return_type=str, when_used="json")]
Span = tuple[int, int]


class Frozen(BaseModel):
    """Base of all types: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
