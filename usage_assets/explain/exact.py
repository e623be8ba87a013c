"""Decimals that are never rounded by accident: their text, their sums, and the two roundings that money has.

What the numbers mean is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

DECIMALS = 12
PRECISION = 20_000  # more digits than any number that loads
EXACT = Context(prec=PRECISION, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
ROUNDING = Context(prec=PRECISION, rounding=ROUND_HALF_UP)
STEP = Decimal(1).scaleb(-DECIMALS)


def plain(number: Decimal) -> str:
    """Returns every digit of `number` and no superfluous zero: no exponent, no separators."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Returns the sum, every digit of it."""
    added = Decimal(0)
    for number in numbers:
        added = EXACT.add(added, number)
    return added


def product(one: Decimal | int, other: Decimal) -> Decimal:
    """Returns the product, every digit of it."""
    return EXACT.multiply(Decimal(one), other)


def rounded(number: Decimal) -> Decimal:
    """Returns `number` at the twelve decimals that money has, halves away from zero."""
    return number.quantize(STEP, context=ROUNDING)


def truncated_share(whole: Decimal, parts: int) -> Decimal:
    """Returns one of equal parts of money, truncated toward zero at its twelfth decimal."""
    units = int(whole.scaleb(DECIMALS, context=EXACT))
    share = abs(units) // parts
    return Decimal(-share if units < 0 else share).scaleb(-DECIMALS, context=EXACT)


def sum_text(numbers: Iterable[Decimal]) -> str:
    """Returns the sum as it is written down before it is added up."""
    return " + ".join(map(plain, numbers)) or "0"


def equation(written: str, result: Decimal) -> str:
    """Returns `written = result`; the number alone where there is nothing to reckon."""
    return written if written == plain(result) else f"{written} = {plain(result)}"


def rounded_equation(written: str, exact: Decimal) -> str:
    """Returns `written = exact`, and what is kept of it where that has fewer decimals."""
    kept = rounded(exact)
    return equation(written, exact) + ("" if kept == exact else f", rounded to {DECIMALS} decimals = {plain(kept)}")
