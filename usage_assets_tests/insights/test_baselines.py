"""Which days a day is compared with, and which days are quiet."""

import numpy as np

from usage_assets.insights.baselines import MISSING, Bools, baseline_days, expected_amounts, quiet_days


def all_usable(days: int) -> Bools:
    return np.ones(days, dtype=np.bool_)


def test_a_day_is_compared_with_the_four_days_of_its_weekday_before_it() -> None:
    chosen = baseline_days(all_usable(35))

    assert chosen[30, 0].tolist() == [2, 9, 16, 23]


def test_the_other_weekdays_give_the_rest_of_the_28_days_before() -> None:
    chosen = baseline_days(all_usable(35))

    assert sorted(chosen[30].ravel().tolist()) == list(range(2, 30))


def test_without_28_days_before_it_a_day_is_compared_with_nothing() -> None:
    chosen = baseline_days(all_usable(35))

    assert (chosen[27, 0] == MISSING).all()
    assert chosen[28, 0].tolist() == [0, 7, 14, 21]


def test_a_day_that_is_not_usable_is_replaced_by_an_older_one() -> None:
    is_usable = all_usable(50)
    is_usable[30] = False

    assert baseline_days(is_usable)[44, 0].tolist() == [9, 16, 23, 37]


def test_no_day_is_compared_with_a_day_more_than_eight_weeks_before() -> None:
    is_usable = all_usable(120)
    is_usable[28:100:7] = False  # ten weeks without this weekday

    assert baseline_days(is_usable)[84, 0].tolist() == [MISSING] * 4


def test_what_is_expected_is_the_median_of_the_four_days() -> None:
    amounts = np.zeros((29, 1))
    amounts[[0, 7, 14, 21], 0] = [10, 30, 1000, 20]

    expected = expected_amounts(amounts, baseline_days(all_usable(29)))

    assert expected[28, 0] == (20 + 30) / 2


def test_a_day_on_which_most_accounts_spend_little_is_quiet() -> None:
    amounts = np.full((30, 3), 100.0)
    amounts[28, :2] = 50  # two of three accounts spend half
    amounts[29, 0] = 0  # one of three spends nothing

    is_quiet = quiet_days(amounts, np.ones((30, 3), dtype=bool), least=1)

    assert np.flatnonzero(is_quiet).tolist() == [28]


def test_one_account_alone_makes_no_quiet_day() -> None:
    amounts = np.full((29, 1), 100.0)
    amounts[28] = 0

    assert not quiet_days(amounts, np.ones((29, 1), dtype=bool), least=1).any()


def test_a_day_without_data_is_not_quiet() -> None:
    amounts, is_complete = np.full((29, 2), 100.0), np.ones((29, 2), dtype=bool)
    amounts[28], is_complete[28] = 0, False

    assert not quiet_days(amounts, is_complete, least=1).any()
