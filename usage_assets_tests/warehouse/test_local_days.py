"""The days of a row are those that the vendor writes: in the offset of its start and of its end."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets_tests.warehouse.any_rows import cases
from usage_assets_tests.warehouse.pipeline import DAY, FETCHED_AT, NEXT_DAY, Pipeline, charge, money, row
from usage_assets_tests.warehouse.temporary import temporary_pipeline

DAY_BEFORE = DAY - timedelta(days=1)
MUCH_LATER = datetime(2027, 3, 1, tzinfo=UTC)
ZONES = [
    *("Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland"),
    *("Pacific/Chatham", "Australia/Lord_Howe", "Pacific/Kiritimati", "America/Havana", "Africa/Casablanca"),
]
CHANGES = {
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2026, 3, 8), date(2026, 11, 1)],
    "Pacific/Auckland": [date(2026, 4, 5), date(2026, 9, 27)],
    "Pacific/Chatham": [date(2026, 4, 5), date(2026, 9, 27)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
}


def midnight(day: date, zone: str) -> str:
    return datetime.combine(day, time(), ZoneInfo(zone)).isoformat()


def local_day(day: date, zone: str) -> dict[str, Any]:
    """Return the start and end of a vendor's day; it has 23, 24 or 25 hours."""
    return {"start_date": midnight(day, zone), "end_date": midnight(day + timedelta(days=1), zone)}


def days_of(pipeline: Pipeline, row_id: str = "r1") -> tuple[date, date]:
    [span] = pipeline.query(f"select usage_date, last_day from usage where row_id = '{row_id}'")
    first, last = span
    return first, last


def other_windows(pipeline: Pipeline) -> CheckFindings:
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, "rows_of_other_windows", pipeline.profiles, examples=3)


# A vendor whose days are those of a time zone


@st.composite
def local_days(draw: st.DrawFn) -> tuple[str, date]:
    zone = draw(st.sampled_from(ZONES))
    near_change = [change + timedelta(days=n) for change in CHANGES.get(zone, []) for n in (-1, 0, 1)]
    any_day = st.dates(date(2026, 1, 2), date(2026, 12, 30))
    return zone, draw(st.sampled_from(near_change) | any_day if near_change else any_day)


@given(st.sets(local_days(), min_size=1, max_size=25))
@cases(6)
def test_a_row_of_a_local_day_stands_on_that_day_in_every_zone(drawn: set[tuple[str, date]]) -> None:
    with temporary_pipeline() as pipeline:
        for zone, day in drawn:
            account = zone.replace("/", "-")
            answer = [row(f"{zone} {day}", charge("net", "3"), **local_day(day, zone))]
            pipeline.land(answer, day=day, account=account, fetched_at=MUCH_LATER)

        pipeline.derive_cost()

        expected = {(f"{zone} {day}", day, day) for zone, day in drawn}
        assert set(pipeline.query("select row_id, usage_date, last_day from usage")) == expected
        lines = {(f"{zone} {day}", day, 3, "exact") for zone, day in drawn}
        assert set(pipeline.query("select row_id, usage_date, cost, allocation from cost")) == lines
        assert pipeline.query("select row_id from bookkeeping.outside_rows") == []


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/New_York", date(2026, 11, 1), 25),
    ],
)
def test_a_day_of_another_length_is_one_day(pipeline: Pipeline, zone: str, day: date, hours: float) -> None:
    pipeline.land([row("r1", charge("net", "3"), **local_day(day, zone))], day=day, fetched_at=MUCH_LATER)

    pipeline.derive_cost()

    assert pipeline.one("select end_at - start_at from usage") == timedelta(hours=hours)
    assert pipeline.query("select usage_date, cost, allocation from cost") == [(day, 3, "exact")]
    assert pipeline.query("select check_name from bookkeeping.load_findings") == []


