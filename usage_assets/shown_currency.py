"""The currency in which totals across currencies are shown: convert USD at the recorded rate of each day. Pure.

The SQL macro `converted` gives the same amounts. Every figure in the shown currency comes from one of the two, and from
the rates in the table `exchange_rates`, so it can be computed again and changes only when that table does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

USD = "USD"
STEP = Decimal(1).scaleb(-12)
PRECISION = 60
MOST_RATE, MOST_AMOUNT = Decimal(10) ** 6, Decimal(10) ** 24
CENT = Decimal("0.01")


@dataclass(frozen=True)
class PeriodRate:
    """A currency, and the rate by which an amount of several days is shown in it."""

    currency: str = USD
    units_per_usd: Decimal = Decimal(1)

    def of(self, usd: Decimal) -> Decimal:
        """Return an amount in the currency, rounded once to twelve decimals, half away from zero."""
        with localcontext(prec=PRECISION):
            return (usd * self.units_per_usd).quantize(STEP, ROUND_HALF_UP)


@dataclass(frozen=True)
class ShownCurrency:
    """A currency and its recorded rates.

    Attributes:
        code: The currency.
        units_per_usd: Its price of a dollar on each day of cost; not needed for USD.
    """

    code: str = USD
    units_per_usd: Mapping[date, Decimal] = field(default_factory=dict)

    def of_usd(self, usd: Decimal | None, day: date) -> Decimal | None:
        """Return an amount of `day` in this currency; None without the amount or without a rate of the day."""
        if usd is None or self.code == USD:
            return usd
        rate = self.units_per_usd.get(day)
        return None if rate is None else converted(usd, rate)

    def at(self, day: date) -> PeriodRate:
        """Return the newest rate up to `day`, as only days of cost have one; that of USD where there is none."""
        known = max((rated for rated in self.units_per_usd if rated <= day), default=None)
        return PeriodRate() if known is None else PeriodRate(self.code, self.units_per_usd[known])


@dataclass(frozen=True)
class ShownTotal:
    """A total across currencies, and what it lacks.

    Attributes:
        currency: The shown currency.
        amount: The total, None where nothing could be converted.
        unconverted: What it lacks for want of a rate, by currency; None where that amount is not known either.
    """

    currency: str
    amount: Decimal | None = None
    unconverted: Mapping[str, Decimal | None] = field(default_factory=dict)


def converted(usd: Decimal, units_per_usd: Decimal) -> Decimal | None:
    """Return an amount in another currency, rounded once to twelve decimals, half away from zero.

    Where the SQL macro of this name returns NULL, for a rate of a million or an amount of 1e24, this returns None.
    """
    with localcontext(prec=PRECISION):
        amount = usd * units_per_usd
        if units_per_usd >= MOST_RATE or abs(amount) >= MOST_AMOUNT:
            return None
        return amount.quantize(STEP, ROUND_HALF_UP)


def sum_of(totals: Iterable[ShownTotal], currency: str) -> ShownTotal:
    """Return the sum of totals in one shown currency."""
    amount: Decimal | None = None
    unconverted: dict[str, Decimal | None] = {}
    for total in totals:
        amount = _added(amount, total.amount)
        for code, lacking in total.unconverted.items():
            unconverted[code] = _added(unconverted.get(code), lacking)
    return ShownTotal(currency, amount, dict(sorted(unconverted.items())))


def lacking_text(total: ShownTotal) -> str:
    """Return what a total lacks, to put behind it: ` without 3.00 XTS`."""
    if not total.unconverted:
        return ""
    amounts = (
        f"cost in {currency}" if amount is None else f"{shown_amount(amount)} {currency}"
        for currency, amount in total.unconverted.items()
    )
    return f" without {' and '.join(amounts)}"


def not_shown_text(currency: str, shown: Iterable[str]) -> str:
    """Return the sentence that amounts are in USD for want of a rate; "" if all of them are `shown` in `currency`."""
    if {*shown} <= {currency}:
        return ""
    return f"Amounts are in USD where no rate of {currency} is published yet: run `usage-assets sync` first."


def shown_amount(amount: Decimal) -> str:
    """Return an amount in cents; an amount below a cent in all its digits."""
    return f"{amount:,.2f}" if abs(amount) >= CENT or not amount else f"{amount.normalize():f}"


def _added(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    if first is None or second is None:
        return second if first is None else first
    with localcontext(prec=PRECISION):
        return first + second
