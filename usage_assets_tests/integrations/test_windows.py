"""Windows: which days a request covers, when they are ready, re-read and final."""

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
    """A moment late on that day."""
    return datetime.combine(day, time(23, 59, 59), UTC)


# What is asked: the table of request windows


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
def test_each_vendor_is_asked_in_its_own_way(slug: str, parameters: dict[str, str]) -> None:
    (report,) = profile(slug).reports

    assert parameters_of(report, window_of(DAY, profile(slug))) == parameters


def test_what_holds_no_place_is_asked_as_it_stands() -> None:
    report = Report("cost", {"report_type": "cost", "start_date": "{start}", "end_date": "{end}"})

    asked = parameters_of(report, window_of(DAY, profile("claude")))

    assert asked == {"report_type": "cost", "start_date": "2026-11-20", "end_date": "2026-11-21"}


@pytest.mark.parametrize("slug", DAILY)
def test_a_day_is_a_window_by_itself(slug: str) -> None:
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
def test_datadog_answers_for_the_calendar_month(day: date, start: date, end: date) -> None:
    assert window_of(day, profile("datadog")) == Window(start, end)


def test_days_that_share_a_window_are_asked_once() -> None:
    days = days_between(date(2026, 10, 30), date(2026, 11, 20))

    starts = [window.start for window in windows_of(days, profile("datadog"))]

    assert sorted(starts) == [date(2026, 10, 1), date(2026, 11, 1)]


def test_the_newest_window_is_asked_first() -> None:
    days = [date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 19)]

    starts = [window.start for window in windows_of(days, profile("claude"))]

    assert starts == [date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 18)]


def test_no_days_have_no_windows() -> None:
    assert windows_of([], profile("claude")) == []


# How a window is told


def test_a_window_ends_before_its_end() -> None:
    assert Window(DAY, date(2026, 11, 23)).days == [DAY, date(2026, 11, 21), date(2026, 11, 22)]


@pytest.mark.parametrize(
    ("end", "text"), [(date(2026, 11, 21), "2026-11-20"), (date(2026, 11, 23), "2026-11-20 to 2026-11-22")]
)
def test_a_window_is_told_by_its_first_and_last_day(end: date, text: str) -> None:
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


# Read again


@pytest.mark.parametrize(
    ("slug", "lag", "reread"),
    [("claude", 3, 30), ("openai_codex", 1, 7), ("cursor", 1, 5), ("confluent", 3, 7), ("snowflake", 1, 7)],
)
def test_days_are_read_again_as_long_as_their_vendor_restates(slug: str, lag: int, reread: int) -> None:
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
    ids=["early", "the 17th", "the 18th", "late", "over the year", "no day of it ready"],
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
    def test_the_last_time_it_is_read_a_window_is_final(self, slug: str, last_read: date) -> None:
        assert is_final(window_of(DAY, profile(slug)), profile(slug), on(last_read))

    def test_a_day_earlier_it_is_provisional(self, slug: str, last_read: date) -> None:
        assert not is_final(window_of(DAY, profile(slug)), profile(slug), on(ago(last_read, 1)))

    def test_that_is_the_last_day_on_which_it_is_read_again(self, slug: str, last_read: date) -> None:
        window = window_of(DAY, profile(slug))

        on_the_last, a_day_later = (
            window in windows_of(reread_days(profile(slug), today), profile(slug))
            for today in (last_read, ago(last_read, -1))
        )

        assert (on_the_last, a_day_later) == (True, False)


# Elapsed


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
def test_of_a_month_the_days_that_had_begun_are_elapsed(fetched: date, days: int) -> None:
    assert elapsed_days(window_of(DAY, profile("datadog")), on(fetched)) == days


@pytest.mark.parametrize(("fetched", "days"), [(ago(DAY, 1), 0), (DAY, 1), (ago(DAY, -9), 1)])
def test_a_day_has_elapsed_once_it_has_begun(fetched: date, days: int) -> None:
    assert elapsed_days(window_of(DAY, profile("claude")), on(fetched)) == days


# History


def test_a_new_account_is_asked_for_its_backfill() -> None:
    days = history_days(profile("claude"), DAY, backfill_days=90, start=LONG_AGO)

    assert days == days_between(ago(DAY, 90), ago(DAY, 3))


def test_history_ends_where_the_vendors_does() -> None:
    days = history_days(profile("confluent"), DAY, backfill_days=1000, start=LONG_AGO)

    assert days[0] == ago(DAY, 365)


def test_a_vendors_history_does_not_lengthen_the_backfill() -> None:
    days = history_days(profile("confluent"), DAY, backfill_days=90, start=LONG_AGO)

    assert days[0] == ago(DAY, 90)


def test_a_users_own_cap_holds() -> None:
    capped = msgspec.structs.replace(profile("claude"), history=30)

    assert history_days(capped, DAY, backfill_days=90, start=LONG_AGO)[0] == ago(DAY, 30)


@pytest.mark.parametrize("backfill_days", [90, 10_000_000])
def test_history_does_not_reach_behind_the_first_partition(backfill_days: int) -> None:
    start = date(2026, 11, 1)

    assert history_days(profile("claude"), DAY, backfill_days=backfill_days, start=start)[0] == start


def test_before_the_first_partition_there_is_no_history() -> None:
    assert history_days(profile("claude"), DAY, backfill_days=90, start=ago(DAY, -5)) == []


# Spans


def test_neighbouring_days_are_one_span() -> None:
    days = days_between(date(2026, 10, 30), date(2026, 11, 2))

    assert contiguous(days) == [Window(date(2026, 10, 30), date(2026, 11, 3))]


def test_a_gap_parts_spans_and_the_newest_comes_first() -> None:
    spans = contiguous([date(2026, 11, 5), date(2026, 11, 1), date(2026, 11, 2)])

    assert spans == [
        Window(date(2026, 11, 5), date(2026, 11, 6)),
        Window(date(2026, 11, 1), date(2026, 11, 3)),
    ]


def test_a_day_named_twice_counts_once() -> None:
    assert contiguous([DAY, DAY]) == [Window(DAY, date(2026, 11, 21))]


def test_a_span_is_cut_at_its_longest_from_the_newest_day_on() -> None:
    days = days_between(date(2026, 11, 1), date(2026, 11, 5))

    assert contiguous(days, longest=2) == [
        Window(date(2026, 11, 4), date(2026, 11, 6)),
        Window(date(2026, 11, 2), date(2026, 11, 4)),
        Window(date(2026, 11, 1), date(2026, 11, 2)),
    ]


def test_no_days_are_no_spans() -> None:
    assert contiguous([]) == []
