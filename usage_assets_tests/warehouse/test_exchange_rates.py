"""The table `exchange_rates`: a day keeps its rates, a stale one waits for a newer one, shown currencies have lines."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.pricing.rates import ExchangeRates, RateOverride, last_quoted_day
from usage_assets.warehouse.exchange_rates import reconvert
from usage_assets_tests.reference.made_files import history_until
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
SATURDAY = date(2026, 11, 28)
DOLLARS = Decimal("1.25")
LATER_DOLLARS = Decimal("1.6")
USED = "select usage_date, currency, usd_per_unit, rate_date, is_stale from exchange_rates order by all"
COSTS = "select usage_date, cost_usd, fx_rate, fx_date, fx_stale from cost order by usage_date"


def published_until(folder: Path, last: date, dollars: Decimal = DOLLARS) -> ExchangeRates:
    """Return the bank's rates as of the evening of a day, with `dollars` per euro since the bundled ones."""
    file = folder / f"{last}-{dollars}.zip"
    file.write_bytes(history_until(last, {"USD": str(dollars)}))
    return ExchangeRates(history=file)


def bill(pipeline: Pipeline, day: date, amount: str = "8", currency: str = "EUR") -> None:
    pipeline.land([row("r1", charge("net", amount, currency), day=day)], day=day)
    pipeline.run()


def all_of(pipeline: Pipeline) -> list[list[tuple[Any, ...]]]:
    return [pipeline.query(f"from {table} order by all") for table in ("cost", "cost_by_account", "exchange_rates")]


def test_a_day_records_the_rates_of_its_currencies_and_no_others(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, WEDNESDAY)
    bill(pipeline, TUESDAY)
    bill(pipeline, WEDNESDAY, currency="USD")

    assert pipeline.query(USED) == [(TUESDAY, "EUR", DOLLARS, TUESDAY, False)]
    assert pipeline.one("select units_per_usd from exchange_rates") == 1 / DOLLARS


def test_a_derived_day_keeps_its_rate_although_another_is_published_since(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, WEDNESDAY)
    bill(pipeline, TUESDAY)
    pipeline.rates = published_until(tmp_path, WEDNESDAY, LATER_DOLLARS)

    bill(pipeline, TUESDAY, "9")
    bill(pipeline, WEDNESDAY)

    assert pipeline.query(COSTS) == [
        (TUESDAY, 9 * DOLLARS, DOLLARS, TUESDAY, False),
        (WEDNESDAY, 8 * LATER_DOLLARS, LATER_DOLLARS, WEDNESDAY, False),
    ]


def test_only_repricing_changes_a_recorded_rate(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, WEDNESDAY)
    for day in (TUESDAY, WEDNESDAY):
        bill(pipeline, day)
    pipeline.rates = published_until(tmp_path, WEDNESDAY, LATER_DOLLARS)

    with pipeline.warehouse.transaction() as connection:
        changed = reconvert(connection, TUESDAY, TUESDAY, pipeline.rates)
    pipeline.derive()

    assert changed == {TUESDAY}
    assert [line[:3] for line in pipeline.query(USED)] == [(TUESDAY, "EUR", LATER_DOLLARS), (WEDNESDAY, "EUR", DOLLARS)]


def test_a_day_before_its_rate_is_published_is_derived_when_it_is(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, TUESDAY)
    bill(pipeline, WEDNESDAY)
    before = pipeline.query(COSTS)
    findings = "select count(*) from bookkeeping.cost_findings where check_name = 'stale_rates'"
    assert pipeline.one(findings) == 1
    pipeline.rates = published_until(tmp_path, WEDNESDAY, LATER_DOLLARS)

    pipeline.derive()

    assert before == [(WEDNESDAY, 8 * DOLLARS, DOLLARS, TUESDAY, True)]
    assert pipeline.query(COSTS) == [(WEDNESDAY, 8 * LATER_DOLLARS, LATER_DOLLARS, WEDNESDAY, False)]
    assert pipeline.one("select cost_usd from cost_by_account") == 8 * LATER_DOLLARS
    assert pipeline.one(findings) == 0


def test_a_stale_rate_stays_while_no_newer_one_is_known(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, TUESDAY)
    bill(pipeline, WEDNESDAY)
    before = all_of(pipeline)
    pipeline.rates = published_until(tmp_path, TUESDAY, LATER_DOLLARS)

    pipeline.derive()

    assert all_of(pipeline) == before


def test_older_rates_do_not_replace_a_stale_one(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, TUESDAY)
    bill(pipeline, WEDNESDAY)
    before = all_of(pipeline)
    pipeline.rates = ExchangeRates()

    pipeline.derive()

    assert all_of(pipeline) == before


