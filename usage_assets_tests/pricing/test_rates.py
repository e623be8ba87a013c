"""Exchange rates: the bundled rates of the European Central Bank, and the user's own.

The expected rates are those that the bank published.
"""

from datetime import date, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from time import process_time

import pytest

from usage_assets.pricing.rates import ExchangeRates, Rate, read_rate_overrides
from usage_assets.user_files.csv_lines import UserFileError

HEADER = "date,currency,usd_per_unit"
ECB = ExchangeRates()
FRIDAY = date(2014, 3, 28)
USD_PER_EURO = Decimal("1.3759")
STEP = Decimal("1e-18")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rates.csv"


def write(file: Path, *lines: str, header: str = HEADER) -> Path:
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return file


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    with localcontext(prec=50):
        return (dividend / divisor).quantize(STEP)


def own(file: Path, *lines: str) -> ExchangeRates:
    return ExchangeRates(read_rate_overrides(write(file, *lines)))


def rate_of(rates: ExchangeRates, currency: str, day: date) -> Rate:
    rate = rates.rate(currency, day)
    assert rate is not None
    return rate


@pytest.mark.parametrize("day", [date(1980, 1, 1), FRIDAY, date(2099, 1, 1)])
def test_a_dollar_is_worth_a_dollar_on_any_day(day: date) -> None:
    assert ECB.rate("USD", day) == Rate(Decimal(1), Decimal(1), day, is_stale=False)


def test_a_euro_has_the_ecbs_rate() -> None:
    assert ECB.rate("EUR", FRIDAY) == Rate(USD_PER_EURO, quotient(Decimal(1), USD_PER_EURO), FRIDAY, is_stale=False)


def test_another_currency_is_converted_through_the_euro() -> None:
    czk_per_euro = Decimal("27.423")

    assert ECB.rate("CZK", FRIDAY) == Rate(
        quotient(USD_PER_EURO, czk_per_euro), quotient(czk_per_euro, USD_PER_EURO), FRIDAY, is_stale=False
    )


def test_a_rate_has_eighteen_decimals() -> None:
    rate = rate_of(ECB, "IDR", FRIDAY)

    assert rate.usd_per_unit.as_tuple().exponent == rate.units_per_usd.as_tuple().exponent == -18


def test_a_currency_code_is_compared_without_case_and_blanks() -> None:
    assert ECB.rate(" eur ", FRIDAY) == ECB.rate("EUR", FRIDAY)


@pytest.mark.parametrize("currency", ["EUR", "CZK"])
@pytest.mark.parametrize("days", [1, 2])
def test_a_weekend_has_fridays_rate(currency: str, days: int) -> None:
    assert ECB.rate(currency, FRIDAY + timedelta(days=days)) == ECB.rate(currency, FRIDAY)


def test_easter_has_the_rate_of_the_thursday_before() -> None:
    easter_monday = rate_of(ECB, "GBP", date(2026, 4, 6))

    assert (easter_monday.rate_date, easter_monday.is_stale) == (date(2026, 4, 2), False)


@pytest.mark.parametrize(
    ("currency", "last_day"),
    [("RUB", date(2022, 3, 1)), ("HRK", date(2022, 12, 30)), ("BGN", date(2025, 12, 31))],
)
def test_a_currency_without_quotes_is_stale_after_its_last_day(currency: str, last_day: date) -> None:
    on_its_last_day = rate_of(ECB, currency, last_day)
    long_after = rate_of(ECB, currency, date(2026, 6, 10))

    assert not on_its_last_day.is_stale
    assert long_after == Rate(on_its_last_day.usd_per_unit, on_its_last_day.units_per_usd, last_day, is_stale=True)


@pytest.mark.parametrize("currency", ["EUR", "GBP", "JPY"])
def test_after_the_last_day_of_the_bundle_a_rate_is_stale(currency: str) -> None:
    rate = rate_of(ECB, currency, date(2099, 1, 1))

    assert rate.is_stale
    assert rate.rate_date >= date(2026, 10, 30)


def test_a_currency_is_stale_during_years_without_quotes() -> None:
    krona = rate_of(ECB, "ISK", date(2012, 6, 1))

    assert (krona.rate_date, krona.is_stale) == (date(2008, 12, 9), True)


@pytest.mark.parametrize(("currency", "day"), [("EUR", date(1998, 12, 31)), ("INR", date(2009, 1, 1))])
def test_before_its_first_day_a_currency_has_no_rate(currency: str, day: date) -> None:
    assert ECB.rate(currency, day) is None


@pytest.mark.parametrize("currency", ["XXX", "", "CREDITS", "DOLLARS"])
def test_an_unknown_currency_has_no_rate(currency: str) -> None:
    assert ECB.rate(currency, FRIDAY) is None


