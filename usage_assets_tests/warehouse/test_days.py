"""The days on which a row has cost, and its cost on each day."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from usage_assets.integrations.profiles import Profiles
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, money, row

JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)
JUNE_DAYS = 30
AFTER_JUNE = datetime(2026, 7, 20, 6, tzinfo=UTC)
SMALLEST = money("0.000000000001")


def test_an_end_is_read_as_exclusive(pipeline: Pipeline) -> None:
    ends: dict[str | None, datetime] = {
        "2026-06-10T23:59:59Z": datetime(2026, 6, 11),
        "2026-06-10T23:59:59.999Z": datetime(2026, 6, 11),
        "2026-06-10T23:59:59.999999Z": datetime(2026, 6, 11),
        "2026-06-10T08:59:59Z": datetime(2026, 6, 10, 9),
        "2026-06-11T00:00:00Z": datetime(2026, 6, 11),
        "2026-06-11": datetime(2026, 6, 11),
        "2026-06-10T12:30:00Z": datetime(2026, 6, 10, 12, 30),
        "2026-06-11T02:00:00+02:00": datetime(2026, 6, 11),
        "2026-06-10T22:00:00-02:00": datetime(2026, 6, 11),
        "2026-06-10T23:00:00": datetime(2026, 6, 10, 23),
        None: datetime(2026, 6, 11),
    }
    pipeline.land(row(str(end), end_date=end) for end in ends)

    pipeline.load()

    assert dict(pipeline.query("select row_id, end_at from usage")) == {str(end): at for end, at in ends.items()}


def test_an_inclusive_end_gains_a_day(pipeline: Pipeline) -> None:
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"]["row_end"] = "inclusive"
    pipeline.profiles = Profiles(shipped)
    pipeline.land([row("date", end_date="2026-06-10"), row("time", end_date="2026-06-11T00:00:00Z")])

    pipeline.load()

    assert dict(pipeline.query("select row_id, end_at from usage")) == dict.fromkeys(
        ["date", "time"], datetime(2026, 6, 11)
    )


def test_a_start_is_read_in_utc(pipeline: Pipeline) -> None:
    starts = {
        "2026-06-10": datetime(2026, 6, 10),
        "2026-06-10T05:30:00Z": datetime(2026, 6, 10, 5, 30),
        "2026-06-10T01:00:00+02:00": datetime(2026, 6, 9, 23),
        "2026-06-10T23:00:00-02:00": datetime(2026, 6, 11, 1),
        "2026-06-10T05:30:00": datetime(2026, 6, 10, 5, 30),
    }
    pipeline.land(row(start, start_date=start, end_date=None) for start in starts)

    pipeline.load()

    assert dict(pipeline.query("select row_id, start_at from usage")) == starts


@pytest.mark.parametrize(
    "start", ["2026-06-10T05:30:00.000Z", " 2026-06-10T05:30:00Z ", "2026-06-10 05:30:00 UTC", "2026-06-10T17:30:00 NZ"]
)
def test_a_start_may_come_with_blanks_or_a_named_zone(pipeline: Pipeline, start: str) -> None:
    pipeline.land([row("r1", start_date=start, end_date=None)])

    pipeline.load()

    assert pipeline.query("select start_at from usage") == [(datetime(2026, 6, 10, 5, 30),)]


@pytest.mark.parametrize("start", ["2026-6-10T05:30:00Z", "26-06-10T05:30:00Z", "-2026-06-10T05:30:00Z", "infinity"])
def test_a_start_without_a_whole_date_is_refused(pipeline: Pipeline, start: str) -> None:
    pipeline.land([row("r1", start_date=start, end_date=None)])

    pipeline.load()

    assert pipeline.query("select reason from rejected_rows") == [(f"start_date {start} is not a date",)]


def test_a_row_of_one_moment_counts_on_its_day(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2"), start_date="2026-06-10T09:30:00Z", end_date="2026-06-10T09:30:00Z")])

    pipeline.derive_cost()

    assert pipeline.query("select usage_date, cost, allocation from cost") == [(DAY, money("2"), "exact")]


def test_a_row_of_a_whole_day_past_midnight_counts_on_its_first_day(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2"), start_date="2026-06-10T18:00:00Z", end_date="2026-06-11T18:00:00Z")])

    pipeline.derive_cost()

    assert pipeline.query("select usage_date, cost, allocation from cost") == [(DAY, money("2"), "exact")]


def test_a_longer_row_is_split_over_the_days_it_touches(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "2"), start_date="2026-06-10T18:00:00Z", end_date="2026-06-11T18:00:01Z")])

    pipeline.derive_cost()

    lines = pipeline.query("select usage_date, cost, allocation from cost order by usage_date")
    assert lines == [(DAY, money("1"), "prorated"), (NEXT_DAY, money("1"), "prorated")]


@pytest.mark.parametrize("amount", ["100", "-100", "0.000000000007", "-1234567890123.123456789012"])
def test_a_month_is_split_to_the_last_digit(pipeline: Pipeline, amount: str) -> None:
    pipeline.land([_month(charge("total", amount))], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)

    pipeline.derive_cost()

    units = int(Decimal(amount) / SMALLEST)
    share = abs(units) // JUNE_DAYS * (1 if units > 0 else -1) * SMALLEST
    lines = pipeline.query("select usage_date, cost from cost order by usage_date")
    assert [day for day, _ in lines] == [JUNE + timedelta(days=n) for n in range(JUNE_DAYS)]
    assert [cost for _, cost in lines[:-1]] == [share] * (JUNE_DAYS - 1)
    assert sum(cost for _, cost in lines) == Decimal(amount)


def test_tax_list_cost_and_counts_are_split_each_by_itself(pipeline: Pipeline) -> None:
    usage = {"tokens": {"output": 61}, "requests": {"total": 29}}
    month = _month(charge("total", "3"), charge("tax", "0.1"), charge("included", "1"), usage=usage)
    pipeline.land([month], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)

    pipeline.derive_cost()

    sums = pipeline.query("select sum(tax), sum(list_cost), sum(output_tokens), sum(requests) from cost")
    assert sums == [(money("0.1"), money("3") + money("1"), 61, 29)]
    last_day = pipeline.query("select output_tokens, requests from cost where usage_date = '2026-06-30'")
    assert last_day == [(61 - 2 * 29, 29)]


def test_a_split_row_counts_as_one_row_on_its_first_day(pipeline: Pipeline) -> None:
    pipeline.land([_month(charge("total", "3"))], day=JUNE, integration="datadog", fetched_at=AFTER_JUNE)

    pipeline.run()

    assert pipeline.query("select usage_date from cost_by_account where usage_rows > 0") == [(JUNE,)]


def test_an_open_month_is_split_over_the_days_up_to_the_fetch(pipeline: Pipeline) -> None:
    fourth = datetime(2026, 6, 4, 6, tzinfo=UTC)
    pipeline.land([_month(charge("total", "100"))], day=JUNE, integration="datadog", fetched_at=fourth)

    pipeline.derive_cost()

    lines = pipeline.query("select usage_date, cost, is_provisional from cost order by usage_date")
    assert lines == [(JUNE + timedelta(days=n), money("25"), True) for n in range(4)]


def test_an_open_month_fetched_again_is_split_again(pipeline: Pipeline) -> None:
    month = _month(charge("total", "100"))
    pipeline.land([month], day=JUNE, integration="datadog", fetched_at=datetime(2026, 6, 4, 6, tzinfo=UTC))
    pipeline.run()

    pipeline.land([month], day=JUNE, integration="datadog", fetched_at=datetime(2026, 6, 5, 6, tzinfo=UTC))
    pipeline.run()

    lines = pipeline.query("select usage_date, cost from cost_by_account order by usage_date")
    assert lines == [(JUNE + timedelta(days=n), money("20")) for n in range(5)]


def test_a_row_not_begun_at_the_fetch_counts_on_its_first_day(pipeline: Pipeline) -> None:
    ahead = {"start_date": "2026-06-20T00:00:00Z", "end_date": "2026-07-01T00:00:00Z"}
    fourth = datetime(2026, 6, 4, 6, tzinfo=UTC)
    pipeline.land([row("r1", charge("total", "9"), **ahead)], day=JUNE, integration="datadog", fetched_at=fourth)

    pipeline.derive_cost()

    assert pipeline.query("select usage_date, cost from cost") == [(date(2026, 6, 20), money("9"))]


def test_a_row_that_starts_in_the_neighbour_window_is_dropped_and_counted(pipeline: Pipeline) -> None:
    pipeline.land([row("mine", charge("net", "1")), row("neighbour", charge("net", "2"), day=NEXT_DAY)])

    report = pipeline.derive_cost()

    assert pipeline.query("select row_id, cost from cost") == [("mine", money("1"))]
    assert pipeline.query("select usage_rows, dropped_rows from loads") == [(1, 1)]
    assert (report.rows, report.dropped) == (1, 1)


def test_a_row_that_runs_into_the_window_from_before_is_dropped(pipeline: Pipeline) -> None:
    pipeline.land([row("before", charge("net", "1"), start_date="2026-06-09T23:59:59Z"), row("mine")])

    pipeline.derive_cost()

    assert pipeline.query("select row_id from usage") == [("mine",)]


def test_a_row_longer_than_its_window_has_cost_on_days_after_it(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "3"), end_date="2026-06-13T00:00:00Z")])

    pipeline.derive_cost()

    assert pipeline.query("select count(*), sum(cost), max(usage_date) from cost") == [
        (3, money("3"), date(2026, 6, 12))
    ]


def _month(*charges: dict[str, object], **given: object) -> dict[str, object]:
    return row("r1", *charges, start_date=f"{JUNE}T00:00:00Z", end_date=f"{JULY}T00:00:00Z", **given)
