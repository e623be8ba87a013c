"""Exact arithmetic of the oracle: money as whole numbers of 1e-12 (pico), rounded half away from zero."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

PICO = 10**12
NUMERIC_TEXT = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
DIGITS_LIMIT = 22


def half_away(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def pico(value: Fraction) -> int:
    """`value` in units of 1e-12."""
    return half_away(value * PICO)


def times(amount: int, factor: Decimal) -> int:
    """`amount` (pico) × `factor`, in pico."""
    return half_away(amount * Fraction(factor))


def decimal(amount: int | None) -> Decimal | None:
    """`amount` (pico) as a decimal of twelve places, whatever its length."""
    return None if amount is None else Decimal(f"{amount}e-12")


def in_pico(amount: Decimal) -> int:
    """What `decimal` was made of."""
    return int(Fraction(amount) * PICO)


def added(parts: list[int | None]) -> int | None:
    """The sum; None when every part is None."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def shares(total: int | None, days: int) -> list[int | None]:
    """`total` over `days`: each gets the part cut toward zero, the last one the rest."""
    if total is None:
        return [None] * days
    part = abs(total) // days if total >= 0 else -(abs(total) // days)
    return [*[part] * (days - 1), total - part * (days - 1)]


def amount_of(value: Any) -> Fraction | None:
    """The number an amount says; None where it is unreadable or too long to be money."""
    if isinstance(value, str) and NUMERIC_TEXT.fullmatch(value):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite() or (number and number.adjusted() >= DIGITS_LIMIT):
        return None
    return Fraction(number)
