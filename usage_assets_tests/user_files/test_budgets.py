"""`budgets.csv`: what a line means, and the mistakes that are named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.user_files.budgets import Budget, Period, read_budgets
from usage_assets.user_files.csv_lines import UserFileError

HEADER = "name,period,amount,currency"


def budgets(text: str, header: str = HEADER) -> tuple[Budget, ...]:
    return read_budgets(Path("budgets.csv"), f"{header}\n{text}".encode())


def mistakes(text: str, header: str = HEADER) -> tuple[str, ...]:
    with pytest.raises(UserFileError) as refused:
        budgets(text, header)
    return refused.value.sentences


def test_a_line_needs_name_period_amount_and_currency_only() -> None:
    assert budgets("ai,month,1000.50,usd\n") == (
        Budget(
            name="ai",
            period=Period.month,
            amount=Decimal("1000.50"),
            currency="USD",
            valid_from=date.min,
            valid_to=date.max,
            scope=(),
            thresholds=(Decimal(50), Decimal(80), Decimal(100)),
            owner="",
        ),
    )


def test_the_scope_is_every_column_that_a_line_fills() -> None:
    [budget] = budgets(
        'ai,month,1,USD,"Data, core",,Anthropic,,Ann@Acme.test\n', HEADER + ",team,surface,provider,model,user_key"
    )

    assert budget.scope == (("team", "Data, core"), ("provider", "anthropic"), ("user_key", "ann@acme.test"))


def test_thresholds_are_percentages_with_semicolons_between() -> None:
    [budget] = budgets("ai,month,1,USD,50 %; 99.5;120\n", HEADER + ",thresholds")

    assert budget.thresholds == (Decimal(50), Decimal("99.5"), Decimal(120))


@pytest.mark.parametrize("written", ["x", "80;50", "50;50", "0;50", "50;", "-5", "50;2000", "1e2"])
def test_thresholds_that_are_no_rising_percentages_are_named(written: str) -> None:
    [mistake] = mistakes(f"ai,month,1,USD,{written}\n", HEADER + ",thresholds")

    assert mistake.startswith("budgets.csv, line 2, column thresholds")


def test_every_mistake_of_a_line_is_named() -> None:
    named = mistakes(",week,0,dollars,2026-13-01,2026-01-01\n", HEADER + ",valid_from,valid_to")

    assert [sentence.split(":")[0].rpartition(" ")[2] for sentence in named] == [
        *("valid_from", "name", "period", "amount", "currency")
    ]


def test_reversed_validity_is_named() -> None:
    [mistake] = mistakes("ai,month,1,USD,2026-02-01,2026-01-31\n", HEADER + ",valid_from,valid_to")

    assert mistake.startswith("budgets.csv, line 2, column valid_to: '2026-01-31' is before valid_from")


def test_a_budget_may_change_from_a_day_on() -> None:
    lines = "ai,month,1,USD,,2026-01-31\nai,month,2,USD,2026-02-01,\n"

    first, second = budgets(lines, HEADER + ",valid_from,valid_to")

    assert [budget.is_valid_on(date(2026, 1, 31)) for budget in (first, second)] == [True, False]
    assert [budget.is_valid_on(date(2026, 2, 1)) for budget in (first, second)] == [False, True]


def test_two_lines_of_a_budget_on_one_day_are_a_mistake_of_the_later() -> None:
    lines = "ai,month,1,USD,,2026-02-01\nai,month,2,USD,2026-02-01,\n"

    [mistake] = mistakes(lines, HEADER + ",valid_from,valid_to")

    assert mistake.startswith("budgets.csv, line 3, column name: 'ai' has an earlier line that is valid on the same")


def test_lines_of_a_budget_have_one_period_and_currency() -> None:
    lines = "ai,month,1,USD,,2026-01-31\nai,year,2,EUR,2026-02-01,\n"

    [mistake] = mistakes(lines, HEADER + ",valid_from,valid_to")

    assert mistake.startswith("budgets.csv, line 3, column period: 'year' or currency differs")


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.month, date(2028, 2, 1), date(2028, 2, 29)),
        (Period.quarter, date(2028, 1, 1), date(2028, 3, 31)),
        (Period.year, date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_period_holds_its_calendar_days(period: Period, first: date, last: date) -> None:
    day = date(2028, 2, 17)

    assert (period.first_day(day), period.last_day(day)) == (first, last)


def test_the_last_quarter_ends_with_the_year() -> None:
    assert Period.quarter.last_day(date(2026, 11, 3)) == date(2026, 12, 31)


def test_a_long_wrong_value_is_cut() -> None:
    [sentence] = mistakes(f"ai,{'x' * 100_000},1000,USD\n")

    assert f"column period: '{'x' * 100}…' is no period" in sentence


def test_a_wrong_line_is_not_compared_with_later_lines_of_its_name() -> None:
    [sentence] = mistakes("ai,weekly,1000,USD\nai,quarter,1000,USD\n")

    assert "line 2, column period: 'weekly' is no period" in sentence


def test_a_currency_that_does_not_exist_is_refused() -> None:
    [sentence] = mistakes("ai,month,1000,EUX\n")

    assert "line 2, column currency: 'EUX' is no currency of ISO 4217" in sentence
