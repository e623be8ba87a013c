"""Which days are asked for: pure decisions over accounts, days held and runs under way. Acting is the sensors'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import Window, contiguous, history_days, reread_days, window_of

LONGEST_CHUNK_DAYS = 92
TRIES = 3
DAILY_HOUR_UTC = 6


@dataclass(frozen=True)
class Chunk:
    """A span of days of one account to ask for in one run."""

    account_id: str
    window: Window

    @property
    def name(self) -> str:
        """What runs for this chunk are tagged with."""
        return f"{self.account_id}:{self.window.start}:{self.window.last}"


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


def chunks_of(account_id: str, days: Iterable[date]) -> list[Chunk]:
    """Returns `days` as chunks that one run each can ask for, newest first."""
    return [Chunk(account_id, window) for window in contiguous(days, longest=LONGEST_CHUNK_DAYS)]


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