# How an end is written


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-06-10T00:00:00+02:00", "2026-06-10T23:59:59.999+02:00"),
        ("2026-06-10T00:00:00+05:30", "2026-06-10T23:59:59+05:30"),
        ("2026-06-10T00:00:00.000-09:30", "2026-06-10T23:59:59.999999-09:30"),
        ("2026-06-10T00:00:00+0530", "2026-06-11T00:00:00+0530"),
        ("2026-06-10T00:00:00+14", "2026-06-11T00:00:00+14"),
        ("2026-06-10 00:00:00+02:00", "2026-06-11 00:00:00+02:00"),
        ("2026-06-10T00:00:00+02:00", "2026-06-11"),
        ("2026-06-10T00:00:00-08:00", "2026-06-11"),
        ("2026-06-10T23:59:59+02:00", "2026-06-10T23:59:59+02:00"),
        ("2026-06-10T00:00:00+02:00", None),
        ("2026-06-10T00:00:00-08:00", None),
        ("2026-06-10T00:00:00 NZ", "2026-06-11T00:00:00 NZ"),
        ("2026-06-10T00:00:00 Europe/Berlin", "2026-06-10T23:59:59 Europe/Berlin"),
        ("2026-06-10", "2026-06-11"),
    ],
)
def test_a_row_of_one_day_stands_on_it_however_it_is_written(pipeline: Pipeline, start: str, end: str | None) -> None:
    pipeline.land([row("r1", charge("net", "3"), start_date=start, end_date=end)])

    pipeline.derive_cost()

    assert days_of(pipeline) == (DAY, DAY)
    assert pipeline.query("select usage_date, cost, allocation from cost") == [(DAY, 3, "exact")]


@pytest.mark.parametrize("end", ["2026-06-11", "2026-06-11T23:59:59.999+02:00", "2026-06-12T00:00:00+02:00"])
def test_an_inclusive_end_is_read_in_its_offset(pipeline: Pipeline, end: str) -> None:
    shipped = tomllib.loads(files("usage_assets.integrations").joinpath("profiles.toml").read_text())
    shipped["confluent"]["row_end"] = "inclusive"
    pipeline.profiles = Profiles(shipped)
    pipeline.land([row("r1", start_date="2026-06-10T00:00:00+02:00", end_date=end)])

    pipeline.load()

    assert days_of(pipeline) == (DAY, NEXT_DAY)


@pytest.mark.parametrize("offset", ["+02:00", "-08:00", "+05:30", "-03:30", "+14:00", "-12:00", "Z"])
def test_a_long_row_is_split_over_the_days_of_its_offset(pipeline: Pipeline, offset: str) -> None:
    span = {"start_date": f"2026-06-10T00:00:00{offset}", "end_date": f"2026-06-13T00:00:00{offset}"}
    pipeline.land([row("r1", charge("net", "3"), **span)])

    pipeline.derive_cost()

    lines = pipeline.query("select usage_date, cost from cost order by usage_date")
    assert lines == [(DAY + timedelta(days=n), 1) for n in range(3)]


def test_a_week_with_a_day_of_25_hours_is_split_over_seven_days(pipeline: Pipeline) -> None:
    start, end = date(2026, 10, 22), date(2026, 10, 29)
    span = {"start_date": midnight(start, "Europe/Berlin"), "end_date": midnight(end, "Europe/Berlin")}
    pipeline.land([row("r1", charge("net", "7"), **span)], day=start, fetched_at=MUCH_LATER)

    pipeline.derive_cost()

    lines = pipeline.query("select usage_date, cost from cost order by usage_date")
    assert lines == [(start + timedelta(days=n), 1) for n in range(7)]


def test_an_unfinished_row_is_split_over_the_local_days_that_have_begun(pipeline: Pipeline) -> None:
    span = {"start_date": "2026-06-10T00:00:00+10:00", "end_date": "2026-06-20T00:00:00+10:00"}
    fetched_at = datetime(2026, 6, 11, 15, tzinfo=UTC)  # 01:00 on the 12th by the clock of the row
    pipeline.land([row("r1", charge("net", "3"), **span)], fetched_at=fetched_at)

    pipeline.derive_cost()

    assert pipeline.query("select min(usage_date), max(usage_date) from cost") == [(DAY, date(2026, 6, 12))]


# Rows outside their window


