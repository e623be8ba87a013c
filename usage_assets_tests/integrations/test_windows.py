"""Request windows: their days and parameters, and when they are ready, read again and final."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from usage_assets.integrations.profiles import Profile, Report, load_profiles
from usage_assets.integrations.windows import (
    Window,
    contiguous,
    days_between,
    elapsed_days,
    history_days,
    is_final,
    last_ready_day,
    parameters_of,
    reread_days,
    window_of,
    windows_of,
)

DAY = date(2026, 11, 20)
LONG_AGO = date(2020, 1, 1)
DAILY = ["claude", "openai_codex", "cursor", "confluent", "snowflake"]


def profile(slug: str) -> Profile:
    return load_profiles().of(slug)


def ago(today: date, days: int) -> date:
    return today - timedelta(days=days)


def on(day: date) -> datetime:
    """Return the last second of a day."""
    return datetime.combine(day, time(23, 59, 59), UTC)


# Request windows of each vendor


@pytest.mark.parametrize(
    ("slug", "parameters"),
    [
        ("claude", {"date": "2026-11-20"}),
        ("openai_codex", {"date": "2026-11-20"}),
        ("cursor", {"start_date": "2026-11-20T00:00:00.000Z", "end_date": "2026-11-20T23:59:59.999Z"}),
        ("confluent", {"start_date": "2026-11-20", "end_date": "2026-11-21"}),
        ("datadog", {"start_date": "2026-11-01", "end_date": "2026-11-30"}),
        ("snowflake", {"start_date": "2026-11-20", "end_date": "2026-11-21"}),
    ],
)
def test_each_vendor_has_its_own_parameters(slug: str, parameters: dict[str, str]) -> None:
    (report,) = profile(slug).reports

    assert parameters_of(report, window_of(DAY, profile(slug))) == parameters


def test_a_parameter_without_placeholder_is_unchanged() -> None:
    report = Report("cost", {"report_type": "cost", "start_date": "{start}", "end_date": "{end}"})

    parameters = parameters_of(report, window_of(DAY, profile("claude")))

    assert parameters == {"report_type": "cost", "start_date": "2026-11-20", "end_date": "2026-11-21"}


@pytest.mark.parametrize("slug", DAILY)
def test_a_day_is_a_window_of_its_own(slug: str) -> None:
    assert window_of(DAY, profile(slug)) == Window(date(2026, 11, 20), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 30), date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 1, 31), date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 2, 28), date(2026, 2, 1), date(2026, 3, 1)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_a_datadog_window_is_a_calendar_month(day: date, start: date, end: date) -> None:
    assert window_of(day, profile("datadog")) == Window(start, end)


def test_days_of_one_window_are_requested_once() -> None:
    days = days_between(date(2026, 10, 30), date(2026, 11, 20))

    starts = [window.start for window in windows_of(days, profile("datadog"))]

    assert sorted(starts) == [date(2026, 10, 1), date(2026, 11, 1)]


def test_the_newest_window_comes_first() -> None:
    days = [date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 19)]

    starts = [window.start for window in windows_of(days, profile("claude"))]

    assert starts == [date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 18)]


def test_without_days_there_is_no_request_window() -> None:
    assert windows_of([], profile("claude")) == []


# Days and text of a window


def test_the_end_of_a_window_is_exclusive() -> None:
    assert Window(DAY, date(2026, 11, 23)).days == [DAY, date(2026, 11, 21), date(2026, 11, 22)]


@pytest.mark.parametrize(
    ("end", "text"), [(date(2026, 11, 21), "2026-11-20"), (date(2026, 11, 23), "2026-11-20 to 2026-11-22")]
)
def test_the_text_of_a_window_is_its_first_and_last_day(end: date, text: str) -> None:
    assert str(Window(DAY, end)) == text


def test_a_reversed_range_has_no_days() -> None:
    assert days_between(DAY, ago(DAY, 1)) == []


# Ready


@pytest.mark.parametrize(
    ("slug", "lag"),
    [("claude", 3), ("openai_codex", 1), ("cursor", 1), ("confluent", 3), ("datadog", 3), ("snowflake", 1)],
)
def test_a_day_is_ready_after_its_vendors_lag(slug: str, lag: int) -> None:
    assert last_ready_day(profile(slug), DAY) == ago(DAY, lag)


# Re-reads


@pytest.mark.parametrize(
    ("slug", "lag", "reread"),
    [("claude", 3, 30), ("openai_codex", 1, 7), ("cursor", 1, 5), ("confluent", 3, 7), ("snowflake", 1, 7)],
)
def test_days_are_read_again_while_their_vendor_restates(slug: str, lag: int, reread: int) -> None:
    days = reread_days(profile(slug), DAY)

    assert days == days_between(ago(DAY, lag + reread), ago(DAY, lag))


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 5), [date(2026, 11, 1), date(2026, 10, 1)]),
        (date(2026, 11, 17), [date(2026, 11, 1), date(2026, 10, 1)]),
        (date(2026, 11, 18), [date(2026, 11, 1)]),
        (date(2026, 11, 30), [date(2026, 11, 1)]),
        (date(2027, 1, 17), [date(2027, 1, 1), date(2026, 12, 1)]),
        (date(2026, 11, 2), [date(2026, 10, 1)]),
    ],
    ids=["early", "the 17th", "the 18th", "late", "over the year", "none of its days is ready"],
)
def test_a_datadog_month_is_read_again_through_the_17th_of_the_next(today: date, months: list[date]) -> None:
    windows = windows_of(reread_days(profile("datadog"), today), profile("datadog"))

    assert [window.start for window in windows] == months


@pytest.mark.parametrize("slug", [*DAILY, "datadog"])
@pytest.mark.parametrize("today", [date(2026, 11, 2), date(2026, 11, 17), date(2026, 11, 18)])
def test_no_day_is_read_again_before_it_is_ready(slug: str, today: date) -> None:
    assert max(reread_days(profile(slug), today)) == last_ready_day(profile(slug), today)


# Final


@pytest.mark.parametrize(
    ("slug", "last_read"),
    [
        ("claude", date(2026, 12, 23)),
        ("openai_codex", date(2026, 11, 28)),
        ("cursor", date(2026, 11, 26)),
        ("confluent", date(2026, 11, 30)),
        ("datadog", date(2026, 12, 17)),
        ("snowflake", date(2026, 11, 28)),
    ],
)
class TestFinality:
    def test_a_window_is_final_on_its_last_re_read(self, slug: str, last_read: date) -> None:
        assert is_final(window_of(DAY, profile(slug)), profile(slug), on(last_read))

    def test_a_day_earlier_it_is_provisional(self, slug: str, last_read: date) -> None:
        assert not is_final(window_of(DAY, profile(slug)), profile(slug), on(ago(last_read, 1)))

    def test_it_is_not_read_again_after_that_day(self, slug: str, last_read: date) -> None:
        window = window_of(DAY, profile(slug))

        on_the_last, a_day_later = (
            window in windows_of(reread_days(profile(slug), today), profile(slug))
            for today in (last_read, ago(last_read, -1))
        )

        assert (on_the_last, a_day_later) == (True, False)


# Elapsed days


@pytest.mark.parametrize(
    ("fetched", "days"),
    [
        (date(2026, 10, 31), 0),
        (date(2026, 11, 1), 1),
        (date(2026, 11, 15), 15),
        (date(2026, 11, 30), 30),
        (date(2026, 12, 17), 30),
    ],
)
def test_the_elapsed_days_of_a_month_are_those_that_had_begun(fetched: date, days: int) -> None:
    assert elapsed_days(window_of(DAY, profile("datadog")), on(fetched)) == days


@pytest.mark.parametrize(("fetched", "days"), [(ago(DAY, 1), 0), (DAY, 1), (ago(DAY, -9), 1)])
def test_a_day_has_elapsed_once_it_has_begun(fetched: date, days: int) -> None:
    assert elapsed_days(window_of(DAY, profile("claude")), on(fetched)) == days


# History


def test_a_new_account_has_its_backfill() -> None:
    days = history_days(profile("claude"), DAY, backfill_days=90, start=LONG_AGO)

    assert days == days_between(ago(DAY, 90), ago(DAY, 3))


def test_a_backfill_starts_no_earlier_than_the_vendors_history() -> None:
    days = history_days(profile("confluent"), DAY, backfill_days=1000, start=LONG_AGO)

    assert days[0] == ago(DAY, 365)


def test_a_longer_history_does_not_lengthen_the_backfill() -> None:
    days = history_days(profile("confluent"), DAY, backfill_days=90, start=LONG_AGO)

    assert days[0] == ago(DAY, 90)


def test_the_users_own_history_limits_the_backfill() -> None:
    capped = msgspec.structs.replace(profile("claude"), history=30)

    assert history_days(capped, DAY, backfill_days=90, start=LONG_AGO)[0] == ago(DAY, 30)


@pytest.mark.parametrize("backfill_days", [90, 10_000_000])
def test_a_backfill_starts_no_earlier_than_the_first_partition(backfill_days: int) -> None:
    start = date(2026, 11, 1)

    assert history_days(profile("claude"), DAY, backfill_days=backfill_days, start=start)[0] == start


def test_before_the_first_partition_there_is_no_backfill() -> None:
    assert history_days(profile("claude"), DAY, backfill_days=90, start=ago(DAY, -5)) == []


# Contiguous days


def test_neighbouring_days_are_one_window() -> None:
    days = days_between(date(2026, 10, 30), date(2026, 11, 2))

    assert contiguous(days) == [Window(date(2026, 10, 30), date(2026, 11, 3))]


def test_a_gap_separates_windows_and_the_newest_comes_first() -> None:
    windows = contiguous([date(2026, 11, 5), date(2026, 11, 1), date(2026, 11, 2)])

    assert windows == [Window(date(2026, 11, 5), date(2026, 11, 6)), Window(date(2026, 11, 1), date(2026, 11, 3))]


def test_a_repeated_day_counts_once() -> None:
    assert contiguous([DAY, DAY]) == [Window(DAY, date(2026, 11, 21))]


def test_a_long_range_is_divided_from_its_newest_day() -> None:
    days = days_between(date(2026, 11, 1), date(2026, 11, 5))

    assert contiguous(days, longest=2) == [
        Window(date(2026, 11, 4), date(2026, 11, 6)),
        Window(date(2026, 11, 2), date(2026, 11, 4)),
        Window(date(2026, 11, 1), date(2026, 11, 2)),
    ]


def test_without_days_there_is_no_window() -> None:
    assert contiguous([]) == []
