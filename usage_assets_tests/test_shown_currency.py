"""Totals in the shown currency: exact, per day, the same in Python and SQL, and naming what they lack."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from usage_assets.integrations.windows import ONE_DAY
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets.published import published_totals
from usage_assets.shown_currency import (
    PeriodRate,
    ShownCurrency,
    ShownTotal,
    converted,
    lacking_text,
    not_shown_text,
    shown_amount,
    sum_of,
)
from usage_assets.warehouse.statements import create_macros
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

STEP = Decimal("1e-12")
AMOUNTS = st.decimals(min_value=-(10**20), max_value=10**20, places=12)
RATES = st.decimals(min_value=Decimal("1e-18"), max_value=2 * 10**6, places=18)


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_macros(connection)
        yield connection


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(usd=AMOUNTS, rate=RATES)
def test_python_and_sql_convert_alike(macros: duckdb.DuckDBPyConnection, usd: Decimal, rate: Decimal) -> None:
    [(by_sql,)] = macros.execute(
        "select converted(?::varchar::decimal(38, 12), ?::varchar::decimal(38, 18))", [f"{usd:f}", f"{rate:f}"]
    ).fetchall()

    assert converted(usd, rate) == by_sql


@pytest.mark.parametrize("sign", [1, -1])
def test_half_a_step_is_rounded_away_from_zero(sign: int) -> None:
    assert converted(sign * STEP, Decimal("0.5")) == sign * STEP


def test_an_amount_is_converted_at_the_rate_of_its_day() -> None:
    euros = ShownCurrency("EUR", {DAY: Decimal("0.8"), NEXT_DAY: Decimal("0.9")})

    assert [euros.of_usd(Decimal(10), day) for day in (DAY, NEXT_DAY)] == [Decimal(8), Decimal(9)]


def test_without_a_rate_or_an_amount_there_is_no_figure() -> None:
    euros = ShownCurrency("EUR", {DAY: Decimal("0.8")})

    assert (euros.of_usd(Decimal(10), NEXT_DAY), euros.of_usd(None, DAY)) == (None, None)


def test_dollars_need_no_rate() -> None:
    assert ShownCurrency().of_usd(Decimal("1.000000000001"), DAY) == Decimal("1.000000000001")


def test_an_amount_of_several_days_has_the_newest_rate_up_to_its_day() -> None:
    euros = ShownCurrency("EUR", {DAY: Decimal("0.8"), NEXT_DAY + ONE_DAY: Decimal("0.5")})

    assert euros.at(NEXT_DAY) == PeriodRate("EUR", Decimal("0.8"))
    assert euros.at(NEXT_DAY).of(Decimal(10)) == Decimal(8)


def test_an_amount_of_several_days_without_a_rate_stays_in_dollars() -> None:
    euros = ShownCurrency("EUR", {NEXT_DAY: Decimal("0.8")})

    assert euros.at(DAY) == ShownCurrency().at(DAY) == PeriodRate("USD", Decimal(1))
    assert euros.at(DAY).of(Decimal("1.000000000001")) == Decimal("1.000000000001")


def test_amounts_that_are_not_in_the_shown_currency_are_named() -> None:
    assert not_shown_text("EUR", ["EUR", "EUR"]) == not_shown_text("EUR", []) == ""
    assert "in USD where no rate of EUR is published" in not_shown_text("EUR", ["EUR", "USD"])


def test_a_sum_adds_what_its_parts_have_and_what_they_lack() -> None:
    parts = [
        ShownTotal("EUR", Decimal(1), {"XTS": Decimal(7)}),
        ShownTotal("EUR", None, {"ABC": None, "XTS": Decimal(1)}),
        ShownTotal("EUR", Decimal(2)),
    ]

    total = sum_of(parts, "EUR")

    assert total == ShownTotal("EUR", Decimal(3), {"ABC": None, "XTS": Decimal(8)})
    assert lacking_text(total) == " without cost in ABC and 8.00 XTS"
    assert sum_of([], "EUR") == ShownTotal("EUR")


@pytest.mark.parametrize(
    ("amount", "text"), [("1234.5", "1,234.50"), ("0", "0.00"), ("0.001000", "0.001"), ("-2", "-2.00")]
)
def test_an_amount_is_shown_in_cents_unless_it_is_smaller(amount: str, text: str) -> None:
    assert shown_amount(Decimal(amount)) == text


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Two days: 10 USD and 4 EUR at 1.25, then 5 EUR at 2 and 7 in a currency without a rate."""
    rates = ExchangeRates([RateOverride(DAY, "EUR", Decimal("1.25")), RateOverride(NEXT_DAY, "EUR", Decimal(2))])
    pipeline = Pipeline(tmp_path, rates=rates, shown=["EUR"])
    pipeline.land([row("r1", charge("net", "10")), row("r2", charge("net", "4", "EUR"))])
    later = [row("r3", charge("net", "5", "EUR"), day=NEXT_DAY), row("r4", charge("net", "7", "XTS"), day=NEXT_DAY)]
    pipeline.land(later, day=NEXT_DAY)
    pipeline.run()
    pipeline.publish()
    return pipeline.published


@pytest.mark.parametrize(
    ("currency", "amount"), [("USD", 10 + 4 * Decimal("1.25") + 5 * 2), ("EUR", 10 / Decimal("1.25") + 4 + 5)]
)
def test_totals_are_converted_per_day_and_name_what_has_no_rate(
    published: Path, currency: str, amount: Decimal
) -> None:
    [total] = [account.total for account in published_totals(published, currency).values()]

    assert total == ShownTotal(currency, amount, {"XTS": Decimal(7)})


def test_a_currency_that_was_not_derived_yet_lacks_everything(published: Path) -> None:
    [total] = [account.total for account in published_totals(published, "GBP").values()]

    assert total == ShownTotal("GBP", None, {"EUR": Decimal(9), "USD": Decimal(10), "XTS": Decimal(7)})


def test_a_generation_of_an_older_version_has_totals_in_dollars(published: Path) -> None:
    (published / "current" / "exchange_rates.parquet").unlink()

    [total] = [account.total for account in published_totals(published, "USD").values()]

    assert total.amount == 10 + 4 * Decimal("1.25") + 5 * 2


def test_published_rates_reproduce_a_total(published: Path) -> None:
    current = published / "current"
    [(by_hand,)] = duckdb.execute(
        f"select sum(cost_usd * units_per_usd) from '{current}/cost_by_account/*.parquet'"
        f" join '{current}/exchange_rates.parquet' using (usage_date) where exchange_rates.currency = 'EUR'"
    ).fetchall()

    [total] = [account.total for account in published_totals(published, "EUR").values()]
    assert total.amount is not None
    assert abs(total.amount - Decimal(str(by_hand))) < Decimal("1e-9")
