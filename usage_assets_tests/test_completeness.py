"""Through which day figures are complete, and which days of two periods are compared."""

from datetime import date, timedelta

import pytest

from usage_assets.account_histories import AccountHistory
from usage_assets.completeness import (
    CoverageSpan,
    DayPair,
    IncompleteAccount,
    brought_up_to_date,
    compare,
    complete_through,
    first_lack,
    last_complete_day,
    month_to_date,
    week_to_date,
    without_days,
)
from usage_assets.integrations.windows import Window

REFUSED = "its token was refused"


def november(day: int) -> date:
    return date(2026, 11, day)


def span(state: str, first: date, last: date, reason: str | None = None) -> CoverageSpan:
    return CoverageSpan(Window(first, last + timedelta(days=1)), state, reason)


def days(state: str, first: int, last: int, reason: str | None = None) -> CoverageSpan:
    return span(state, november(first), november(last), reason)


COMPLETE = [days("final", 1, 20), days("provisional", 21, 25), days("not_ready", 26, 27)]
BEHIND = [days("final", 1, 20), days("failed", 21, 25, REFUSED), days("not_ready", 26, 27)]
WITH_A_GAP = [days("final", 1, 9), days("missing", 10, 11), days("final", 12, 25), days("not_ready", 26, 27)]


@pytest.mark.parametrize(
    ("spans", "through"),
    [
        (COMPLETE, november(25)),
        (BEHIND, november(20)),
        (WITH_A_GAP, november(9)),
        ([days("final", 1, 12)], november(12)),
        ([days("final", 1, 3), days("final", 8, 12)], november(12)),
        ([days("missing", 1, 1), days("final", 2, 20)], None),
        ([], None),
    ],
    ids=["lag", "failed", "a gap", "ended", "days that do not count", "begins with a gap", "no history"],
)
def test_an_account_is_complete_up_to_its_first_day_that_is_not(
    spans: list[CoverageSpan], through: date | None
) -> None:
    assert complete_through(spans) == through


def test_a_day_within_the_lag_is_no_lack() -> None:
    assert first_lack(COMPLETE) is None
    assert first_lack(BEHIND) == days("failed", 21, 25, REFUSED)


@pytest.mark.parametrize(
    ("coverage", "day"),
    [
        ({"a": COMPLETE, "b": BEHIND}, november(20)),
        ({"a": COMPLETE, "b": WITH_A_GAP}, november(25)),
        ({"a": COMPLETE, "new": [days("missing", 20, 25)]}, november(25)),
        ({"a": COMPLETE, "left": BEHIND}, november(25)),
        ({"a": [days("final", 1, 9)], "b": [days("final", 10, 12)]}, november(12)),
        ({}, None),
    ],
    ids=["the slowest counts", "an old gap", "no day yet", "not active", "begins after another ended", "no account"],
)
def test_yesterday_is_the_last_day_complete_for_every_active_account(
    coverage: dict[str, list[CoverageSpan]], day: date | None
) -> None:
    assert last_complete_day(coverage, {"a", "b", "new"}) == day


def test_days_of_a_month_are_compared_with_the_same_days_of_the_month_before() -> None:
    pairs = month_to_date(november(3))

    assert pairs == [DayPair(november(day), date(2026, 10, day)) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("last_day", "last_pair"),
    [
        (date(2026, 3, 31), DayPair(date(2026, 3, 28), date(2026, 2, 28))),
        (date(2028, 3, 30), DayPair(date(2028, 3, 29), date(2028, 2, 29))),
        (date(2026, 12, 31), DayPair(date(2026, 12, 30), date(2026, 11, 30))),
        (date(2026, 2, 28), DayPair(date(2026, 2, 28), date(2026, 1, 28))),
        (date(2026, 1, 31), DayPair(date(2026, 1, 31), date(2025, 12, 31))),
    ],
)
def test_a_day_that_the_month_before_lacks_is_not_compared(last_day: date, last_pair: DayPair) -> None:
    pairs = month_to_date(last_day)

    assert pairs[-1] == last_pair
    assert [pair.day.day for pair in pairs] == list(range(1, last_pair.day.day + 1))


def test_days_of_a_week_are_compared_with_the_same_weekdays() -> None:
    tuesday = date(2026, 12, 1)

    pairs = week_to_date(tuesday)

    assert pairs == [DayPair(date(2026, 11, 30), november(23)), DayPair(tuesday, november(24))]


def test_each_account_is_compared_over_its_own_complete_days() -> None:
    pairs = week_to_date(november(26))  # 23 to 26 against 16 to 19

    comparison = compare({"a": COMPLETE, "b": BEHIND}, pairs)

    assert [pair.day for pair in comparison.days["a"]] == [november(23), november(24), november(25)]
    assert comparison.days["b"] == ()
    assert comparison.incomplete == (
        IncompleteAccount("a", november(26), "not_ready", None),
        IncompleteAccount("b", november(23), "failed", REFUSED),
    )


def test_a_gap_in_the_earlier_period_leaves_its_days_out_of_both() -> None:
    pairs = week_to_date(november(20))  # 16 to 20 against 9 to 13

    comparison = compare({"a": WITH_A_GAP}, pairs)

    assert [pair.earlier for pair in comparison.days["a"]] == [november(9), november(12), november(13)]
    assert comparison.incomplete == (IncompleteAccount("a", november(10), "missing", None),)


def test_an_account_that_starts_in_the_earlier_period_is_compared_from_then_on_and_is_not_incomplete() -> None:
    pairs = week_to_date(november(20))

    comparison = compare({"a": [days("final", 12, 20)]}, pairs)

    assert comparison.days["a"] == (DayPair(november(19), november(12)), DayPair(november(20), november(13)))
    assert comparison.incomplete == ()


HISTORY = AccountHistory(
    account_id="a",
    integration="cursor",
    reports=("default",),
    lag=1,
    last_ready_day=november(29),
    first_asked_day=november(1),
    first_wanted_day=november(1),
    last_day=november(30),
    failed_days=(november(28), november(29)),
    failure=REFUSED,
)


def test_time_and_failures_bring_an_older_history_up_to_date() -> None:
    today = brought_up_to_date(COMPLETE, HISTORY, landed={november(26)})

    assert today == [
        *COMPLETE[:2],
        days("missing", 26, 26, "it has landed and is not derived yet"),
        days("missing", 27, 27),
        days("failed", 28, 29, REFUSED),
        days("not_ready", 30, 30),
    ]
    assert complete_through(today) == complete_through(COMPLETE)


def test_a_derived_failure_keeps_its_reason() -> None:
    assert days("failed", 21, 25, REFUSED) in brought_up_to_date(BEHIND, HISTORY, landed=())


def test_an_account_without_derived_history_begins_with_the_first_wanted_day() -> None:
    today = brought_up_to_date([], HISTORY, landed=())

    assert today == [days("missing", 1, 27), days("failed", 28, 29, REFUSED), days("not_ready", 30, 30)]


def test_ignored_days_are_cut_out_of_the_spans_around_them() -> None:
    whole = CoverageSpan(Window(date(2026, 6, 1), date(2026, 6, 11)), "final")

    kept = without_days([whole], [(date(2026, 6, 3), date(2026, 6, 4)), (date(2026, 6, 9), date.max)])

    windows = [Window(date(2026, 6, 1), date(2026, 6, 3)), Window(date(2026, 6, 5), date(2026, 6, 9))]
    assert kept == [CoverageSpan(window, "final") for window in windows]
