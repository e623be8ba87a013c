"""Decide which days are fetched and derived, in which runs. Pure: accounts, held windows and the time are arguments.

Sensors, the schedule and `sync` act on these decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import (
    ONE_DAY,
    Window,
    contiguous,
    days_between,
    final_from,
    history_days,
    is_final,
    last_ready_day,
    reread_days,
    window_of,
)
from usage_assets.landing.accounts import ACTIVE, Account
from usage_assets.landing.failures import Failure
from usage_assets.truto.display_text import single_line

LONGEST_CHUNK_DAYS = 92
PARALLEL_RUNS = 10  # as `dagster.yaml` allows
MOST_ACCOUNTS = 25
DAILY_HOUR_UTC = 6
# The daily schedule has this long to create its runs before the sensor makes up for it.
SCHEDULE_GRACE = timedelta(minutes=2)


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


@dataclass(frozen=True)
class LandedWindows:
    """The windows of an account that landed, and what of them is still open.

    Attributes:
        held: The windows of which every report has landed.
        provisional: Those of them of which a report is not final, each with the time of its oldest fetch, UTC.
        failed: Days of fetches that failed and have not landed since. They stay wanted, however old they become.
    """

    held: Set[Window] = frozenset()
    provisional: Mapping[Window, datetime] = field(default_factory=dict)
    failed: Set[date] = frozenset()


def due_days(profile: Profile, landed: LandedWindows, now: datetime, *, backfill_days: int, start: date) -> list[date]:
    """Return the days of an account that are due: the one rule of sensor, schedule and `sync`.

    Due are the ready days whose window is not held, or is not final and was not fetched since its last scheduled
    re-read, or is not final although a fetch now would make it so. The last holds however old a window is.

    Args:
        profile: The profile of the account's integration.
        landed: The windows that the account holds.
        now: The current time, UTC.
        backfill_days: The days of history that an account gets.
        start: The first daily partition.
    """
    today = now.date()
    history = history_days(profile, today, backfill_days=backfill_days, start=start)
    open_days = (day for window in landed.provisional for day in window.days)
    ready = {day for day in (*history, *open_days, *landed.failed) if day <= last_ready_day(profile, today)}
    reread = {window_of(day, profile) for day in reread_days(profile, today)}
    due = {day for day in ready if _is_due(window_of(day, profile), profile, landed, reread, now)}
    return partition_days(due, start, today)


def missed_days(
    profile: Profile, landed: LandedWindows, now: datetime, *, backfill_days: int, start: date
) -> list[date]:
    """Return the due days that no coming schedule is there for: all of a new account, else those of a missed one.

    What became due after the last schedule is left to the next, which fetches it anyway.
    """
    due = due_days(profile, landed, now, backfill_days=backfill_days, start=start)
    if not landed.held:
        return due
    at_schedule = last_daily(now - SCHEDULE_GRACE)
    return sorted({*due} & {*due_days(profile, landed, at_schedule, backfill_days=backfill_days, start=start)})


def overdue_windows(profile: Profile, landed: LandedWindows, now: datetime, start: date) -> list[Window]:
    """Return the windows that are still not final a day after the schedule that should have made them so."""
    at_schedule = last_daily(now - ONE_DAY).date()
    return sorted(
        window
        for window in landed.provisional
        if window == window_of(window.start, profile)
        and window.end > start
        and at_schedule >= final_from(window, profile)
    )


def abandoned_days(
    profile: Profile, landed: LandedWindows, now: datetime, *, backfill_days: int, start: date
) -> list[date]:
    """Return the days after an account's first window that are neither held nor due: only a range asks for them."""
    if not landed.held:
        return []
    first, last = min(landed.held).start, last_ready_day(profile, now.date())
    due = due_days(profile, landed, now, backfill_days=backfill_days, start=start)
    lacking = {day for day in days_between(first, last) if window_of(day, profile) not in landed.held}
    return partition_days(lacking - {*due}, start, now.date())


@dataclass(frozen=True)
class AskedDays:
    """The due days by account id: those to ask for now, those under way, and those that wait after a failure."""

    wanted: dict[str, list[date]]
    in_flight: dict[str, list[date]]
    paused: dict[str, list[date]]


def asked_days(
    due: Mapping[str, Iterable[date]],
    in_flight: Mapping[str, Set[date]],
    failures: Mapping[str, Failure],
    now: datetime,
) -> AskedDays:
    """Part the due days of each account into those to ask for now, those under way and those in a pause."""
    asked = AskedDays({}, {}, {})
    for account_id, of_account in due.items():
        days, failure = {*of_account}, failures.get(account_id)
        under_way = days & in_flight.get(account_id, set())
        paused = failure.paused_days(days - under_way, now) if failure else set()
        for kind, part in (
            (asked.in_flight, under_way),
            (asked.paused, paused),
            (asked.wanted, days - under_way - paused),
        ):
            kind[account_id] = sorted(part)
    return asked


def is_list_due(listed_at: datetime | None, now: datetime) -> bool:
    """Return whether the list of an account's users is due: it was not fetched since the last daily schedule.

    Args:
        listed_at: When the newest list was fetched, or found not to exist, UTC; None if never.
        now: The current time, UTC.
    """
    return listed_at is None or listed_at < last_daily(now)


def partition_days(days: Iterable[date], first_day: date, today: date) -> list[date]:
    """Return the `days` that are daily partitions on `today`, sorted."""
    return [day for day in sorted(days) if first_day <= day < today]


def derive_window(days: Iterable[date], first_day: date, today: date) -> Window:
    """Return the daily partitions that a derive run over `days` covers.

    If none of the days is a partition, return the last partition. The run derives other stale days as well.
    """
    shown = partition_days(days, first_day, today) or [max(first_day, today - ONE_DAY)]
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


def skip_reason(account: Account) -> str:
    """Return the reason why the usage of `account` is not fetched."""
    if account.deleted_at:
        return "it is deleted in Truto"
    if account.left_out:
        return account.left_out
    if not account.has_safe_id:
        return (
            "its id cannot be the name of a folder for its data (up to 128 letters, digits, '.', '_' and '-', with a "
            "letter or digit first): connect the account again in Truto"
        )
    if account.has_metering is False:
        return "usage metering is not among its capabilities in Truto"
    return "Truto marks it as sandbox" if account.status == ACTIVE else f"its status is {single_line(account.status)}"


def last_daily(now: datetime) -> datetime:
    """Return the latest time at or before `now` at which the daily schedule was due."""
    today = now.replace(hour=DAILY_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)


def _is_due(window: Window, profile: Profile, landed: LandedWindows, reread: Set[Window], now: datetime) -> bool:
    if window not in landed.held:
        return True
    fetched_at = landed.provisional.get(window)
    if fetched_at is None:
        return False
    return (window in reread and fetched_at < last_daily(now)) or is_final(window, profile, now)
