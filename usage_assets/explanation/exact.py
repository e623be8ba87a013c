"""Exact decimal arithmetic that keeps the formula of each result: sums, products, and the two roundings of money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Literal

DECIMALS = 12
PRECISION = 20_000  # more digits than any number that loads
EXACT = Context(prec=PRECISION, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
ROUNDING = Context(prec=PRECISION, rounding=ROUND_HALF_UP)
TRUNCATING = Context(prec=PRECISION, rounding=ROUND_DOWN)
STEP = Decimal(1).scaleb(-DECIMALS)


@dataclass(frozen=True)
class Formula:
    """An amount and the formula that gives it."""

    text: str
    value: Decimal

    def __str__(self) -> str:
        return self.text if self.text == plain(self.value) else f"{self.text} = {plain(self.value)}"


def plain(number: Decimal) -> str:
    """Return `number` with all its digits, without trailing zeros, exponent or separators."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def added(numbers: Iterable[Decimal]) -> Formula:
    """Return the exact sum."""
    numbers, value = list(numbers), Decimal(0)
    for number in numbers:
        value = EXACT.add(value, number)
    return Formula(" + ".join(map(plain, numbers)) or "0", value)


def absolute(formula: Formula) -> Formula:
    """Return the absolute value."""
    return Formula(f"|{formula.text}|", formula.value.copy_abs())


def combined(left: Formula, right: Formula, sign: Literal["+", "-"]) -> Formula:
    """Return the sum or the difference of two formulas."""
    combine = EXACT.add if sign == "+" else EXACT.subtract
    text = f"({right.text})" if " " in right.text and not right.text.startswith("|") else right.text
    return Formula(f"{left.text} {sign} {text}", combine(left.value, right.value))


def rounded(formula: Formula) -> Formula:
    """Return a formula rounded to the twelve decimals of money, half away from zero."""
    kept = formula.value.quantize(STEP, context=ROUNDING)
    return formula if kept == formula.value else Formula(f"{formula}, rounded to {DECIMALS} decimals", kept)


def multiplied(amount: Decimal, rate: Decimal) -> Formula:
    """Return the exact product."""
    return Formula(f"{plain(amount)} × {plain(rate)}", EXACT.multiply(amount, rate))


def share_by_rule(whole: Decimal, share: Decimal, other_shares: Sequence[Decimal]) -> Formula:
    """Return a line's share of an amount, truncated toward zero; the last of several lines gets what the others leave.

    Args:
        whole: The amount.
        share: The share of the line.
        other_shares: The shares of the others, if the line is the last of several.
    """
    if other_shares:
        others = [truncated(multiplied(whole, other).value) for other in other_shares]
        rest = EXACT.subtract(whole, added(others).value)
        return Formula(" - ".join(map(plain, [whole, *others])), rest)
    if share == 1:
        return Formula(plain(whole), whole)
    exact = multiplied(whole, share)
    kept = truncated(exact.value)
    return exact if kept == exact.value else Formula(f"{exact}, truncated to {DECIMALS} decimals", kept)


def truncated(number: Decimal) -> Decimal:
    """Return a number truncated toward zero to the twelve decimals of money."""
    return number.quantize(STEP, context=TRUNCATING)


def share_of(whole: Decimal, parts: int, number: int) -> Formula:
    """Return one of `parts` equal parts of an amount, truncated toward zero; the last part is the remainder."""
    if parts == 1:
        return Formula(plain(whole), whole)
    units = int(whole.scaleb(DECIMALS, context=EXACT))
    share = Decimal(abs(units) // parts).scaleb(-DECIMALS, context=EXACT).copy_sign(whole)
    if number < parts:
        return Formula(f"{plain(whole)} / {parts}, truncated to {DECIMALS} decimals", share)
    rest = EXACT.subtract(whole, EXACT.multiply(Decimal(parts - 1), share))
    return Formula(f"{plain(whole)} - {parts - 1} × {plain(share)}", rest)