def test_a_row_is_left_to_the_neighbour_that_brings_it(pipeline: Pipeline) -> None:
    pipeline.land([row("mine"), row("other", charge("net", "3"), day=DAY_BEFORE)])
    pipeline.run()
    assert other_windows(pipeline).money == {"USD": money("3")}

    pipeline.land([row("other", charge("net", "3"), day=DAY_BEFORE)], day=DAY_BEFORE)
    pipeline.run()

    assert other_windows(pipeline).count == 0
    assert pipeline.query("select row_id, cost from cost where cost > 0") == [("other", 3)]


def test_a_row_that_its_own_window_does_not_bring_is_missing_money(pipeline: Pipeline) -> None:
    pipeline.land([row("theirs", day=DAY_BEFORE)], day=DAY_BEFORE)
    pipeline.land([row("mine"), row("other", charge("net", "3"), charge("net", "2", "EUR"), day=DAY_BEFORE)])

    pipeline.run()

    findings = other_windows(pipeline)
    assert (findings.count, findings.money) == (2, {"EUR": money("2"), "USD": money("3")})


def test_a_row_of_a_day_after_the_newest_window_is_left_to_a_later_one(pipeline: Pipeline) -> None:
    pipeline.land([row("mine"), row("next", charge("net", "3"), day=NEXT_DAY)])
    pipeline.run()
    assert other_windows(pipeline).count == 0

    pipeline.land([row("later", day=NEXT_DAY)], day=NEXT_DAY)
    pipeline.run()

    assert other_windows(pipeline).money == {"USD": money("3")}


@pytest.mark.parametrize("day", ["2027-03-01", "9998-03-01"])
def test_a_row_of_a_future_day_is_missing_money_at_once(pipeline: Pipeline, day: str) -> None:
    pipeline.land([row("mine"), row("future", charge("net", "24"), day=date.fromisoformat(day))])

    pipeline.run()

    assert other_windows(pipeline).money == {"USD": money("24")}


@pytest.mark.parametrize(("days", "is_red"), [(0, False), (1, False), (2, True)])
def test_a_row_is_in_the_future_after_the_day_that_follows_its_fetch(
    pipeline: Pipeline, days: int, *, is_red: bool
) -> None:
    day = FETCHED_AT.date() + timedelta(days=days)
    pipeline.land([row("mine"), row("next", charge("net", "3"), day=day)], fetched_at=FETCHED_AT)

    pipeline.run()

    assert bool(other_windows(pipeline).count) is is_red


def test_a_row_in_the_future_is_no_finding_once_its_window_brings_it(pipeline: Pipeline) -> None:
    day = FETCHED_AT.date() + timedelta(days=9)
    pipeline.land([row("mine"), row("future", charge("net", "24"), day=day)])
    pipeline.land([row("future", charge("net", "24"), day=day)], day=day, fetched_at=MUCH_LATER)

    pipeline.run()

    assert other_windows(pipeline).count == 0


def test_a_vendor_that_writes_its_local_days_in_utc_is_missing_money(pipeline: Pipeline) -> None:
    for day in (DAY, NEXT_DAY):
        before = day - timedelta(days=1)
        span = {"start_date": f"{before}T22:00:00Z", "end_date": f"{day}T22:00:00Z"}
        pipeline.land([row(f"{day}", charge("net", "3"), **span)], day=day)

    pipeline.run()

    assert other_windows(pipeline).money == {"USD": money("3") + money("3")}


def test_a_corrected_answer_has_no_rows_of_other_windows(pipeline: Pipeline) -> None:
    pipeline.land([row("mine"), row("other", charge("net", "3"), day=DAY_BEFORE)])
    pipeline.run()

    pipeline.land([row("mine")])
    pipeline.run()

    assert other_windows(pipeline).count == 0


def test_a_neighbour_of_another_account_brings_nothing(pipeline: Pipeline) -> None:
    pipeline.land([row("other", charge("net", "3"), day=DAY_BEFORE)], day=DAY_BEFORE, account="second")
    pipeline.land([row("mine"), row("other", charge("net", "3"), day=DAY_BEFORE)])

    pipeline.run()

    assert other_windows(pipeline).money == {"USD": money("3")}