def test_a_year_of_forty_currencies_takes_less_than_a_second_of_cpu() -> None:
    quoted = ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK"]
    quoted += ["JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "ZAR"]
    no_longer_quoted = ["BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "RUB", "SIT", "SKK"]
    rate_of(ECB, "EUR", FRIDAY)

    started = process_time()
    for currency in [*quoted, *no_longer_quoted]:
        for offset in range(365):
            ECB.rate(currency, date(2025, 1, 1) + timedelta(days=offset))

    assert process_time() - started < 1


def test_without_a_file_there_are_no_own_rates(file: Path) -> None:
    assert read_rate_overrides(file) == ()


def test_an_own_rate_takes_precedence_over_the_ecbs(file: Path) -> None:
    rates = own(file, "2026-06-01,EUR,1.25")

    assert rates.rate("EUR", date(2026, 6, 1)) == Rate(
        Decimal("1.25"), 1 / Decimal("1.25"), date(2026, 6, 1), is_stale=False
    )


def test_an_own_rate_may_be_of_a_currency_without_quotes(file: Path) -> None:
    rates = own(file, "2026-06-01,ars,0.000712")

    assert rate_of(rates, "ARS", date(2026, 6, 1)).usd_per_unit == Decimal("0.000712")


def test_before_its_first_own_rate_a_currency_has_the_ecbs(file: Path) -> None:
    rates = own(file, "2026-06-01,EUR,1.25")

    assert rates.rate("EUR", date(2026, 5, 31)) == ECB.rate("EUR", date(2026, 5, 31))


def test_own_rates_of_one_currency_do_not_change_others(file: Path) -> None:
    rates = own(file, "2026-06-01,EUR,1.25")

    assert rates.rate("GBP", date(2026, 6, 1)) == ECB.rate("GBP", date(2026, 6, 1))


@pytest.mark.parametrize("order", [1, -1])
def test_the_last_own_rate_up_to_the_day_applies_in_any_order(file: Path, order: int) -> None:
    rates = own(file, *["2026-06-01,EUR,1.25", "2026-06-08,EUR,1.30"][::order])

    assert rate_of(rates, "EUR", date(2026, 6, 7)).usd_per_unit == Decimal("1.25")
    assert rate_of(rates, "EUR", date(2026, 6, 8)).usd_per_unit == Decimal("1.30")


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (31, False), (32, True)])
def test_an_own_rate_is_stale_after_thirty_one_days(file: Path, days: int, is_stale: bool) -> None:  # noqa: FBT001
    rates = own(file, "2026-06-01,EUR,1.25")

    rate = rate_of(rates, "EUR", date(2026, 6, 1) + timedelta(days=days))

    assert (rate.rate_date, rate.is_stale) == (date(2026, 6, 1), is_stale)


def test_the_smallest_own_rate_loses_no_digit(file: Path) -> None:
    rate = rate_of(own(file, "2026-06-01,ZZZ,0.000000000000000003"), "ZZZ", date(2026, 6, 1))

    assert rate.usd_per_unit == Decimal("3e-18")
    assert rate.units_per_usd == Decimal("333333333333333333.333333333333333333")


@pytest.mark.parametrize(
    ("column", "line", "value", "what"),
    [
        ("date", "2026-13-01,EUR,1.25", "2026-13-01", "is not a date"),
        ("date", ",EUR,1.25", "", "is not a date"),
        ("currency", "2026-06-02,,1.25", "", "is empty"),
        ("currency", "2026-06-02,usd,1", "usd", "is the currency of all rates"),
        ("currency", "2026-06-01,gbp,1.36", "gbp", "already has a line for 2026-06-01"),
        ("usd_per_unit", "2026-06-02,EUR,", "", "is not a number"),
        ("usd_per_unit", "2026-06-02,EUR,one", "one", "is not a number"),
        ("usd_per_unit", "2026-06-02,EUR,0", "0", "is zero"),
        ("usd_per_unit", "2026-06-02,EUR,0.000", "0.000", "is zero"),
        ("usd_per_unit", "2026-06-02,EUR,-1.25", "-1.25", "is not a number of zero or more"),
        ("usd_per_unit", "2026-06-02,EUR,nan", "nan", "is not a number"),
        ("usd_per_unit", "2026-06-02,EUR,inf", "inf", "is not a number"),
        ("usd_per_unit", "2026-06-02,EUR,1.1234567890123456789", "1.1234567890123456789", "has more than 18 decimals"),
    ],
)
def test_a_wrong_value_is_named_with_file_line_and_column(
    file: Path, column: str, line: str, value: str, what: str
) -> None:
    write(file, "2026-06-01,GBP,1.35", line)

    with pytest.raises(UserFileError) as caught:
        read_rate_overrides(file)

    assert f"{file}, line 3, column {column}: {value!r} {what}" in str(caught.value)


def test_a_header_of_another_file_is_refused(file: Path) -> None:
    write(file, header="day,currency,rate")

    with pytest.raises(UserFileError, match=r"rates\.csv, line 1: column date is missing"):
        read_rate_overrides(file)


def test_a_file_that_is_not_utf_8_is_refused(file: Path) -> None:
    file.write_bytes(f"{HEADER}\n".encode("utf-16"))

    with pytest.raises(UserFileError, match="line 1: byte 1 is not UTF-8"):
        read_rate_overrides(file)
