"""What is forecast after each day, on series of a few numbers."""

import numpy as np
import pytest

from usage_assets.insights.daily_costs import Floats
from usage_assets.insights.weekday_means import (
    SILENT_DAYS,
    cut_outliers,
    fill_missing_days,
    first_days,
    have_ended,
    weekday_means,
    weekly_change,
)

WEEKLY = [100.0, 100, 100, 100, 100, 10, 10]


def series(*cost: float) -> Floats:
    return np.array([cost], dtype=np.float64)


def cut(cost: Floats) -> Floats:
    return cut_outliers(cost, first_days(cost))


def weeks(count: int) -> list[float]:
    return WEEKLY * count


def test_a_level_is_the_mean_of_four_same_weekdays() -> None:
    mondays = [10, 20, 30, 60, 90]
    cost = series(*(number for monday in mondays for number in [monday, *[0] * 6]))

    level = weekday_means(cost, first_days(cost))

    assert level[0, 28] == (20 + 30 + 60 + 90) / 4


def test_a_level_of_a_young_series_is_that_of_its_own_days() -> None:
    cost = series(*[0] * 70, *weeks(2))

    level = weekday_means(cost, first_days(cost))

    assert level[0, -7:].tolist() == WEEKLY


def test_a_series_without_cost_for_eight_weeks_begins_again() -> None:
    cost = series(5, *[0] * 56, 7, 7)

    assert first_days(cost)[0, -1] == 57


def test_a_spike_is_cut() -> None:
    noisy = [*weeks(6), *[110.0, 90, 100, 100, 100, 10, 10], *weeks(1), 5_000]

    assert cut(series(*noisy))[0, -1] < 200


def test_a_drop_is_cut() -> None:
    noisy = [*weeks(6), *[110.0, 90, 100, 100, 100, 10, 10], *weeks(1), 0]

    assert cut(series(*noisy))[0, -1] > 50


def test_in_its_first_eight_weeks_no_day_of_a_series_is_cut() -> None:
    young = [*weeks(7), 5_000]

    assert cut(series(*young))[0, -1] == 5_000


def test_days_of_a_rare_series_are_not_cut() -> None:
    rare = [float(number % 5 == 0) * number for number in range(100)]

    assert cut(series(*rare))[0].tolist() == rare


def test_a_missing_day_is_filled_with_the_mean_of_its_earlier_weekdays() -> None:
    cost = series(10, *[0] * 6, 20, *[0] * 6, 999)
    is_missing = np.zeros(cost.shape, dtype=np.bool_)
    is_missing[0, -1] = True

    assert fill_missing_days(cost, is_missing)[0, -1] == (10 + 20) / 2


def test_a_missing_day_whose_weekday_is_not_known_is_filled_with_the_mean_of_all_days() -> None:
    cost = series(10, 20, 999)
    is_missing = np.array([[False, False, True]])

    assert fill_missing_days(cost, is_missing)[0, -1] == (10 + 20) / 2


def test_changes_that_agree_are_trusted() -> None:
    rising = series(*(100 + 2 * (day // 7) for day in range(70)))

    change = weekly_change(rising, first_days(rising))[0, -1]

    assert change == pytest.approx(2 / ((118 + 116 + 114 + 112) / 4))


def test_one_week_out_of_the_ordinary_is_no_trend() -> None:
    flat = weeks(10)
    flat[-7:] = [1_000] * 7

    assert weekly_change(series(*flat), first_days(series(*flat)))[0, -1] == 0


@pytest.mark.parametrize(("silent", "has_ended"), [(SILENT_DAYS - 1, False), (SILENT_DAYS, True), (27, True)])
def test_a_series_ends_with_ten_silent_days(silent: int, has_ended: object) -> None:
    assert have_ended(series(*weeks(8), *[0] * silent))[0, -1] == has_ended


def test_a_rare_series_does_not_end() -> None:
    rare = [5.0 if day % 9 == 0 else 0.0 for day in range(90)]

    assert not have_ended(series(*rare, *[0] * SILENT_DAYS)).any()
