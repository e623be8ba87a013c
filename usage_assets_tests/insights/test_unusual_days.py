"""Which days are unusual, with amounts that a reader can check."""

import numpy as np
import pytest

from usage_assets.insights.baselines import Bools, Floats
from usage_assets.insights.unusual_days import (
    DROP,
    MODEL,
    SPIKE,
    SURFACE,
    TEAM,
    USER,
    AccountSpend,
    PartSpend,
    UnusualDay,
    find_unusual_days,
)

DAYS = 60
WEEKEND = 5, 6


def ordinary(level: float = 100.0) -> Floats:
    """Return days that cost 90, 100 and 110 % of a level in turn, and a tenth of it on weekends."""
    days = np.arange(DAYS)
    amounts: Floats = (level * (0.9 + 0.1 * (days // 7 % 3))).astype(np.float64)
    amounts[np.isin(days % 7, WEEKEND)] *= 0.1
    return amounts


def found(
    amounts: Floats,
    scope: str | None = None,
    part: Floats | None = None,
    is_complete: Bools | None = None,
) -> list[UnusualDay]:
    """Return the unusual days of an account with these amounts, or of a part of it."""
    complete = np.ones(DAYS, dtype=np.bool_) if is_complete is None else is_complete
    parts = {} if scope is None or part is None else {scope: PartSpend([("maker", "part")], part[:, None])}
    days = find_unusual_days([AccountSpend("acme", complete, amounts, parts)], np.ones(DAYS, dtype=np.bool_))
    return [day for day in days if scope is None or day.scope == scope]


def numbers(days: list[UnusualDay]) -> list[tuple[str, int]]:
    return [(day.kind, day.day) for day in days]


def test_ordinary_days_are_not_unusual() -> None:
    assert found(ordinary()) == []


def test_a_day_far_above_its_weekday_is_a_spike() -> None:
    amounts = ordinary()
    amounts[51] = 400

    [day] = found(amounts)

    # the four days of this weekday before it (23, 30, 37, 44) cost 90, 100, 110 and 90; most weekdays deviate by 5
    assert (day.kind, day.day, day.scope, day.scope_key) == (SPIKE, 51, "account", "acme")
    assert day.compared == (30, 44)
    assert (day.expected, day.actual) == ((90 + 100) / 2, 400)
    assert day.score == pytest.approx((400 - 95) / (1.4826 * 5))


def test_a_day_that_is_not_far_above_a_high_day_is_no_spike() -> None:
    amounts = ordinary()
    amounts[51] = 1.7 * 110 - 1

    assert found(amounts) == []


def test_a_weekend_as_busy_as_a_weekday_is_no_spike() -> None:
    amounts = ordinary()
    amounts[54] = 100  # a Saturday

    assert found(amounts) == []


def test_three_dollars_more_are_the_least_that_counts() -> None:
    amounts = ordinary(level=1.0)
    amounts[51] = 3.9

    assert found(amounts) == []

    amounts[51] = 4.1

    assert numbers(found(amounts)) == [(SPIKE, 51)]


def test_a_noisy_account_needs_more_than_a_steady_one() -> None:
    noisy = ordinary()
    noisy[::2] *= 0.4
    steady, high = ordinary(), 200.0
    noisy[51] = steady[51] = high

    assert (numbers(found(steady)), numbers(found(noisy))) == ([(SPIKE, 51)], [])


def test_slow_growth_is_not_unusual() -> None:
    growth = 1.01 ** np.arange(DAYS)  # 1 % a day doubles in ten weeks

    assert found(ordinary() * growth) == []


def test_nothing_where_spend_is_regular_is_a_drop() -> None:
    amounts = ordinary()
    amounts[51] = 0

    [day] = found(amounts)

    assert (day.kind, day.day, day.expected, day.actual) == (DROP, 51, 95, 0)


def test_nothing_is_no_drop_where_the_days_differ_by_half_of_what_is_expected() -> None:
    amounts = ordinary()
    amounts[::2] *= 0.35
    amounts[51] = 0

    assert found(amounts) == []


def test_half_of_what_is_expected_is_no_drop() -> None:
    amounts = ordinary()
    amounts[51] = 50

    assert found(amounts) == []


def test_a_quiet_weekend_is_no_drop() -> None:
    amounts = ordinary(level=9.0)
    amounts[54] = 0  # a Saturday on which 0.9 USD are expected

    assert found(amounts) == []


def test_a_day_without_data_is_no_drop() -> None:
    amounts, is_complete = ordinary(), np.ones(DAYS, dtype=np.bool_)
    amounts[51], is_complete[51] = 0, False

    assert found(amounts, is_complete=is_complete) == []


def test_a_holiday_of_all_accounts_is_no_drop_and_no_day_is_compared_with_it() -> None:
    amounts = ordinary()
    amounts[[44, 51]] = 0
    everything = np.ones(DAYS, dtype=np.bool_)
    accounts = [AccountSpend(name, everything, amounts.copy(), {}) for name in ("acme", "globex", "initech")]

    assert find_unusual_days(accounts, everything) == []


def test_only_wanted_days_are_judged() -> None:
    amounts, is_wanted = ordinary(), np.zeros(DAYS, dtype=np.bool_)
    amounts[[44, 51]] = 400
    is_wanted[51] = True

    days = find_unusual_days([AccountSpend("acme", ~np.zeros(DAYS, dtype=np.bool_), amounts, {})], is_wanted)

    assert numbers(days) == [(SPIKE, 51)]


def test_a_user_who_spends_many_times_a_high_day_is_a_spike() -> None:
    user = ordinary(level=4.0)
    user[51] = 40

    [day] = found(ordinary() + user, USER, user)

    assert (day.scope, day.scope_key, day.expected, day.actual) == ("user", "part", 3.8, 40)


def test_a_user_below_a_third_of_the_account_is_no_spike() -> None:
    user = ordinary(level=4.0)
    user[51] = 30  # 26 more than usual; the account is expected to cost 98.8

    assert found(ordinary() + user, USER, user) == []


def test_fifty_dollars_more_of_a_user_count_in_an_account_of_any_size() -> None:
    user = ordinary(level=4.0)
    user[51] = 55

    assert numbers(found(ordinary(level=10_000) + user, USER, user)) == [(SPIKE, 51)]


def test_a_model_that_replaces_another_is_no_spike() -> None:
    model = ordinary(level=10)
    model[51:] = 90
    others = ordinary() - model

    assert found(others + model, MODEL, model) == []


def test_a_fee_of_a_team_is_no_spike() -> None:
    team = ordinary(level=20)
    team[51] = 500  # of which the account has no fee

    assert found(ordinary(), TEAM, team) == []


def test_a_model_that_makes_the_account_cost_more_is_a_spike() -> None:
    model = ordinary(level=10)
    model[51] = 90

    assert numbers(found(ordinary() + model, MODEL, model)) == [(SPIKE, 51)]


def test_a_new_model_is_compared_only_once_it_was_used_on_fifteen_days() -> None:
    model = np.zeros(DAYS)
    model[48:] = 90

    assert found(ordinary() + model, MODEL, model) == []


@pytest.mark.parametrize(("scope", "kinds"), [(SURFACE, [(DROP, 51)]), (TEAM, []), (MODEL, []), (USER, [])])
def test_a_surface_drops_but_people_may_leave_and_models_and_teams_may_be_replaced(
    scope: str, kinds: list[tuple[str, int]]
) -> None:
    part = ordinary(level=20)
    part[51] = 0

    assert numbers(found(ordinary() + part, scope, part)) == kinds
