"""Exact decimal arithmetic: nothing is ever rounded, and a number keeps plain notation."""

from __future__ import annotations

from decimal import Context, Decimal

# Wide enough for every number the grammar admits (two runs of 41 digits, times 亿亿), so that nothing is rounded.
EXACT = Context(prec=200)


def trimmed(number: Decimal) -> Decimal:
    """``number`` without trailing zeros behind the point: ``0.90`` → ``0.9``, ``4E+3`` → ``4000``."""
    return Decimal(digits(number))


def digits(number: Decimal) -> str:
    """The digits of :func:`trimmed`, in plain notation."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
