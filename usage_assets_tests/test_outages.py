"""The rule for due days over time: after any outage, everything that was held or wanted becomes final by itself."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.windows import ONE_DAY, Window, is_final, window_of, windows_of
from usage_assets.planning import LandedWindows, due_days, missed_days, overdue_windows

START = date(2026, 1, 1)
BACKFILL_DAYS = 40
PROFILES = load_profiles()
SHIPPED = ["claude", "openai_codex", "cursor", "confluent", "datadog", "another"]

Vendor = Callable[[Window, datetime], int]
Decide = Callable[..., list[date]]


class History:
    """What an account has landed: the time of each window's latest fetch, and what the vendor answered."""

    def __init__(self, profile: Profile, vendor: Vendor = lambda window, at: 0) -> None:
        self.profile, self.vendor = profile, vendor
        self.fetched: dict[Window, datetime] = {}
        self.held: dict[Window, int] = {}

    @property
    def landed(self) -> LandedWindows:
        provisional = {window: at for window, at in self.fetched.items() if not is_final(window, self.profile, at)}
        return LandedWindows(set(self.fetched), provisional)

    def due(self, now: datetime, decide: Decide = due_days) -> list[date]:
        return decide(self.profile, self.landed, now, backfill_days=BACKFILL_DAYS, start=START)

    def sync(self, now: datetime, decide: Decide = due_days) -> list[Window]:
        """Fetch what is due, as `sync` does; return the windows."""
        windows = windows_of(self.due(now, decide), self.profile)
        for window in windows:
            self.fetched[window], self.held[window] = now, self.vendor(window, now)
        return windows


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def synced(profile: str, days: Iterable[date], vendor: Vendor) -> History:
    """Return the history of an account after a sync at noon of each of `days`."""
    history = History(PROFILES.of(profile), vendor)
    for day in days:
        history.sync(noon(day))
    return history


def november(*days: int) -> list[date]:
    return [date(2026, 11, day) for day in days]


def restated(window: Window, before: int, after: int, since: date) -> Vendor:
    """Return a vendor that answers `before` for a window until it restates it."""
    return lambda asked, at: (after if at.date() >= since else before) if asked == window else 0


@pytest.mark.parametrize("away", [november(2, 20, 21, 22), november(1, 2, 20)], ids=["outage", "needs_reauth"])
def test_days_restated_during_an_outage_longer_than_the_reread_are_fetched_once_afterwards(away: list[date]) -> None:
    october_31 = window_of(date(2026, 10, 31), PROFILES.of("cursor"))

    history = synced("cursor", away, restated(october_31, 10, 12, since=date(2026, 11, 3)))

    assert history.held[october_31] == 12
    assert history.landed.provisional.get(october_31) is None
    assert october_31 not in history.sync(noon(date(2026, 11, 23)))


def test_a_day_is_fetched_once_more_if_the_sync_of_its_last_reread_was_missed() -> None:
    third = window_of(date(2026, 11, 3), PROFILES.of("cursor"))

    history = synced("cursor", november(4, 5, 6, 7, 8, 10, 11), restated(third, 20, 25, since=date(2026, 11, 9)))

    assert (history.held[third], third in history.landed.provisional) == (25, False)


def test_a_month_is_completed_if_no_sync_ran_on_the_17th() -> None:
    october = window_of(date(2026, 10, 1), PROFILES.of("datadog"))

    history = synced("datadog", november(15, 16, 18, 19, 25), restated(october, 3000, 3300, since=date(2026, 11, 17)))

    assert (history.held[october], october in history.landed.provisional) == (3300, False)


moments = st.lists(st.integers(min_value=0, max_value=100 * 24 * 60), min_size=1, max_size=25).map(sorted)


@given(st.sampled_from(SHIPPED), moments, st.sampled_from([due_days, missed_days]))
def test_after_any_outage_one_sync_past_every_final_date_leaves_all_final_and_none_due(
    name: str, minutes: list[int], decide: Decide
) -> None:
    history = History(PROFILES.of(name))
    for minute in minutes:  # a daemon or a user, whenever the account was there and something ran
        history.sync(noon(date(2026, 3, 1)) + timedelta(minutes=minute), decide)
    held, long_after = set(history.fetched), noon(date(2026, 9, 1))

    history.sync(long_after, decide)

    assert not held & history.landed.provisional.keys()
    assert overdue_windows(history.profile, history.landed, long_after + ONE_DAY, START) == []
    assert history.due(long_after) == []


@given(st.sampled_from(SHIPPED), moments)
def test_nothing_is_fetched_twice_between_two_schedules(name: str, minutes: list[int]) -> None:
    history = History(PROFILES.of(name))
    for minute in minutes:
        now = noon(date(2026, 3, 1)) + timedelta(minutes=minute)
        history.sync(now)

        assert history.sync(now + timedelta(seconds=1)) == []
