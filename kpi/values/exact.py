"""Exact decimal arithmetic: nothing is ever rounded, and a number keeps plain notation."""

from __future__ import annotations

from decimal import Context, Decimal

# Wide enough for every number the grammar admits (two runs of 41 digits, times 亿亿), so that nothing is rounded.
EXACT = Context(prec=200)
_UNIT = Decimal(1)


def trimmed(number: Decimal) -> Decimal:
    """``number`` without trailing zeros behind the point: ``0.90`` → ``0.9``, ``4E+3`` → ``4000``."""
    short = EXACT.normalize(number)
    return EXACT.quantize(short, _UNIT) if short == EXACT.to_integral_value(short) else short