def test_a_weekend_after_the_newest_rate_is_not_stale(pipeline: Pipeline, tmp_path: Path) -> None:
    friday = SATURDAY - timedelta(days=1)
    pipeline.rates = published_until(tmp_path, friday)

    bill(pipeline, SATURDAY)

    assert pipeline.query(COSTS) == [(SATURDAY, 8 * DOLLARS, DOLLARS, friday, False)]


def test_the_monday_after_the_newest_rate_is_stale(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, SATURDAY - timedelta(days=1))

    assert [
        rate.is_stale for offset in (0, 1, 2) if (rate := pipeline.rates.rate("EUR", SATURDAY + timedelta(days=offset)))
    ] == [False, False, True]


@pytest.mark.parametrize(
    ("day", "quoted"),
    [
        (date(2026, 12, 25), date(2026, 12, 24)),
        (date(2026, 12, 28), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2026, 12, 31)),
        (date(2027, 3, 29), date(2027, 3, 25)),
        (date(2027, 5, 1), date(2027, 4, 30)),
    ],
)
def test_a_holiday_of_the_bank_has_the_rate_of_the_day_before(day: date, quoted: date) -> None:
    assert last_quoted_day(day) == quoted


def test_each_day_of_cost_has_a_rate_of_the_shown_currency(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates, pipeline.shown = published_until(tmp_path, WEDNESDAY), ["GBP"]

    bill(pipeline, TUESDAY)
    bill(pipeline, WEDNESDAY, currency="USD")

    assert [(day, currency) for day, currency, *_ in pipeline.query(USED)] == [
        (TUESDAY, "EUR"), (TUESDAY, "GBP"), (WEDNESDAY, "GBP"),
    ]  # fmt: skip


def test_the_us_dollar_has_no_line(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates, pipeline.shown = published_until(tmp_path, WEDNESDAY), ["USD"]

    bill(pipeline, TUESDAY, currency="USD")

    assert pipeline.query(USED) == []


def test_a_newly_shown_currency_gets_a_rate_on_past_days_and_one_no_longer_shown_loses_it(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    pipeline.rates, pipeline.shown = published_until(tmp_path, WEDNESDAY), ["GBP"]
    bill(pipeline, TUESDAY)
    bill(pipeline, WEDNESDAY, currency="USD")
    pipeline.shown = ["EUR"]

    pipeline.derive()

    assert [(day, currency) for day, currency, *_ in pipeline.query(USED)] == [(TUESDAY, "EUR"), (WEDNESDAY, "EUR")]


def test_a_day_without_cost_has_no_rates(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates, pipeline.shown = published_until(tmp_path, WEDNESDAY), ["GBP"]
    bill(pipeline, TUESDAY)

    pipeline.land([], day=TUESDAY)
    pipeline.run()

    assert pipeline.query(USED) == []


def test_a_file_of_an_older_version_has_its_stale_days_derived_when_their_rate_is_known(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    pipeline.rates = published_until(tmp_path, TUESDAY)
    bill(pipeline, WEDNESDAY)
    pipeline.amend("delete from exchange_rates")
    pipeline.rates = published_until(tmp_path, WEDNESDAY, LATER_DOLLARS)

    pipeline.derive()

    assert pipeline.query(COSTS) == [(WEDNESDAY, 8 * LATER_DOLLARS, LATER_DOLLARS, WEDNESDAY, False)]


def test_an_own_rate_ends_the_wait_of_a_stale_day(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.rates = published_until(tmp_path, TUESDAY)
    bill(pipeline, WEDNESDAY)
    pipeline.rates = ExchangeRates([RateOverride(WEDNESDAY, "EUR", Decimal(2))])

    pipeline.derive()

    assert pipeline.query(COSTS) == [(WEDNESDAY, Decimal(16), Decimal(2), WEDNESDAY, False)]


@pytest.mark.parametrize("shown", [[], ["GBP"]])
def test_a_rebuild_gives_the_same_rates_and_costs(pipeline: Pipeline, tmp_path: Path, shown: list[str]) -> None:
    pipeline.rates, pipeline.shown = published_until(tmp_path, TUESDAY), shown
    bill(pipeline, TUESDAY, "5", "GBP")
    bill(pipeline, TUESDAY)
    bill(pipeline, WEDNESDAY)
    pipeline.rates = published_until(tmp_path, WEDNESDAY)
    pipeline.derive()
    pipeline.publish()
    before = all_of(pipeline)

    pipeline.warehouse.set_aside()
    pipeline.run()

    assert all_of(pipeline) == before
