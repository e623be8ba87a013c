"""Fees: what came last month and has not come yet. Months are written as day of the month and amount."""

from collections.abc import Mapping

import numpy as np
import pytest

from usage_assets.insights.fees import FeeMonths, are_fees, expected_fees, usual_difference

Month = Mapping[int, float]


def fee(*months: Month, last_day: int = 10, last_month_length: int = 31, age: int = 60) -> FeeMonths:
    """Return one series: this month, last month and earlier ones; `last_day` is the day of the month last used."""
    cost = np.zeros((4, 1, 31))
    for number, month in enumerate(months):
        for day, amount in month.items():
            cost[number, 0, day - 1] = amount
    return FeeMonths(cost, np.array([last_day]), last_month_length, np.array([age]))


def expected(*months: Month, last_day: int = 10, last_month_length: int = 31) -> float:
    expected = expected_fees(fee(*months, last_day=last_day, last_month_length=last_month_length))
    return float(expected[0].sum())


def test_a_fee_that_has_not_come_yet_is_expected() -> None:
    assert expected({}, {15: 500}) == 500


def test_a_fee_that_came_is_not_expected() -> None:
    assert expected({1: 500}, {1: 500}) == 0


def test_a_fee_that_came_early_is_not_expected_again() -> None:
    assert expected({9: 500}, {12: 500}) == 0


def test_of_two_fees_the_one_that_has_not_come_is_expected() -> None:
    assert expected({1: 500}, {1: 500, 15: 80}) == 80


def test_a_fee_is_expected_as_it_was_last_month() -> None:
    assert expected({}, {15: 540}, {15: 500}) == 540


@pytest.mark.parametrize(("last_day", "amount"), [(8, 500), (9, 0)])
def test_a_fee_is_expected_until_it_is_a_week_late(last_day: int, amount: float) -> None:
    assert expected({}, {2: 500}, last_day=last_day) == amount


def test_a_purchase_that_the_month_before_did_not_have_is_not_expected() -> None:
    assert expected({1: 500}, {1: 500, 20: 3_000}, {1: 500}) == 0


def test_a_fee_that_moved_by_three_days_is_the_same_fee() -> None:
    assert expected({}, {18: 500}, {15: 500}) == 500


def test_a_fee_that_did_not_come_last_month_is_not_expected() -> None:
    assert expected({}, {}, {15: 500}) == 0


def test_before_the_month_begins_last_months_unknown_days_are_those_of_the_month_before() -> None:
    # known through 29 May: the fee of the 31st is taken from April's last day, that of the 1st from May
    assert expected({}, {1: 500}, {1: 480, 31: 70}, last_day=-2) == 500 + 70


def test_a_fee_of_the_31st_is_expected_in_a_shorter_month() -> None:
    assert expected({}, {31: 500}, last_day=28) == 500


def test_a_series_on_three_days_of_each_month_is_a_fee() -> None:
    three_days = {1: 10.0, 2: 10.0, 3: 10.0}

    assert are_fees(fee(three_days, three_days)).all()


def test_a_series_on_four_days_of_a_month_is_usage() -> None:
    assert not are_fees(fee({1: 10}, {1: 10, 2: 10, 3: 10, 4: 10})).any()


def test_a_series_without_cost_is_no_fee() -> None:
    assert not are_fees(fee({}, {})).any()


def test_usage_that_began_this_week_is_no_fee() -> None:
    assert not are_fees(fee({8: 10, 9: 10, 10: 10}, age=3)).any()


def test_a_first_payment_is_a_fee() -> None:
    assert are_fees(fee({10: 500}, age=1)).all()


def test_the_usual_difference_is_that_of_months_that_both_had_the_fee() -> None:
    months = fee({}, {1: 540}, {1: 500}, {})

    assert usual_difference(months).tolist() == [540 - 500]
