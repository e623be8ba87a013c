"""The table `prices` is a snapshot: prices of past days change only by `reprice`."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.pricing.book import PriceBook
from usage_assets.pricing.price_overrides import read_price_overrides
from usage_assets.pricing.rates import ExchangeRates, read_rate_overrides
from usage_assets.warehouse.exchange_rates import reconvert
from usage_assets.warehouse.prices import reprice
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row, tokens

SONNET = {"id": "claude-sonnet-4-5", "provider": "anthropic"}
ROUTER = {"id": "auto", "provider": "cursor"}
LIST_PRICE = Decimal(3) / 1_000_000
OVERRIDE_PRICE = Decimal(2) / 1_000_000
HEADER = (
    "provider,model,start_date,end_date,input_per_million,cached_input_per_million,cache_write_per_million,"
    "output_per_million\n"
)


def book_with_overrides(folder: Path, *lines: str) -> PriceBook:
    path = folder / "prices.csv"
    path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
    return PriceBook(read_price_overrides(path))


def reprice_days(pipeline: Pipeline, first: date, last: date) -> set[date]:
    with pipeline.warehouse.transaction() as connection:
        days = reprice(connection, first, last, pipeline.book)
    pipeline.derive()
    return days


@pytest.fixture
def priced(pipeline: Pipeline) -> Pipeline:
    """Two days with 1,000 tokens each, derived at list price; afterwards the book gets price overrides."""
    for day in (DAY, NEXT_DAY):
        pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=1000), day=day)], day=day, integration="claude")
    pipeline.run()
    pipeline.book = book_with_overrides(pipeline.folder, "anthropic,claude-sonnet-4-5,2026-01-01,,2,,,15")
    return pipeline


def test_a_new_book_leaves_past_days_unchanged(priced: Pipeline) -> None:
    priced.land([row("r1", model=SONNET, usage=tokens(uncached=2000))], integration="claude")
    priced.run()

    assert priced.query("select usage_date, cost, price_book from cost order by usage_date") == [
        (DAY, 2000 * LIST_PRICE, PriceBook().name),
        (NEXT_DAY, 1000 * LIST_PRICE, PriceBook().name),
    ]


def test_repricing_changes_the_requested_days_only(priced: Pipeline) -> None:
    assert reprice_days(priced, NEXT_DAY, NEXT_DAY) == {NEXT_DAY}

    costs = dict(priced.query("select usage_date, cost from cost"))
    aggregated = dict(priced.query("select usage_date, cost from cost_by_model"))
    assert costs == aggregated == {DAY: 1000 * LIST_PRICE, NEXT_DAY: 1000 * OVERRIDE_PRICE}


def test_a_repriced_row_names_its_price_book(priced: Pipeline) -> None:
    reprice_days(priced, DAY, DAY)

    [price_book] = {book for (book,) in priced.query(f"select price_book from cost where usage_date = '{DAY}'")}
    assert price_book.startswith("prices.csv ")


def test_repricing_twice_changes_nothing_the_second_time(priced: Pipeline) -> None:
    reprice_days(priced, DAY, NEXT_DAY)

    assert reprice_days(priced, DAY, NEXT_DAY) == set()


def test_repricing_is_no_restatement(priced: Pipeline) -> None:
    reprice_days(priced, DAY, NEXT_DAY)

    assert priced.query("select * from restatements") == []


def test_an_override_prices_a_model_that_the_book_lacks(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.book = book_with_overrides(tmp_path, ",auto,2026-01-01,,2,,,6")
    pipeline.land([row("r1", model=ROUTER, usage=tokens(uncached=1000, output=10))], integration="cursor")

    pipeline.derive_cost()

    assert pipeline.query("select cost, cost_basis from cost") == [
        (1000 * OVERRIDE_PRICE + 10 * Decimal(6) / 1_000_000, "estimated")
    ]


def test_an_override_applies_on_its_days_only(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.book = book_with_overrides(tmp_path, f",claude-sonnet-4-5,{DAY},{DAY},2,,,15")
    for day in (DAY, NEXT_DAY):
        pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=1000), day=day)], day=day, integration="claude")

    pipeline.derive_cost()

    assert dict(pipeline.query("select usage_date, cost from cost")) == {
        DAY: 1000 * OVERRIDE_PRICE,
        NEXT_DAY: 1000 * LIST_PRICE,
    }


def test_a_row_of_several_days_is_repriced_on_all_of_them(pipeline: Pipeline) -> None:
    three_days = {"end_date": f"{DAY + timedelta(days=3)}T00:00:00Z"}
    pipeline.land([row("r1", model=SONNET, usage=tokens(uncached=3000), **three_days)], integration="claude")
    pipeline.run()
    pipeline.book = book_with_overrides(pipeline.folder, ",claude-sonnet-4-5,2026-01-01,,2,,,15")

    reprice_days(pipeline, DAY, DAY)

    assert [cost for (cost,) in pipeline.query("select cost from cost_by_account")] == [1000 * OVERRIDE_PRICE] * 3


def test_a_billed_row_keeps_its_cost_when_it_is_repriced(pipeline: Pipeline) -> None:
    charged = row("r1", charge("net", "5"), model=SONNET, usage=tokens(uncached=1000))
    pipeline.land([charged], integration="claude")
    pipeline.run()
    pipeline.book = book_with_overrides(pipeline.folder, ",claude-sonnet-4-5,2026-01-01,,2,,,15")

    reprice_days(pipeline, DAY, DAY)

    assert pipeline.query("select cost, estimated_cost from cost") == [(money("5"), 1000 * OVERRIDE_PRICE)]
    assert pipeline.query("select variance from price_variance") == [(money("5") - 1000 * OVERRIDE_PRICE,)]


def test_new_rates_reach_past_days_by_reconverting_them(pipeline: Pipeline) -> None:
    for day in (DAY, NEXT_DAY):
        pipeline.land([row("r1", charge("net", "8", "XXX"), day=day)], day=day)
    pipeline.run()
    rates = pipeline.folder / "exchange_rates.csv"
    rates.write_text("date,currency,usd_per_unit\n2026-06-01,XXX,0.5\n", encoding="utf-8")
    pipeline.rates = ExchangeRates(read_rate_overrides(rates))

    with pipeline.warehouse.transaction() as connection:
        days = reconvert(connection, NEXT_DAY, NEXT_DAY, pipeline.rates)
    pipeline.derive()

    assert days == {NEXT_DAY}
    converted = dict(pipeline.query("select usage_date, cost_usd from cost_by_account"))
    assert converted == {DAY: None, NEXT_DAY: 8 * Decimal("0.5")}


def test_unchanged_rates_leave_past_days_unchanged(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "8", "EUR"))])
    pipeline.run()

    with pipeline.warehouse.transaction() as connection:
        assert reconvert(connection, DAY, NEXT_DAY, pipeline.rates) == set()
