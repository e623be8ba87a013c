"""What the rest of a month, a quarter or a year is expected to cost, day by day: June 2026 begins on a Monday."""

from datetime import date, timedelta

import numpy as np
import pytest

from usage_assets.insights.period_forecast import PeriodForecast, PeriodForecaster, expected_days
from usage_assets_tests.insights.series import MICRO, MONDAY, History, Series, total, workdays

TENTH = date(2026, 6, 10)
END_OF_JUNE, END_OF_SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
DAYS = (TENTH - MONDAY).days + 1


def forecast(history: History, last_day: date = END_OF_JUNE, as_of: date = TENTH) -> PeriodForecast:
    return PeriodForecaster(history.costs(), history.costs()).forecasts(as_of, [last_day])[last_day, "(all)"]


def by_day(history: History, last_day: date = END_OF_JUNE, as_of: date = TENTH) -> dict[date, float]:
    return {day: amount / MICRO for day, amount in expected_days(forecast(history, last_day, as_of))}


def monthly(day_of_month: int, amount: float) -> list[float]:
    days = [MONDAY + timedelta(days=number) for number in range(DAYS)]
    return [amount if day.day == day_of_month else 0.0 for day in days]


def test_each_day_that_is_left_has_the_mean_of_its_weekday() -> None:
    expected = by_day(History([Series(workdays(DAYS))]))

    assert list(expected) == [TENTH + timedelta(days=number) for number in range(1, 21)]
    assert (expected[date(2026, 6, 12)], expected[date(2026, 6, 13)]) == (100, 10)  # a Friday and a Saturday


def test_a_day_that_one_account_lacks_has_what_is_expected_of_it() -> None:
    both = [Series(workdays(DAYS), "acme"), Series(workdays(DAYS), "globex")]

    expected = by_day(History(both, lags={"globex": 3}))

    # globex is known through 8 June
    assert (expected[date(2026, 6, 9)], expected[date(2026, 6, 10)], expected[date(2026, 6, 11)]) == (100, 100, 200)


def test_a_missing_day_has_what_its_weekday_costs() -> None:
    lacking = workdays(DAYS)
    lacking[DAYS - 4] = 0  # Sunday, 7 June

    expected = by_day(History([Series(lacking)], missing={"acme": {date(2026, 6, 7)}}))

    assert expected[date(2026, 6, 7)] == 10


def test_a_fee_is_expected_on_its_day_of_the_month_before() -> None:
    assert by_day(History([Series(monthly(20, 500))])) == {date(2026, 6, 20): 500}


def test_a_fee_that_is_late_is_expected_on_the_next_day() -> None:
    late = monthly(8, 500)
    late[-3] = 0  # 8 June

    assert by_day(History([Series(late)])) == {date(2026, 6, 11): 500}


def test_a_split_row_has_its_share_on_every_day() -> None:
    expected = by_day(History([Series([7.0] * DAYS, is_split=True)]))

    assert expected == {TENTH + timedelta(days=number): 7 for number in range(1, 21)}


@pytest.mark.parametrize("is_split", [False, True])
def test_the_days_of_a_month_sum_to_its_projection(*, is_split: bool) -> None:
    random = np.random.default_rng(20260610)
    costs = [list(random.uniform(50, 150, DAYS).round(2)) for _ in range(3)]
    history = History([Series(cost, name, is_split=is_split) for cost, name in zip(costs, "abc", strict=True)])

    projection = total(history, TENTH)

    cents = projection.month_to_date / 10**10 + sum(amount for _, amount in expected_days(forecast(history))) / 10**4
    assert projection.projected == pytest.approx(cents, abs=0.5)


def test_a_later_month_has_the_mean_of_four_weeks_every_day() -> None:
    expected = by_day(History([Series(workdays(DAYS))]), END_OF_SEPTEMBER)

    mean = (20 * 100 + 8 * 10) / 28
    later = [amount for day, amount in expected.items() if day > END_OF_JUNE]
    assert later == pytest.approx([mean] * (31 + 31 + 30))


def test_a_later_month_has_the_fees_of_this_month() -> None:
    expected = by_day(History([Series(monthly(20, 600))]), END_OF_SEPTEMBER)

    # 600 in the 30 days of June
    assert expected[date(2026, 7, 1)] == pytest.approx(600 / 30)


def test_the_range_of_more_days_is_wider() -> None:
    random = np.random.default_rng(20260610)
    history = History([Series(list(random.uniform(50, 150, DAYS).round(2)))])

    month, quarter = forecast(history), forecast(history, END_OF_SEPTEMBER)

    assert 0 < month.below < quarter.below
    assert 0 < month.above < quarter.above


def test_with_less_than_two_weeks_of_history_there_is_a_reason() -> None:
    short = History([Series(workdays(13))])

    found = forecast(short, as_of=MONDAY + timedelta(days=12), last_day=date(2026, 4, 30))

    assert found.reason == "13 days of history; a projection needs 14"
