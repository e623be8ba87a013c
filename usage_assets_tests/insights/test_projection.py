"""Where a month will end, on series whose arithmetic can be read: June 2026 begins on a Monday."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from usage_assets.insights.projection import HISTORY_DAYS, Projector, reach_days
from usage_assets_tests.insights.series import MONDAY, History, Series, of_one, to_date, total, units, workdays

TENTH = date(2026, 6, 10)
DAYS = (TENTH - MONDAY).days + 1
RANDOM_SEED = 20260610


def test_the_rest_of_the_month_is_the_mean_of_its_weekdays() -> None:
    projection = total(of_one(workdays(DAYS)), TENTH)

    # 1 to 10 June: 8 workdays and 2 days of a weekend; 11 to 30 June: 14 and 6
    assert to_date(projection) == 8 * 100 + 2 * 10
    assert units(projection.projected) == (8 + 14) * 100 + (2 + 6) * 10


def test_days_within_the_lag_are_forecast_and_not_taken_as_zero() -> None:
    not_ready = workdays(DAYS)
    not_ready[-2:] = [0, 0]

    projection = total(of_one(not_ready, lags={"acme": 3}), TENTH)

    # complete through 8 June: 6 workdays and a weekend
    assert projection.complete_through == date(2026, 6, 8)
    assert to_date(projection) == 6 * 100 + 2 * 10
    assert units(projection.projected) == (8 + 14) * 100 + (2 + 6) * 10


def test_a_missing_day_is_forecast_by_its_weekday() -> None:
    lacking = workdays(DAYS)
    lacking[DAYS - 4] = 0  # Sunday, 7 June

    projection = total(of_one(lacking, missing={"acme": {date(2026, 6, 7)}}), TENTH)

    assert to_date(projection) == 8 * 100 + 1 * 10
    assert units(projection.projected) == (8 + 14) * 100 + (2 + 6) * 10


def test_accounts_of_different_lags_are_each_known_through_their_own_day() -> None:
    history = History([Series(workdays(DAYS), "acme"), Series(workdays(DAYS), "globex")], lags={"globex": 3})

    projections = history.project(TENTH)

    assert projections["account", "acme"].complete_through == TENTH
    assert projections["account", "globex"].complete_through == date(2026, 6, 8)
    assert projections["all", "(all)"].complete_through == date(2026, 6, 8)
    assert to_date(projections["all", "(all)"]) == (820) + (620)


def test_the_projections_of_accounts_and_providers_sum_to_that_of_all() -> None:
    random = np.random.default_rng(RANDOM_SEED)
    series = [
        Series(list(random.uniform(50, 150, DAYS).round(2)), account, provider)
        for account in ("acme", "globex")
        for provider in ("anthropic", "openai")
    ]

    projections = History(series).project(TENTH)

    for scope in ("account", "provider"):
        cents = [one.projected or 0 for (name, _), one in projections.items() if name == scope]
        assert sum(cents) == pytest.approx(projections["all", "(all)"].projected, abs=1)


def test_a_day_out_of_the_ordinary_does_not_change_the_forecast_of_others() -> None:
    days = 14 * 7 + 3
    spiked = workdays(days)
    spiked[-10] = 5_000

    projection = total(of_one(spiked, first_day=TENTH - timedelta(days=days - 1)), TENTH)

    # 1 June is the day that cost 5,000
    assert to_date(projection) == 7 * 100 + 2 * 10 + 5_000
    assert units(projection.projected) == 7 * 100 + 2 * 10 + 5_000 + 14 * 100 + 6 * 10


def test_a_trend_goes_on_through_the_rest_of_the_month() -> None:
    # each day of a week costs 2 more than in the week before; the last week costs 100 a day
    weeks = 10
    rising = [100 - 2 * (weeks - 1 - number // 7) for number in range(7 * weeks)]

    projection = total(of_one(rising, first_day=date(2026, 6, 14) - timedelta(days=7 * weeks - 1)), date(2026, 6, 14))

    level = (100 + 98 + 96 + 94) / 4
    weeks_ahead = 2 + 16 / 2 / 7  # from the middle of the four weeks to the middle of the 16 days
    rest = 16 * level * (1 + 2 / level * weeks_ahead)
    assert float(units(projection.projected)) == pytest.approx(7 * 98 + 7 * 100 + rest, abs=0.01)


def test_a_trend_is_not_seen_in_less_than_eight_weeks() -> None:
    weeks = 7
    rising = [100 - 2 * (weeks - 1 - number // 7) for number in range(7 * weeks)]

    projection = total(of_one(rising, first_day=date(2026, 6, 14) - timedelta(days=7 * weeks - 1)), date(2026, 6, 14))

    assert units(projection.projected) == 7 * 98 + 7 * 100 + 16 * 97  # 97 is the mean of four weeks


def test_a_split_row_goes_on_by_its_own_share() -> None:
    # May's row is 3,100 over 31 days, June's so far 3,000 over 10 days
    cost = [0.0] * 25 + [100.0] * 31 + [300.0] * 10

    projection = total(History([Series(cost, is_split=True)]), TENTH)

    assert to_date(projection) == 10 * 300
    assert units(projection.projected) == 30 * 300


def test_a_split_row_of_which_no_day_is_known_yet_goes_on_by_last_months_share() -> None:
    cost = [0.0] * 25 + [100.0] * 31 + [300.0]

    projection = total(History([Series(cost, is_split=True)], lags={"acme": 3}), date(2026, 6, 1))

    assert projection.complete_through == date(2026, 5, 30)
    assert to_date(projection) == 0
    assert units(projection.projected) == 30 * 100


def test_a_fee_that_came_is_not_expected_again() -> None:
    history = History([Series(workdays(DAYS)), Series(_on_the(1, 500))])

    projection = total(history, TENTH)

    assert to_date(projection) == 820 + 500
    assert units(projection.projected) == 2280 + 500


def test_a_fee_that_has_yet_to_come_is_expected() -> None:
    history = History([Series(workdays(DAYS)), Series(_on_the(15, 500))])

    projection = total(history, TENTH)

    assert to_date(projection) == 820
    assert units(projection.projected) == 2280 + 500


def test_less_than_two_weeks_of_history_give_no_projection_and_a_reason() -> None:
    young = of_one(workdays(13), first_day=TENTH - timedelta(days=12))

    projection = total(young, TENTH)

    assert projection.projected is projection.low is projection.high is None
    assert projection.reason == "13 days of history; a projection needs 14"
    assert to_date(projection) > 0


def test_two_weeks_of_history_give_a_projection() -> None:
    history = of_one(workdays(HISTORY_DAYS + 1), first_day=TENTH - timedelta(days=HISTORY_DAYS))

    projection = total(history, TENTH)

    assert projection.reason is None
    assert projection.projected is not None


def test_a_new_account_is_in_the_total_before_it_has_a_projection_of_its_own() -> None:
    new = [0.0] * (DAYS - 8) + [70.0] * 8
    history = History([Series(workdays(DAYS)), Series(new, "new")])
    history.costs()
    rows = history.costs()
    rows.has_rows[1, : DAYS - 8] = False
    projections = {(one.scope, one.scope_key): one for one in Projector(rows).project(TENTH)}

    assert projections["account", "new"].reason == "8 days of history; a projection needs 14"
    assert units(projections["all", "(all)"].projected) == 2280 + 28 * 70


@pytest.mark.parametrize(
    ("as_of", "rest"),
    [(date(2028, 2, 20), 9), (date(2028, 2, 29), 0), (date(2027, 2, 20), 8), (date(2028, 1, 31), 0)],
    ids=["leap February", "its last day", "February", "31 January"],
)
def test_every_day_of_the_month_counts_and_no_other(as_of: date, rest: int) -> None:
    history = of_one([24.0] * 90, first_day=as_of - timedelta(days=89))

    projection = total(history, as_of)

    assert to_date(projection) == as_of.day * 24
    assert units(projection.projected) == (as_of.day + rest) * 24


def test_a_month_whose_days_are_all_known_is_projected_as_it_is() -> None:
    history = of_one(workdays(DAYS + 20), lags={"acme": 1})

    projection = total(history, date(2026, 6, 30))

    assert units(projection.projected) == units(projection.low) == units(projection.high) == 22 * 100 + 8 * 10


def test_on_the_first_of_a_month_the_days_of_the_last_month_are_skipped() -> None:
    days = (date(2026, 6, 1) - MONDAY).days + 1

    projection = total(of_one(workdays(days), lags={"acme": 3}), date(2026, 6, 1))

    assert projection.complete_through == date(2026, 5, 30)
    assert to_date(projection) == 0
    assert units(projection.projected) == 22 * 100 + 8 * 10


def test_a_refund_lessens_the_month_and_lets_the_range_fall_below_it() -> None:
    cost = workdays(DAYS)
    cost[-1] = -150

    projection = total(of_one(cost), TENTH)

    assert to_date(projection) == 7 * 100 + 2 * 10 - 150
    assert projection.low is not None
    assert units(projection.low) < units(projection.projected)


def test_without_refunds_the_month_cannot_end_below_what_it_has_cost() -> None:
    random = np.random.default_rng(RANDOM_SEED)
    wild = list(random.lognormal(3, 2, DAYS).round(2))
    last_but_one = date(2026, 6, 29)

    projection = total(of_one([*wild, *wild[:19]]), last_but_one)

    assert units(projection.low) >= to_date(projection) - Decimal("0.01")


def test_a_series_of_zeros_is_projected_as_zero() -> None:
    projection = total(of_one([0.0] * DAYS), TENTH)

    assert (projection.month_to_date, projection.projected, projection.low, projection.high) == (0, 0, 0, 0)


def test_a_series_that_has_ended_is_not_forecast() -> None:
    ended = [100.0] * (DAYS - 10) + [0.0] * 10

    projection = total(of_one(ended), TENTH)

    assert units(projection.projected) == 0


def test_a_holiday_week_does_not_end_a_series() -> None:
    back_soon = workdays(DAYS)
    back_soon[-8:-1] = [0] * 7

    projection = total(of_one(back_soon), TENTH)

    assert units(projection.projected) > Decimal(14 * 100) * Decimal("0.7")


def test_a_deleted_account_costs_nothing_more() -> None:
    gone = workdays(DAYS - 3) + [0.0] * 3

    projection = total(of_one(gone, ended={"acme": date(2026, 6, 7)}), TENTH)

    assert units(projection.projected) == to_date(projection) == 5 * 100 + 2 * 10


def test_an_account_without_a_known_day_in_four_weeks_is_left_out() -> None:
    silent = {MONDAY + timedelta(days=number) for number in range(DAYS - 28, DAYS)}
    history = History([Series(workdays(DAYS)), Series(workdays(DAYS), "silent")], missing={"silent": silent})

    projections = history.project(TENTH)

    assert ("account", "silent") not in projections
    assert units(projections["all", "(all)"].projected) == 2280


def test_a_projection_does_not_depend_on_later_days_nor_on_days_beyond_its_reach() -> None:
    random = np.random.default_rng(RANDOM_SEED)
    long = [Series(list(random.lognormal(3, 1, 500).round(2)), name) for name in ("acme", "globex")]
    fee = [500.0 if number % 31 == 3 else 0.0 for number in range(500)]
    whole = History([*long, Series(fee)], lags={"globex": 3})
    as_of = whole.first_day + timedelta(days=450)
    start = 450 - reach_days(3)
    part = History(
        [Series(one.cost[start:451], one.account) for one in whole.series],
        first_day=whole.first_day + timedelta(days=start),
        lags=whole.lags,
    )

    assert part.project(as_of) == whole.project(as_of)


def test_days_before_the_history_change_nothing() -> None:
    random = np.random.default_rng(RANDOM_SEED)
    cost = [round(number, 2) for number in random.lognormal(3, 1, DAYS)]
    empty = 200
    history = History([Series(cost)])
    longer = History([Series([0.0] * empty + cost)], first_day=MONDAY - timedelta(days=empty))
    rows = longer.costs()
    rows.has_rows[:, :empty] = rows.known.is_known[:, :empty] = False

    assert Projector(rows).project(TENTH) == Projector(history.costs()).project(TENTH)


def test_the_range_holds_the_month_in_about_eight_of_ten_cases() -> None:
    random = np.random.default_rng(RANDOM_SEED)
    names = [f"account-{number}" for number in range(12)]
    weekly = np.array([1.0, 1.0, 1.0, 1.0, 0.9, 0.2, 0.2])
    days = 365
    history = History(
        [
            Series(list((100 * weekly[np.arange(days) % 7] * random.lognormal(0, 0.5, days)).round(2)), name)
            for name in names
        ]
    )
    costs = history.costs()
    projector = Projector(costs)
    held = []
    for month in range(9, 13):
        for day in (5, 10, 15, 20):
            as_of = date(2026, month, day)
            first, last = (date(2026, month, 1) - MONDAY).days, (date(2026, month, 28) - MONDAY).days + 4
            last -= (MONDAY + timedelta(days=last)).day
            for projection in projector.project(as_of):
                if projection.scope == "account":
                    cost = costs.cost[names.index(projection.scope_key), first : last + 1].sum() / 10**4
                    held.append((projection.low or 0) <= cost <= (projection.high or 0))

    assert 0.7 <= np.mean(held) <= 0.9


def _on_the(day_of_month: int, amount: float) -> list[float]:
    days = (MONDAY + timedelta(days=number) for number in range(DAYS))
    return [amount if day.day == day_of_month else 0.0 for day in days]
