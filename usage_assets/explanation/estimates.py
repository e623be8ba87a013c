"""Estimate the meters of an API row at their prices, and part its money over its models by these estimates.

It repeats the rules of the warehouse's SQL on purpose. Pure functions of decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from usage_assets.explanation.exact import DECIMALS, EXACT, Formula, added, multiplied, plain, rounded
from usage_assets.explanation.facts import Meter
from usage_assets.pricing.meters import count_meters

MAX_WORTH = Decimal(10) ** 15


@dataclass(frozen=True)
class MeterWorth:
    """A meter with its worth in USD, quantity times unit price; None without a price, or from 1e15 on."""

    meter: Meter
    worth: Formula | None

    @property
    def is_token(self) -> bool:
        """Whether it counts tokens, without whose price there is no estimate."""
        return self.meter.meter not in count_meters()


def worths_of(meters: Iterable[Meter]) -> tuple[MeterWorth, ...]:
    """Return the worth of each meter."""
    return tuple(MeterWorth(meter, _worth(meter)) for meter in meters)


def _worth(meter: Meter) -> Formula | None:
    if meter.unit_price is None:
        return None
    worth = multiplied(Decimal(meter.quantity), meter.unit_price)
    return worth if worth.value.copy_abs() < MAX_WORTH else None


def estimate_of(worths: Sequence[MeterWorth]) -> Formula | None:
    """Return the sum of the worths in USD, None if a token has no price, or nothing has."""
    known = [worth.worth.value for worth in worths if worth.worth is not None]
    if not known or any(worth.worth is None and worth.is_token for worth in worths):
        return None
    return rounded(added(known))


def share_of_part(meters: Sequence[Meter], part: int, amount: Decimal) -> Formula:
    """Return the share of one of several parts in an amount of the whole row; the last part gets the rest."""
    weights = _weights(meters)
    shares = [_share(amount, weight, sum(weights)) for weight in weights]
    if part < len(weights):
        return shares[part - 1]
    others = [share.value for share in shares[:-1]]
    text = " - ".join(map(plain, [amount, *others]))
    return Formula(text, EXACT.subtract(amount, added(others).value))


def _weights(meters: Sequence[Meter]) -> list[Decimal]:
    """Return the estimates of all parts, or their tokens if a part with tokens has none; never less than zero."""
    parts = [
        worths_of(meter for meter in meters if meter.part == number)
        for number in range(1, max(meter.part for meter in meters) + 1)
    ]
    estimates = [estimate_of(worths) for worths in parts]
    if any(estimate is None and _tokens(worths) for estimate, worths in zip(estimates, parts, strict=True)):
        return [Decimal(max(sum(_tokens(worths)), 0)) for worths in parts]
    return [max(estimate.value if estimate else Decimal(0), Decimal(0)) for estimate in estimates]


def _tokens(worths: Iterable[MeterWorth]) -> list[int]:
    return [worth.meter.quantity for worth in worths if worth.is_token]


def _share(amount: Decimal, weight: Decimal, whole: Decimal | int) -> Formula:
    if not whole:
        return Formula("0", Decimal(0))
    units, step = int(amount.scaleb(DECIMALS, context=EXACT)), Decimal(1).scaleb(DECIMALS)
    parted = abs(units) * int(weight * step) // int(whole * step)
    share = Decimal(parted).scaleb(-DECIMALS, context=EXACT).copy_sign(amount)
    text = f"{plain(amount)} × {plain(weight)} / {plain(Decimal(whole))}, truncated to {DECIMALS} decimals"
    return Formula(text, share)
