"""After a profile changes between windows of a day and of a month, every day comes from one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.integrations.windows import Window, day_window, elapsed_days, month_window
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.warehouse.overlaps import Resolution, overlapping_windows, resolve_overlaps

MONTH = month_window(date(2026, 6, 1))
BY_DAY, BY_MONTH = "confluent", "datadog"


def june(day: int) -> Window:
    return day_window(date(2026, 6, day))


def key_of(window: Window) -> WindowKey:
    return WindowKey("acme", "default", window.start, window.end)


def resolution(active: Iterable[WindowKey], replaced: Iterable[WindowKey] = ()) -> Resolution:
    return Resolution(frozenset(active), frozenset(replaced))


@dataclass
class Vendor:
    """An account whose windows have landed, under the profile of `integration`."""

    integration: str
    landed: dict[WindowKey, Manifest] = field(default_factory=dict)

    def land(self, window: Window, fetched_on: int) -> WindowKey:
        """Land an answer for `window`, fetched on that day of June."""
        key, fetched_at = key_of(window), datetime(2026, 6, fetched_on, 6, tzinfo=UTC)
        self.landed[key] = Manifest(
            account_id=key.account_id,
            integration=self.integration,
            report=key.report,
            window_start=window.start,
            window_end=window.end,
            request="/",
            pages=1,
            rows=1,
            sha256="0",
            data_file="rows",
            fetched_at=fetched_at,
            elapsed_days=elapsed_days(window, fetched_at),
            is_final=False,
        )
        return key

    def resolve(self, wanted: Iterable[WindowKey], loaded: Iterable[WindowKey]) -> Resolution:
        """Resolve with only the wanted manifests and those that `overlapping_windows` names."""
        wanted, loaded = set(wanted), set(loaded)
        needed = wanted | overlapping_windows(wanted, loaded)
        landed = {key: self.landed[key] for key in needed & self.landed.keys()}
        return resolve_overlaps(wanted, loaded, landed, load_profiles())


@pytest.fixture
def daily() -> Vendor:
    """A vendor whose profile has windows of a day now."""
    return Vendor(BY_DAY)


@pytest.fixture
def monthly() -> Vendor:
    """A vendor whose profile has windows of a month now."""
    return Vendor(BY_MONTH)


def test_windows_of_one_kind_are_all_active(daily: Vendor) -> None:
    days = [daily.land(june(day), 9) for day in (1, 2)]

    assert daily.resolve(days, []) == resolution(days)


def test_windows_of_one_kind_need_no_other_manifest(daily: Vendor) -> None:
    wanted, loaded = daily.land(june(1), 9), daily.land(june(2), 9)

    assert overlapping_windows({wanted}, {loaded}) == set()


def test_days_and_a_month_need_the_manifests_of_that_month_alone(daily: Vendor) -> None:
    wanted, loaded = daily.land(june(1), 9), key_of(MONTH)

    assert overlapping_windows({wanted}, {loaded}) == {key_of(MONTH), *(key_of(june(day)) for day in range(1, 31))}


def test_days_wait_until_they_cover_their_month(daily: Vendor) -> None:
    month = daily.land(MONTH, 2)
    first = daily.land(june(1), 9)

    assert daily.resolve([first], [month]) == resolution([month])


def test_days_that_cover_their_month_replace_it(daily: Vendor) -> None:
    month = daily.land(MONTH, 2)
    days = [daily.land(june(day), 9) for day in (1, 2)]

    assert daily.resolve([days[1]], [month]) == resolution(days, [month])


def test_older_days_do_not_replace_a_month(daily: Vendor) -> None:
    days = [daily.land(june(day), 3) for day in (1, 2, 3)]
    month = daily.land(MONTH, 9)
    later = [daily.land(june(day), 10) for day in range(4, 10)]

    assert daily.resolve(later, [month, *days]).active == {month}


def test_a_month_replaces_its_days(monthly: Vendor) -> None:
    days = [monthly.land(june(day), 3) for day in (1, 2)]
    month = monthly.land(MONTH, 9)

    assert monthly.resolve([month], days) == resolution([month], days)


def test_a_month_that_was_fetched_before_its_days_does_not_replace_them(monthly: Vendor) -> None:
    month = monthly.land(MONTH, 2)
    days = [monthly.land(june(day), 9) for day in (1, 2, 3)]

    assert monthly.resolve([month], days) == resolution(days)


def test_another_month_stays_active(daily: Vendor) -> None:
    month = daily.land(MONTH, 20)
    july = daily.land(day_window(date(2026, 7, 1)), 20)

    assert daily.resolve([july], [month]) == resolution([july, month])


def test_a_loaded_month_without_landing_file_is_replaced(daily: Vendor) -> None:
    gone = key_of(MONTH)
    first = daily.land(june(1), 9)

    assert daily.resolve([first], [gone]) == resolution([first], [gone])
