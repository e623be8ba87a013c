"""The status of a budget: spent, thresholds, and the day on which the rest is spent."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from usage_assets.insights.budgets import Crossing, Forecast, budget_status
from usage_assets.user_files.budgets import Budget, read_budgets


def budget(amount: int = 1000) -> Budget:
    [line] = read_budgets(Path("budgets.csv"), f"name,period,amount,currency\nai,month,{amount},USD\n".encode())
    return line


def june(day: int) -> date:
    return date(2026, 6, day)


def test_the_share_is_what_is_spent_of_the_amount() -> None:
    status = budget_status(budget(1000), {june(1): Decimal("100.25"), june(2): Decimal("200")}, None)

    assert (status.spent, status.share) == (Decimal("300.25"), Decimal("300.25") / 1000)


def test_a_threshold_is_crossed_on_the_day_whose_cost_reaches_it() -> None:
    status = budget_status(budget(1000), {june(1): Decimal(400), june(2): Decimal(100), june(3): Decimal(300)}, None)

    assert status.crossings == (Crossing(Decimal(50), june(2)), Crossing(Decimal(80), june(3)))


def test_a_threshold_that_a_credit_takes_back_is_not_crossed() -> None:
    status = budget_status(budget(1000), {june(1): Decimal(600), june(2): Decimal(-200)}, None)

    assert status.crossings == ()


def test_a_threshold_that_is_reached_again_after_a_credit_is_crossed_on_the_later_day() -> None:
    amounts = {june(2): Decimal(900), june(4): Decimal(-700), june(7): Decimal(400)}

    assert budget_status(budget(1000), amounts, None).crossings == (Crossing(Decimal(50), june(7)),)


def test_without_forecast_nothing_is_projected() -> None:
    status = budget_status(budget(1000), {june(1): Decimal(600)}, None)

    assert (status.projected, status.low, status.high, status.spent_on) == (None, None, None, None)


def test_the_projection_adds_the_expected_days_to_what_is_spent() -> None:
    forecast = Forecast([(june(2), 100.0), (june(3), 50.5)], below=30.255, above=40.251)

    status = budget_status(budget(1000), {june(1): Decimal("600.001")}, forecast)

    assert status.projected == 600 + Decimal("150.50")


def test_the_range_is_rounded_outwards_to_cents() -> None:
    forecast = Forecast([(june(2), 150.5)], below=30.255, above=40.251)

    status = budget_status(budget(1000), {june(1): Decimal("600")}, forecast)

    assert (status.low, status.high) == (
        600 + Decimal("150.50") - Decimal("30.26"),
        600 + Decimal("150.50") + Decimal("40.26"),
    )


def test_the_rest_is_spent_on_the_day_whose_expected_cost_reaches_it() -> None:
    forecast = Forecast([(june(2), 300.0), (june(3), 100.0), (june(4), 100.0)], below=0.0, above=0.0)

    assert budget_status(budget(1000), {june(1): Decimal(600)}, forecast).spent_on == june(3)


def test_an_amount_that_is_used_up_was_spent_on_the_day_that_reached_it() -> None:
    forecast = Forecast([(june(3), 300.0)], below=0.0, above=0.0)

    assert budget_status(budget(100), {june(1): Decimal(99), june(2): Decimal(1)}, forecast).spent_on == june(2)


def test_a_forecast_below_the_amount_names_no_day() -> None:
    forecast = Forecast([(june(2), 1.0)], below=0.0, above=0.0)

    assert budget_status(budget(1000), {june(1): Decimal(600)}, forecast).spent_on is None
