"""Decide which days are fetched and derived, in which runs. Pure: accounts, held windows and the time are arguments.

Sensors, the schedule and `sync` act on these decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import ONE_DAY, Window, contiguous, history_days, reread_days, window_of
from usage_assets.landing.accounts import ACTIVE, Account
from usage_assets.truto.display_text import single_line

LONGEST_CHUNK_DAYS = 92
PARALLEL_RUNS = 10  # as `dagster.yaml` allows
MOST_ACCOUNTS = 25
TRIES = 3
DAILY_HOUR_UTC = 6


@dataclass(frozen=True)
class Chunk:
    """The days that one run fetches: of one account, or of several adjacent account partitions."""

    account_ids: tuple[str, ...]
    window: Window

    @property
    def name(self) -> str:
        """The value of the run tag that identifies the chunk."""
        accounts = "..".join(dict.fromkeys([self.account_ids[0], self.account_ids[-1]]))
        return f"{accounts}:{self.window.start}:{self.window.last}"


def missing_days(
    profile: Profile,
    held: set[Window],
    in_flight: Iterable[date],
    now: datetime,
    *,
    backfill_days: int,
    start: date,
) -> list[date]:
    """Return the ready days of an account that are neither held nor being fetched.

    Once the account has data, the days that the next daily schedule fetches are left out.

    Args:
        profile: The profile of the account's integration.
        held: The windows of which every report has landed.
        in_flight: The days of queued or running fetches.
        now: The current time, UTC.
        backfill_days: The days of history that a new account gets.
        start: The first daily partition.
    """
    wanted = set(history_days(profile, now.date(), backfill_days=backfill_days, start=start))
    of_next_schedule = set(reread_days(profile, next_daily(now).date())) if held else set()
    missing = {day for day in wanted if window_of(day, profile) not in held}
    return partition_days(missing - set(in_flight) - of_next_schedule, start, now.date())


def due_days(
    profile: Profile, held: Mapping[Window, datetime | None], now: datetime, *, backfill_days: int, start: date
) -> list[date]:
    """Return the days of an account that are missing, or in the re-read and not fetched since the last daily schedule.

    Args:
        profile: The profile of the account's integration.
        held: The windows of which every report has landed, those in the re-read with the time of their oldest fetch.
        now: The current time, UTC.
        backfill_days: The days of history that a new account gets.
        start: The first daily partition.
    """
    history = history_days(profile, now.date(), backfill_days=backfill_days, start=start)
    missing = {day for day in history if window_of(day, profile) not in held}
    due = {day for day in reread_days(profile, now.date()) if _is_due(held.get(window_of(day, profile)), now)}
    return partition_days(missing | due, start, now.date())


def partition_days(days: Iterable[date], first_day: date, today: date) -> list[date]:
    """Return the `days` that are daily partitions on `today`, sorted."""
    return [day for day in sorted(days) if first_day <= day < today]


def derive_window(days: Iterable[date], first_day: date, today: date) -> Window:
    """Return the daily partitions that a derive run over `days` covers.

    If none of the days is a partition, return the first partition. The run derives other stale days as well.
    """
    shown = partition_days(days, first_day, today) or [first_day]
    return Window(shown[0], shown[-1] + ONE_DAY)


def chunks_of(wanted: Mapping[str, Iterable[date]], order: Iterable[str], *, most_accounts: int) -> list[Chunk]:
    """Return chunks that cover exactly the `wanted` days of each account, its newest days first.

    Args:
        wanted: The days of each account.
        order: All account partitions in their order; a run covers a range of them.
        most_accounts: How many accounts one run may fetch.
    """
    windows = {account_id: contiguous(days, longest=LONGEST_CHUNK_DAYS) for account_id, days in wanted.items()}
    chunks = []
    for shared, group in groupby(order, key=lambda account_id: windows.get(account_id, [])):
        account_ids = tuple(group)
        for first in range(0, len(account_ids), most_accounts):
            some = account_ids[first : first + most_accounts]
            chunks += [Chunk(some, window) for window in shared]
    return chunks


def accounts_per_run(accounts: int) -> int:
    """Return how many of `accounts` share a run.

    Each account has its own run as long as all runs fit in parallel. With more accounts, starting a process per
    account (about three seconds of CPU) would take longer than the fetch.
    """
    return max(1, min(MOST_ACCOUNTS, -(-accounts // PARALLEL_RUNS)))


def next_attempt(chunk: Chunk, failures: Mapping[str, int]) -> int | None:
    """Return the number of the next attempt at `chunk`, None after the last attempt failed."""
    failed = failures.get(chunk.name, 0)
    return failed + 1 if failed < TRIES else None


def skip_reason(account: Account) -> str:
    """Return the reason why the usage of `account` is not fetched."""
    if account.deleted_at:
        return "it is deleted in Truto"
    if account.left_out:
        return account.left_out
    if not account.has_safe_id:
        return "its id cannot be a partition key"
    if account.has_metering is False:
        return "usage metering is not among its capabilities in Truto"
    return "Truto marks it as sandbox" if account.status == ACTIVE else f"its status is {single_line(account.status)}"


def last_daily(now: datetime) -> datetime:
    """Return the latest time at or before `now` at which the daily schedule was due."""
    today = now.replace(hour=DAILY_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)


def next_daily(now: datetime) -> datetime:
    """Return the next time at which the daily schedule is due."""
    return last_daily(now) + timedelta(days=1)


def _is_due(fetched_at: datetime | None, now: datetime) -> bool:
    return fetched_at is not None and fetched_at < last_daily(now)
