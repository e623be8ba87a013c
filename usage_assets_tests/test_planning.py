"""Decisions about the days to fetch and derive."""

from datetime import UTC, date, datetime, timedelta

import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.integrations.windows import Window, days_between, window_of
from usage_assets.planning import (
    Chunk,
    accounts_per_run,
    chunks_of,
    last_daily,
    missing_days,
    next_attempt,
    next_daily,
)

LONG_AGO = date(2026, 1, 1)
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
CODEX = load_profiles().of("openai_codex")
DATADOG = load_profiles().of("datadog")


def test_a_new_account_misses_every_ready_day_of_its_history() -> None:
    days = missing_days(CODEX, set(), [], NOW, backfill_days=10, start=LONG_AGO)

    assert days == days_between(TODAY - timedelta(days=10), TODAY - timedelta(days=CODEX.lag))


def test_history_does_not_reach_before_the_first_partition() -> None:
    days = missing_days(CODEX, set(), [], NOW, backfill_days=10, start=date(2026, 6, 17))

    assert days == [date(2026, 6, 17), date(2026, 6, 18), date(2026, 6, 19)]


def test_a_day_that_is_held_is_not_missing() -> None:
    held = {window_of(day, CODEX) for day in days_between(date(2026, 6, 2), date(2026, 6, 19))}

    assert missing_days(CODEX, held, [], NOW, backfill_days=19, start=LONG_AGO) == [date(2026, 6, 1)]


def test_a_day_in_flight_is_not_missing() -> None:
    under_way = days_between(date(2026, 6, 11), date(2026, 6, 19))

    assert missing_days(CODEX, set(), under_way, NOW, backfill_days=10, start=LONG_AGO) == [date(2026, 6, 10)]


def test_days_of_the_next_schedule_are_not_missing_for_an_account_that_has_data() -> None:
    held = {window_of(date(2026, 6, 10), CODEX)}

    days = missing_days(CODEX, held, [], NOW, backfill_days=10, start=LONG_AGO)

    first_of_schedule = date(2026, 6, 21) - timedelta(days=CODEX.lag + CODEX.reread)
    assert days == days_between(date(2026, 6, 11), first_of_schedule - timedelta(days=1))


def test_a_month_that_is_held_is_not_missing() -> None:
    held = {window_of(date(2026, 6, 1), DATADOG)}

    days = missing_days(DATADOG, held, [], NOW, backfill_days=25, start=LONG_AGO)

    assert days == days_between(date(2026, 5, 26), date(2026, 5, 31))


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


@pytest.mark.parametrize(("failures", "attempt"), [(0, 1), (1, 2), (2, 3), (3, None), (4, None)])
def test_a_chunk_is_tried_three_times(failures: int, attempt: int | None) -> None:
    chunk = Chunk(("acme",), Window(date(2026, 6, 1), date(2026, 6, 2)))

    assert next_attempt(chunk, {chunk.name: failures, "another": 9}) == attempt


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
    assert next_daily(now) == last + timedelta(days=1)
