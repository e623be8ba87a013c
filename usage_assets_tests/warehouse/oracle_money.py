"""Compute money exactly: whole numbers of 1e-12 (pico), rounded half away from zero."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

PICO = 10**12
NUMERIC_TEXT = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
DIGITS_LIMIT = 22


def half_away(value: Fraction) -> int:
    """Return the nearest whole number; a half is rounded away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def pico(value: Fraction) -> int:
    """Return `value` in units of 1e-12."""
    return half_away(value * PICO)


def times(amount: int, factor: Decimal) -> int:
    """Return `amount` (pico) × `factor`, in pico."""
    return half_away(amount * Fraction(factor))


def decimal(amount: int | None) -> Decimal | None:
    """Return `amount` (pico) as a decimal of twelve places, of any length."""
    return None if amount is None else Decimal(f"{amount}e-12")


def in_pico(amount: Decimal) -> int:
    """Return the pico of a decimal that `decimal` returned."""
    return int(Fraction(amount) * PICO)


def added(parts: list[int | None]) -> int | None:
    """Return the sum; None when every part is None."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def shares_of(total: int | None, days: int) -> list[int | None]:
    """Return the shares of `total` over `days`: each is truncated toward zero, the last day gets the rest."""
    if total is None:
        return [None] * days
    part = abs(total) // days if total >= 0 else -(abs(total) // days)
    return [*[part] * (days - 1), total - part * (days - 1)]


def amount_of(value: Any) -> Fraction | None:
    """Return the number in an amount; None if it is unreadable or too large."""
    if isinstance(value, str) and NUMERIC_TEXT.fullmatch(value):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite() or (number and number.adjusted() >= DIGITS_LIMIT):
        return None
    return Fraction(number)
