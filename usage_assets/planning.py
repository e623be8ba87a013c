"""Which days are asked for: pure decisions over accounts, days held and runs under way. Acting is the sensors'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import Window, contiguous, history_days, reread_days, window_of

LONGEST_CHUNK_DAYS = 92
RUNS_SIDE_BY_SIDE = 10  # as `dagster.yaml` allows
MOST_ACCOUNTS = 25
TRIES = 3
DAILY_HOUR_UTC = 6


@dataclass(frozen=True)
class Chunk:
    """A span of days to ask for in one run: of one account, or of several that follow each other as partitions."""

    account_ids: tuple[str, ...]
    window: Window

    @property
    def name(self) -> str:
        """What runs for this chunk are tagged with."""
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
    """Returns the ready days of an account that are neither held nor under way.

    Args:
        profile: the account's integration.
        held: the windows of which every report has landed.
        in_flight: days of queued or running fetches.
        now: the present, UTC.
        backfill_days: how many days of history are wanted.
        start: the first daily partition.
    """
    wanted = set(history_days(profile, now.date(), backfill_days=backfill_days, start=start))
    of_next_schedule = set(reread_days(profile, next_daily(now).date())) if held else set()
    missing = {day for day in wanted if window_of(day, profile) not in held}
    return sorted(missing - set(in_flight) - of_next_schedule)


def chunks_of(wanted: Mapping[str, Iterable[date]], order: Iterable[str], *, most_accounts: int) -> list[Chunk]:
    """Returns days by account as chunks that one run each can ask for: those days and no others, newest first.

    Args:
        wanted: the days of each account.
        order: every account there is as the partitions have them, by which a range of accounts goes.
        most_accounts: how many accounts one run may ask for.
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
    """Returns how many of so many accounts share a run.

    One has a run of its own while all of them can run side by side; beyond that the start of a process, about three
    seconds of CPU, would take longer than what it fetches.
    """
    return max(1, min(MOST_ACCOUNTS, -(-accounts // RUNS_SIDE_BY_SIDE)))


def next_attempt(chunk: Chunk, failures: Mapping[str, int]) -> int | None:
    """Returns the number of the next try of `chunk`, None after the last one failed."""
    failed = failures.get(chunk.name, 0)
    return failed + 1 if failed < TRIES else None


def last_daily(now: datetime) -> datetime:
    """Returns the latest time at or before `now` at which the daily schedule was due."""
    today = now.replace(hour=DAILY_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)


def next_daily(now: datetime) -> datetime:
    """Returns the next time at which the daily schedule is due."""
    return last_daily(now) + timedelta(days=1)
