"""Decide the status of a budget on a day: what is spent, which thresholds are crossed, and when the rest will be spent.

Pure: the amounts of the days and the forecast are arguments. Money is exact; only forecast amounts are floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext

from usage_assets.user_files.budgets import Budget

CENT = Decimal("0.01")
SHARE_STEP = Decimal("0.000001")
PRECISION = 60
"""More digits than sums of DECIMAL(38, 12) have."""


@dataclass(frozen=True)
class Forecast:
    """What the days of the period without a known amount are expected to cost, in the budget's currency.

    Attributes:
        days: The expected amount of each day, in order; days of which some accounts are known and others not count
            with what is expected of the others.
        below: How far the 80 % range of their sum reaches below it.
        above: How far it reaches above it.
    """

    days: Sequence[tuple[date, float]]
    below: float
    above: float


@dataclass(frozen=True)
class Crossing:
    """A threshold that spending has reached, and the day on which it did."""

    threshold: Decimal
    crossed_on: date


@dataclass(frozen=True)
class BudgetStatus:
    """One row of `budget_status`, without its key.

    Attributes:
        spent: What the days of the period cost that are known on the as-of day.
        share: `spent` of the amount, where 1 is all of it.
        projected: `spent` and what the forecast adds by the end of the period, in cents; None without a forecast.
        low: The lower end of the 80 % range of `projected`, in cents, rounded down.
        high: The upper end, rounded up.
        crossings: The thresholds that are reached.
        spent_on: The day on which the amount was or will be used up; None if the forecast stays below it.
    """

    spent: Decimal
    share: Decimal
    projected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    crossings: tuple[Crossing, ...]
    spent_on: date | None


def budget_status(budget: Budget, amounts: Mapping[date, Decimal], forecast: Forecast | None) -> BudgetStatus:
    """Return the status of a budget.

    Args:
        budget: The line of the budget that is valid on the as-of day.
        amounts: The cost of each known day of the period in the budget's currency.
        forecast: What is expected of the rest of the period; None where there is too little history.
    """
    with localcontext(prec=PRECISION):
        return _status(budget, sorted(amounts.items()), forecast)


def _status(budget: Budget, days: Sequence[tuple[date, Decimal]], forecast: Forecast | None) -> BudgetStatus:
    spent = sum((amount for _, amount in days), Decimal(0))
    projected, low, high = (None, None, None) if forecast is None else _projected(spent, forecast)
    return BudgetStatus(
        spent=spent,
        share=(spent / budget.amount).quantize(SHARE_STEP, ROUND_HALF_EVEN),
        projected=projected,
        low=low,
        high=high,
        crossings=_crossings(budget, days, spent),
        spent_on=_spent_on(budget, days, spent, forecast),
    )


def _crossings(budget: Budget, days: Sequence[tuple[date, Decimal]], spent: Decimal) -> tuple[Crossing, ...]:
    """Return the thresholds that the sum has reached and not fallen below again, as after a credit."""
    return tuple(
        Crossing(threshold, first_day)
        for threshold in budget.thresholds
        if spent >= budget.amount * threshold / 100
        and (first_day := _reached_on(days, budget.amount * threshold / 100)) is not None
    )


def _reached_on(days: Sequence[tuple[date, Decimal]], amount: Decimal) -> date | None:
    """Return the day since which the sum has been at `amount` or above, None if it is below in the end."""
    total, reached = Decimal(0), None
    for day, cost in days:
        total += cost
        if total < amount:
            reached = None
        elif reached is None:
            reached = day
    return reached


def _spent_on(
    budget: Budget, days: Sequence[tuple[date, Decimal]], spent: Decimal, forecast: Forecast | None
) -> date | None:
    if spent >= budget.amount:
        return _reached_on(days, budget.amount)
    expected = [] if forecast is None else [(day, Decimal(amount)) for day, amount in forecast.days]
    return _reached_on(expected, budget.amount - spent)


def _projected(spent: Decimal, forecast: Forecast) -> tuple[Decimal, Decimal, Decimal]:
    total = spent + Decimal(sum(amount for _, amount in forecast.days))
    low, high = total - Decimal(forecast.below), total + Decimal(forecast.above)
    return (
        total.quantize(CENT, ROUND_HALF_EVEN),
        low.quantize(CENT, ROUND_FLOOR),
        high.quantize(CENT, ROUND_CEILING),
    )
