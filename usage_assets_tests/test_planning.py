"""Decisions about the days to fetch and derive."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.windows import (
    Window,
    day_window,
    days_between,
    final_from,
    is_final,
    reread_days,
    window_of,
)
from usage_assets.landing.failures import Failure
from usage_assets.planning import (
    AskedDays,
    Chunk,
    LandedWindows,
    accounts_per_run,
    asked_days,
    chunks_of,
    due_days,
    last_daily,
    missed_days,
    overdue_windows,
    skip_reason,
)
from usage_assets_tests.warehouse.pipeline import account

LONG_AGO = date(2026, 1, 1)
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
CODEX = load_profiles().of("openai_codex")
DATADOG = load_profiles().of("datadog")


def due(profile: Profile, landed: LandedWindows, now: datetime = NOW, backfill_days: int = 10) -> list[date]:
    return due_days(profile, landed, now, backfill_days=backfill_days, start=LONG_AGO)


def missed(profile: Profile, landed: LandedWindows, now: datetime = NOW, backfill_days: int = 10) -> list[date]:
    return missed_days(profile, landed, now, backfill_days=backfill_days, start=LONG_AGO)


def landed_at(profile: Profile, first: date, last: date, at: datetime) -> LandedWindows:
    """Return an account that holds every window from `first` to `last`, all fetched at one time."""
    held = {window_of(day, profile) for day in days_between(first, last)}
    return LandedWindows(held, {window: at for window in held if not is_final(window, profile, at)})


def test_every_ready_day_of_a_new_account_is_due() -> None:
    assert due(CODEX, LandedWindows()) == days_between(TODAY - timedelta(days=10), TODAY - timedelta(days=CODEX.lag))


def test_history_does_not_reach_before_the_first_partition() -> None:
    days = due_days(CODEX, LandedWindows(), NOW, backfill_days=10, start=date(2026, 6, 17))

    assert days == [date(2026, 6, 17), date(2026, 6, 18), date(2026, 6, 19)]


def test_a_window_that_was_fetched_since_six_is_not_due() -> None:
    landed = landed_at(CODEX, date(2026, 6, 2), date(2026, 6, 19), NOW.replace(hour=6, minute=1))

    assert due(CODEX, landed, backfill_days=19) == [date(2026, 6, 1)]


def test_a_window_of_the_reread_is_due_once_a_day() -> None:
    landed = landed_at(CODEX, date(2026, 6, 1), date(2026, 6, 19), NOW - timedelta(days=1))

    assert due(CODEX, landed) == reread_days(CODEX, TODAY)


def test_a_final_window_is_never_due() -> None:
    held = {window_of(day, CODEX) for day in days_between(date(2026, 6, 1), date(2026, 6, 19))}

    assert due(CODEX, LandedWindows(held)) == []


def test_a_window_beyond_the_backfill_is_completed_if_it_is_held_and_not_final() -> None:
    old = date(2026, 3, 1)
    landed = landed_at(CODEX, old, old, datetime(2026, 3, 3, tzinfo=UTC))

    assert old in due(CODEX, landed)


def test_a_day_that_failed_stays_due_beyond_the_backfill() -> None:
    assert date(2026, 3, 1) in due(CODEX, LandedWindows(failed=frozenset([date(2026, 3, 1)])))


def test_a_month_that_is_held_and_final_is_not_due() -> None:
    june = window_of(date(2026, 6, 1), DATADOG)

    days = due(DATADOG, LandedWindows(held={june}), backfill_days=25)

    assert days == days_between(date(2026, 5, 26), date(2026, 5, 31))


def test_days_held_by_another_granularity_are_fetched_by_the_present_one_once() -> None:
    old = date(2026, 3, 5)
    by_day = LandedWindows({day_window(old)}, {day_window(old): datetime(2026, 3, 6, tzinfo=UTC)})
    march = window_of(old, DATADOG)

    before = due(DATADOG, by_day)
    after = due(DATADOG, LandedWindows(by_day.held | {march}, by_day.provisional))

    assert (old in before, old in after) == (True, False)


def test_what_became_due_since_the_last_schedule_is_left_to_the_next() -> None:
    at_night, fetched = NOW.replace(hour=1), NOW.replace(hour=6) - timedelta(days=1)
    landed = landed_at(CODEX, date(2026, 6, 1), date(2026, 6, 18), fetched)

    assert date(2026, 6, 19) in due(CODEX, landed, at_night)
    assert missed(CODEX, landed, at_night) == []


def test_a_missed_schedule_is_made_up_for_two_minutes_later() -> None:
    landed = landed_at(CODEX, date(2026, 6, 1), date(2026, 6, 18), NOW.replace(hour=6) - timedelta(days=1))

    assert missed(CODEX, landed, NOW.replace(hour=6, minute=1)) == []
    assert missed(CODEX, landed, NOW.replace(hour=6, minute=3)) == reread_days(CODEX, TODAY)


def test_the_whole_history_of_a_new_account_is_asked_at_once() -> None:
    assert missed(CODEX, LandedWindows(), NOW.replace(hour=1)) == due(CODEX, LandedWindows(), NOW.replace(hour=1))


def test_due_days_under_way_or_in_a_pause_are_not_asked_for() -> None:
    first, second, third = (date(2026, 6, day) for day in (1, 2, 3))
    failure = Failure(
        first_failed_at=NOW, last_failed_at=NOW, attempts=1, attempts_as_is=1, reason="", is_whole_account=False,
        days=[second],
    )  # fmt: skip

    asked = asked_days({"a": [first, second, third]}, {"a": {first}}, {"a": failure}, NOW)

    assert asked == AskedDays({"a": [third]}, {"a": [first]}, {"a": [second]})
    assert asked_days({"a": [second]}, {}, {"a": failure}, NOW + timedelta(minutes=1)).wanted == {"a": [second]}


def test_a_window_is_overdue_a_day_after_the_schedule_that_should_have_made_it_final() -> None:
    day = date(2026, 6, 1)
    landed = landed_at(CODEX, day, day, datetime(2026, 6, 3, tzinfo=UTC))
    six = datetime.combine(final_from(day_window(day), CODEX), time(6), UTC)

    before, after = (overdue_windows(CODEX, landed, six + timedelta(hours=hours), LONG_AGO) for hours in (23, 24))

    assert (before, after) == ([], [day_window(day)])


@pytest.mark.parametrize("account_id", ["../../etc", "a|b", "-a", "a" * 129])
def test_an_account_that_no_folder_can_be_named_after_is_skipped_with_what_to_do(account_id: str) -> None:
    reason = skip_reason(account(account_id))

    assert "its id cannot be the name of a folder" in reason
    assert "connect the account again in Truto" in reason


def test_chunks_are_newest_first_and_at_most_92_days_long() -> None:
    chunks = chunks_of({"acme": days_between(LONG_AGO, date(2026, 4, 10))}, ["acme"], most_accounts=1)

    cut = date(2026, 4, 11) - timedelta(days=92)
    assert chunks == [
        Chunk(("acme",), Window(cut, date(2026, 4, 11))),
        Chunk(("acme",), Window(LONG_AGO, cut)),
    ]


def test_a_gap_parts_chunks() -> None:
    chunks = chunks_of({"acme": [date(2026, 6, 1), date(2026, 6, 3)]}, ["acme"], most_accounts=1)

    assert [chunk.name for chunk in chunks] == ["acme:2026-06-03:2026-06-03", "acme:2026-06-01:2026-06-01"]


def names(wanted: dict[str, list[date]], order: str, most_accounts: int) -> list[str]:
    """Return the names of the chunks of accounts whose ids are single letters."""
    return [chunk.name for chunk in chunks_of(wanted, order, most_accounts=most_accounts)]


def test_accounts_that_follow_each_other_share_a_run() -> None:
    wanted = {account_id: [date(2026, 6, 1)] for account_id in "abcde"}

    assert names(wanted, "abcde", 2) == [
        "a..b:2026-06-01:2026-06-01",
        "c..d:2026-06-01:2026-06-01",
        "e:2026-06-01:2026-06-01",
    ]


def test_a_run_requests_no_account_in_between() -> None:
    wanted = {account_id: [date(2026, 6, 1)] for account_id in "ac"}

    assert names(wanted, "abc", 9) == ["a:2026-06-01:2026-06-01", "c:2026-06-01:2026-06-01"]


def test_only_accounts_that_want_the_same_days_share_a_run() -> None:
    wanted = {
        "a": [date(2026, 6, 1)],
        "b": [date(2026, 6, 1), date(2026, 6, 2)],
        "c": [date(2026, 6, 1), date(2026, 6, 2)],
    }

    assert names(wanted, "abc", 9) == ["a:2026-06-01:2026-06-01", "b..c:2026-06-01:2026-06-02"]


@pytest.mark.parametrize(("accounts", "per_run"), [(0, 1), (1, 1), (10, 1), (11, 2), (100, 10), (500, 25)])
def test_accounts_share_runs_when_they_cannot_all_run_side_by_side(accounts: int, per_run: int) -> None:
    assert accounts_per_run(accounts) == per_run


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2026, 6, 20, 5, 59, 59, tzinfo=UTC), datetime(2026, 6, 19, 6, tzinfo=UTC)),
        (datetime(2026, 6, 20, 6, tzinfo=UTC), datetime(2026, 6, 20, 6, tzinfo=UTC)),
        (datetime(2026, 6, 20, 23, 59, tzinfo=UTC), datetime(2026, 6, 20, 6, tzinfo=UTC)),
    ],
)
def test_the_schedule_is_due_at_six_utc(now: datetime, last: datetime) -> None:
    assert last_daily(now) == last
