"""Which windows stand when a vendor is asked by another grain than before."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.integrations.windows import Window, day_window, elapsed_days, month_window
from usage_assets.landing.manifest import Manifest, WindowKey
from usage_assets.landing.store import Landing, data_file_name
from usage_assets.warehouse.overlaps import Resolution, settle

MONTH = month_window(date(2026, 6, 1))
BY_DAY, BY_MONTH = "confluent", "datadog"


def june(day: int) -> Window:
    return day_window(date(2026, 6, day))


@dataclass
class Vendor:
    """An account whose windows have landed, asked by the grain that `integration` has now."""

    landing: Landing
    integration: str
    profiles: Profiles

    def land(self, window: Window, fetched_on: int) -> WindowKey:
        """Lands an empty answer for `window`, fetched on that day of June."""
        key, fetched_at = (
            WindowKey("acme", "default", window.start, window.end),
            datetime(2026, 6, fetched_on, 6, tzinfo=UTC),
        )
        file = self.landing.write_rows(key, [[msgspec.Raw(f'{{"id":"{fetched_on}"}}'.encode())]])
        self.landing.commit(
            file,
            Manifest(
                account_id="acme",
                integration=self.integration,
                report="default",
                window_start=window.start,
                window_end=window.end,
                request="/",
                pages=1,
                rows=1,
                sha256=file.sha256,
                data_file=data_file_name(key, file.sha256),
                fetched_at=fetched_at,
                elapsed_days=elapsed_days(window, fetched_at),
                is_final=False,
            ),
        )
        return key

    def settle(self, wanted: list[WindowKey], loaded: list[WindowKey]) -> Resolution:
        landed = {key: manifest for key in wanted if (manifest := self.landing.manifest(key)) is not None}
        return settle(landed, loaded, self.landing, self.profiles)


@pytest.fixture
def daily(tmp_path: Path) -> Vendor:
    """A vendor that is asked by day now."""
    return Vendor(Landing(tmp_path), BY_DAY, load_profiles())


@pytest.fixture
def monthly(tmp_path: Path) -> Vendor:
    """A vendor that is asked by month now."""
    return Vendor(Landing(tmp_path), BY_MONTH, load_profiles())


def test_windows_of_one_grain_all_stand(daily: Vendor) -> None:
    days = [daily.land(june(day), 9) for day in (1, 2)]

    assert daily.settle(days, []) == Resolution(set(days), set())


def test_days_wait_until_they_cover_their_month(daily: Vendor) -> None:
    month = daily.land(MONTH, 2)
    first = daily.land(june(1), 9)

    assert daily.settle([first], [month]) == Resolution({month}, set())


def test_a_month_gives_way_to_days_that_cover_it(daily: Vendor) -> None:
    month = daily.land(MONTH, 2)
    days = {daily.land(june(day), 9) for day in (1, 2)}

    assert daily.settle([max(days)], [month]) == Resolution(days, {month})


def test_a_month_does_not_give_way_to_older_days(daily: Vendor) -> None:
    days = [daily.land(june(day), 3) for day in (1, 2, 3)]
    month = daily.land(MONTH, 9)
    later = [daily.land(june(day), 10) for day in range(4, 10)]

    assert daily.settle(later, [month, *days]).standing == {month}


def test_days_give_way_to_their_month(monthly: Vendor) -> None:
    days = {monthly.land(june(day), 3) for day in (1, 2)}
    month = monthly.land(MONTH, 9)

    assert monthly.settle([month], list(days)) == Resolution({month}, days)


def test_days_do_not_give_way_to_a_month_fetched_before_them(monthly: Vendor) -> None:
    month = monthly.land(MONTH, 2)
    days = [monthly.land(june(day), 9) for day in (1, 2, 3)]

    assert monthly.settle([month], days) == Resolution(set(days), set())


def test_another_month_is_not_touched(daily: Vendor) -> None:
    month = daily.land(MONTH, 20)
    july = daily.land(day_window(date(2026, 7, 1)), 20)

    assert daily.settle([july], [month]) == Resolution({july, month}, set())


def test_a_month_whose_answer_is_gone_gives_way(daily: Vendor) -> None:
    gone = WindowKey("acme", "default", MONTH.start, MONTH.end)
    first = daily.land(june(1), 9)

    assert daily.settle([first], [gone]) == Resolution({first}, {gone})
