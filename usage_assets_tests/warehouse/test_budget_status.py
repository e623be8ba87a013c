"""The table `budget_status`: what is spent of landed rows, what is expected, and which days are derived again."""

import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from usage_assets.integrations.windows import days_between
from usage_assets.pricing.rates import ExchangeRates, RateOverride
from usage_assets.user_files.budgets import Period
from usage_assets.warehouse.budget_status import affected_days
from usage_assets.warehouse.stale_days import published_name, stale_days
from usage_assets.warehouse.statements import statement
from usage_assets.warehouse.tables import BUDGET_STATUS
from usage_assets_tests.warehouse.pipeline import ACCOUNT, Pipeline, charge, row

# Confluent has a lag of 3 days. The first of June is a Monday.
FIRST, LAST = date(2026, 4, 20), date(2026, 6, 10)
AS_OF = LAST + timedelta(days=2)
NIGHT = time()
HEADER = "name,period,amount,currency"
WORKDAY, WEEKEND = 100, 10
EURO = Decimal("1.25")
"""What a euro costs in dollars."""
JUNE_TO_DATE = 8 * WORKDAY + 2 * WEEKEND
JUNE = 22 * WORKDAY + 8 * WEEKEND


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An empty pipeline on the morning on which the day `LAST` is the last that is ready."""
    return Pipeline(tmp_path, now=datetime.combine(LAST + timedelta(days=3), NIGHT, UTC))


@pytest.fixture(scope="module")
def derived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pipeline with every day and no budget."""
    derived = Pipeline(tmp_path_factory.mktemp("derived"), now=datetime.combine(LAST + timedelta(days=3), NIGHT, UTC))
    land(derived, days_between(FIRST, LAST))
    derived.run_with_insights()
    derived.publish()
    return derived.folder


@pytest.fixture
def derived(derived_folder: Path, pipeline: Pipeline) -> Pipeline:
    """A pipeline of its own for each test, which has derived and published every day."""
    shutil.copytree(derived_folder, pipeline.folder, dirs_exist_ok=True, symlinks=True)
    return pipeline


def cost_of(day: date) -> int:
    return WORKDAY if day.isoweekday() <= 5 else WEEKEND


def land(pipeline: Pipeline, days: Iterable[date], amount: str | None = None, **given: Any) -> None:
    account = given.pop("account", ACCOUNT)
    for day in days:
        rows = [row("r1", charge("net", amount or str(cost_of(day))), day=day, **given)]
        pipeline.land(rows, day=day, account=account, fetched_at=datetime.combine(day + timedelta(days=4), NIGHT, UTC))


def one(pipeline: Pipeline, columns: str, budget: str = "ai", as_of: date = AS_OF) -> tuple[Any, ...]:
    [found] = pipeline.query(
        f"select {columns} from budget_status where budget = '{budget}' and usage_date = '{as_of}'"
    )
    return found


def statuses(pipeline: Pipeline, condition: str = "true") -> list[tuple[Any, ...]]:
    return pipeline.query(f"from budget_status where {condition} order by usage_date, budget")


def derived_again(pipeline: Pipeline) -> set[date]:
    with pipeline.warehouse.transaction() as connection:
        return stale_days(connection, published_name(BUDGET_STATUS))


def test_spent_is_the_cost_of_the_days_that_are_known(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,2000,USD")

    derived.run_with_insights()

    columns = "period_start, period_end, complete_through, spent, share"
    figures = (date(2026, 6, 1), date(2026, 6, 30), LAST, JUNE_TO_DATE, Decimal(JUNE_TO_DATE) / 2000)
    assert one(derived, columns) == figures


def test_a_monthly_budget_of_everything_ends_where_the_projection_ends(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,2000,USD")

    derived.run_with_insights()

    columns = "usage_date, complete_through, projected, low, high, reason"
    projections = derived.query(f"select {columns} from spend_projection where scope = 'all' order by usage_date")
    since = projections[0][0]  # before, no day was known
    found = derived.query(f"select {columns} from budget_status where usage_date >= '{since}' order by usage_date")
    # the last day of a month waits for all days of the month
    ends = {date(2026, 4, 30), date(2026, 5, 31)}
    assert [row for row in found if row[0] not in ends] == [row for row in projections if row[0] not in ends]


def test_a_threshold_names_the_day_whose_cost_reached_it(derived: Pipeline) -> None:
    derived.budget(f"{HEADER},thresholds", "ai,month,1000,USD,50;80;100")

    derived.run_with_insights()

    # five workdays are 500; 6 and 7 June are a weekend, so 520; 8, 9 and 10 June give 820
    crossed = [
        {"threshold": Decimal(50), "crossed_on": date(2026, 6, 5)},
        {"threshold": Decimal(80), "crossed_on": date(2026, 6, 10)},
    ]
    assert one(derived, "crossed") == (crossed,)


def test_the_rest_is_spent_on_the_day_that_is_expected_to_reach_it(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,1000,USD")

    derived.run_with_insights()

    # 820 by 10 June; 11 and 12 June are workdays
    assert one(derived, "spent_on") == (date(2026, 6, 12),)


def test_a_budget_that_lasts_names_no_day(derived: Pipeline) -> None:
    derived.budget(HEADER, f"ai,month,{JUNE + 1},USD")

    derived.run_with_insights()

    assert one(derived, "projected, spent_on") == (JUNE, None)


def test_a_quarter_counts_its_earlier_months_and_expects_the_mean_of_four_weeks_of_later_ones(
    derived: Pipeline,
) -> None:
    derived.budget(HEADER, "ai,quarter,10000,USD")

    derived.run_with_insights()

    # 20 to 30 April: 9 workdays and a weekend; May: 21 and 10; then June is all of the rest
    known = 9 * WORKDAY + 2 * WEEKEND + 21 * WORKDAY + 10 * WEEKEND + JUNE_TO_DATE
    assert one(derived, "spent") == (known,)
    assert one(derived, "projected") == (known - JUNE_TO_DATE + JUNE,)
    # May, seen from its last known day: June is 30 days of four weeks' mean, of 20 workdays and 8 days of weekends
    may, may_31 = known - JUNE_TO_DATE, date(2026, 5, 31) + timedelta(days=2)
    as_of_may = date(2026, 5, 31)
    mean = Decimal(20 * WORKDAY + 8 * WEEKEND) / 28
    assert one(derived, "projected", as_of=as_of_may) == (round(may + 30 * mean, 2),)
    assert one(derived, "spent", as_of=may_31)[0] == may


@pytest.mark.parametrize(
    ("column", "value", "other"),
    [
        ("provider", "anthropic", "openai"),
        ("model", "claude*", "gpt-5"),
        ("surface", "chat", "api"),
        ("account_id", "acme", "zeta"),
        ("integration", "confluent", "cursor"),
        ("user_key", "Ada@*", "bob@acme.example"),
        ("team", "research", "sales"),
        ("cost_centre", "R1", "S1"),
    ],
)
def test_a_condition_counts_what_it_names(derived: Pipeline, column: str, value: str, other: str) -> None:
    user = {"email": "ada@acme.example"}
    land(derived, [LAST], "7", model={"id": "claude-opus-4-5", "provider": "anthropic"}, user=user, surface="chat")
    derived.allocate("provider,team,cost_centre", "anthropic,research,R1")
    derived.budget(f"{HEADER},{column}", f"ai,month,100,USD,{value}", f"other,month,100,USD,{other}")

    derived.run_with_insights()

    of_all_days = column in ("account_id", "integration")  # the other days have neither model nor user
    assert one(derived, "spent") == ((JUNE_TO_DATE - cost_of(LAST) if of_all_days else 0) + 7,)
    assert one(derived, "spent", "other") == (0,)


def test_several_conditions_count_what_meets_all_of_them(derived: Pipeline) -> None:
    land(derived, [LAST], "7", model={"id": "claude-opus-4-5", "provider": "anthropic"})
    derived.budget(f"{HEADER},account_id,model", "ai,month,100,USD,acme,claude*", "no,month,100,USD,zeta,claude*")

    derived.run_with_insights()

    assert (one(derived, "spent, scope"), one(derived, "spent", "no")) == ((7, "model=claude*, account_id=acme"), (0,))


def test_a_scope_without_cost_has_a_reason_instead_of_a_projection(derived: Pipeline) -> None:
    derived.budget(f"{HEADER},team", "ai,month,100,USD,nobody")

    derived.run_with_insights()

    columns = "spent, share, complete_through, projected, reason"
    assert one(derived, columns) == (0, 0, None, None, "no cost in this month or the one before")


def test_a_budget_in_a_currency_of_its_cost_counts_it_as_billed(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "33.33", "EUR"), day=LAST)], day=LAST)
    pipeline.budget(HEADER, "ai,month,100,EUR")

    pipeline.run_with_insights()

    assert one(pipeline, "spent") == (Decimal("33.33"),)


def test_other_currencies_count_at_the_rate_of_their_day(derived: Pipeline) -> None:
    derived.rates = ExchangeRates([RateOverride(date(2026, 1, 1), "EUR", EURO)])
    derived.budget(HEADER, "ai,month,2000,EUR")

    derived.run_with_insights()

    # a euro costs 1.25 dollars
    assert one(derived, "spent, projected") == (
        Decimal(JUNE_TO_DATE) / Decimal("1.25"),
        Decimal(JUNE) / Decimal("1.25"),
    )


def test_a_currency_without_rate_has_a_reason_instead_of_a_projection(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,2000,VND")

    derived.run_with_insights()

    assert one(derived, "spent, projected, reason") == (0, None, f"no exchange rate of VND up to {AS_OF}")


def test_a_period_that_begins_before_the_history_is_counted_from_its_first_day(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,year,9000,USD", "june,month,9000,USD")

    derived.run_with_insights()

    assert one(derived, "period_start, counted_from") == (date(2026, 1, 1), FIRST)
    assert one(derived, "period_start, counted_from", "june") == (date(2026, 6, 1), date(2026, 6, 1))


def test_the_last_day_of_a_period_counts_its_days_once_they_are_known(pipeline: Pipeline) -> None:
    last = date(2026, 5, 31)
    land(pipeline, days_between(FIRST, last - timedelta(days=2)))
    pipeline.now = datetime.combine(last + timedelta(days=1), NIGHT, UTC)
    pipeline.budget(HEADER, "ai,month,3000,USD")
    pipeline.run_with_insights()
    at_first = one(pipeline, "spent, projected", as_of=last)

    land(pipeline, days_between(last - timedelta(days=1), last), "600")
    pipeline.now = datetime.combine(last + timedelta(days=3), NIGHT, UTC)
    pipeline.run_with_insights()

    # May has 21 workdays and 10 days of weekends; 30 and 31 May are a weekend
    assert at_first == (21 * WORKDAY + 8 * WEEKEND, 21 * WORKDAY + 10 * WEEKEND)
    whole = 21 * WORKDAY + 8 * WEEKEND + 2 * 600
    assert one(pipeline, "spent, projected, low, high", as_of=last) == (whole, whole, whole, whole)
    assert one(pipeline, "crossed[-1].crossed_on, spent_on", as_of=last) == (last, last)
    [found] = pipeline.query(statement("checks/budgets_crossed"))
    assert found == ("ai", None, date(2026, 5, 1), last, whole, 3000, whole - 3000, "USD", last)


def test_an_isolated_earlier_day_gives_the_rows_that_a_derive_from_nothing_gives(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,year,9000,USD")
    derived.run_with_insights()
    land(derived, [date(2025, 1, 10)])
    derived.run_with_insights()
    found = statuses(derived)

    derived.warehouse.path.unlink()
    derived.run_with_insights()

    assert statuses(derived) == found


def test_cost_that_cannot_be_converted_is_the_reason_for_no_projection(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "5", "VND"), day=LAST)], day=LAST)
    pipeline.budget(HEADER, "ai,month,100,VND")

    pipeline.run_with_insights()

    assert one(pipeline, "spent, reason") == (5, "its cost has no exchange rate to USD")


def test_a_currency_that_gets_its_rates_later_is_converted_then(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,2000,VND")
    derived.run_with_insights()

    derived.rates = ExchangeRates([RateOverride(date(2026, 1, 1), "VND", EURO)])
    derived.run_with_insights()

    assert one(derived, "spent, reason") == (JUNE_TO_DATE / EURO, None)


def test_an_absurd_amount_stops_nothing(derived: Pipeline) -> None:
    land(derived, [LAST], "1000000000000000")
    derived.budget(HEADER, "ai,month,2000,USD")

    derived.run_with_insights()

    assert one(derived, "spent") == (JUNE_TO_DATE - cost_of(LAST) + 10**15,)


def test_a_missing_day_is_expected_and_not_taken_as_zero(pipeline: Pipeline) -> None:
    gap = date(2026, 6, 3)
    land(pipeline, (day for day in days_between(FIRST, LAST) if day != gap))
    pipeline.budget(HEADER, "ai,month,10000,USD")

    pipeline.run_with_insights()

    assert one(pipeline, "spent, projected") == (JUNE_TO_DATE - WORKDAY, JUNE)


def test_a_line_counts_on_the_days_on_which_it_is_valid(derived: Pipeline) -> None:
    lines = ("ai,month,1000,USD,,2026-06-05", "ai,month,4000,USD,2026-06-08,")
    derived.budget(f"{HEADER},valid_from,valid_to", *lines)

    derived.run_with_insights()

    found = derived.query("select usage_date, amount from budget_status where usage_date >= '2026-06-04' order by all")
    assert found == [
        *((day, 1000) for day in days_between(date(2026, 6, 4), date(2026, 6, 5))),
        *((day, 4000) for day in days_between(date(2026, 6, 8), AS_OF)),
    ]


def test_a_restated_day_derives_its_later_days_again_and_no_earlier_one(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,1000,USD")
    derived.run_with_insights()
    derived.publish()
    restated = date(2026, 6, 4)
    before = statuses(derived, f"usage_date < '{restated}'")

    land(derived, [restated], "1000")
    derived.run_with_insights()

    assert one(derived, "spent") == (JUNE_TO_DATE - WORKDAY + 1000,)
    assert statuses(derived, f"usage_date < '{restated}'") == before
    assert derived_again(derived) == set(days_between(restated, AS_OF))


def test_a_changed_line_derives_its_budget_alone(derived: Pipeline) -> None:
    derived.budget(f"{HEADER},owner", "ai,month,1000,USD,Ada", "other,month,1000,USD,Ada")
    derived.run_with_insights()
    derived.amend("update budget_status set owner = 'untouched'")

    derived.budget(f"{HEADER},owner", "ai,month,2000,USD,Bob", "other,month,1000,USD,Ada")
    derived.run_with_insights()

    assert (one(derived, "owner"), one(derived, "owner", "other")) == (("Bob",), ("untouched",))


def test_a_removed_budget_has_no_rows(derived: Pipeline) -> None:
    derived.budget(HEADER, "ai,month,1000,USD")
    derived.run_with_insights()
    derived.publish()

    derived.budget(HEADER)
    derived.run_with_insights()

    assert statuses(derived) == []
    assert derived.query("from bookkeeping.budget_costs") == []
    assert derived_again(derived) == set(days_between(FIRST, AS_OF))


def test_changed_teams_change_the_budgets_of_their_days(derived: Pipeline) -> None:
    derived.budget(f"{HEADER},team", "ai,month,1000,USD,research")
    derived.run_with_insights()
    derived.publish()
    since = date(2026, 6, 4)

    derived.allocate("valid_from,team", f"{since},research")
    derived.run_with_insights()

    assert one(derived, "spent") == (5 * WORKDAY + 2 * WEEKEND,)  # 4 to 10 June
    assert derived_again(derived) == set(days_between(since, AS_OF))


def test_shares_of_teams_add_up_to_the_last_digit(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "0.000000000010"), day=LAST)], day=LAST)
    pipeline.allocate("account_id,team,share", "acme,a,0.3", "acme,b,0.7")
    pipeline.budget(f"{HEADER},team", "a,month,1,USD,a", "b,month,1,USD,b")

    pipeline.run_with_insights()

    assert one(pipeline, "spent", "a") == (3 * Decimal("0.000000000001"),)
    assert one(pipeline, "spent", "b") == (7 * Decimal("0.000000000001"),)


def test_derived_anew_from_nothing_every_row_is_the_same(derived: Pipeline, tmp_path: Path) -> None:
    derived.budget(f"{HEADER},provider", "ai,month,1000,USD,", "year,year,9000,USD,", "none,quarter,5,USD,(none)")
    derived.run_with_insights()
    land(derived, [date(2026, 5, 20)], "55")
    derived.run_with_insights()

    derived.warehouse.path.unlink()
    derived.run_with_insights()
    anew = statuses(derived)

    land(derived, [date(2026, 5, 20)], "56")
    derived.run_with_insights()
    land(derived, [date(2026, 5, 20)], "55")
    derived.run_with_insights()
    assert statuses(derived) == anew


def test_the_affected_days_are_those_of_the_period_and_of_the_forecast() -> None:
    changed = [date(2026, 6, 4), date(2026, 6, 6)]

    of_month = affected_days(changed, Period.month, reach=2, last_day=date(2026, 12, 31))
    with_reach = affected_days(changed, Period.month, reach=30, last_day=date(2026, 12, 31))
    of_year = affected_days(changed, Period.year, reach=2, last_day=date(2026, 8, 1))

    assert of_month == set(days_between(date(2026, 6, 4), date(2026, 6, 30)))
    assert with_reach == set(days_between(date(2026, 6, 4), date(2026, 7, 6)))
    assert of_year == set(days_between(date(2026, 6, 4), date(2026, 8, 1)))


def test_a_budget_whose_last_threshold_is_reached_is_in_the_check(derived: Pipeline) -> None:
    lines = ("used,month,800,USD,50", "told,month,1000,USD,80", "far,month,1000,USD,80;90")
    derived.budget(f"{HEADER},thresholds", *lines)

    derived.run_with_insights()

    # 820 by 10 June, 720 by 9 June
    found = derived.query(statement("checks/budgets_crossed"))
    assert [(row[0], row[-1]) for row in found] == [("used", date(2026, 6, 10)), ("told", date(2026, 6, 10))]


def test_the_range_of_a_budget_does_not_depend_on_other_budgets(derived: Pipeline) -> None:
    random = np.random.default_rng(20260610)
    land(derived, days_between(FIRST, LAST), account="globex", integration="cursor")
    for day in days_between(FIRST, LAST):
        land(derived, [day], f"{random.uniform(50, 150):.2f}", account="initech", integration="claude")
    derived.budget(f"{HEADER},account_id", "ai,quarter,9000,USD,acme")
    derived.run_with_insights()
    alone = statuses(derived, "budget = 'ai'")

    lines = ("ai,quarter,9000,USD,acme", "b,month,1,USD,initech", "c,year,1,USD,", "d,month,1,EUR,g*")
    derived.budget(f"{HEADER},account_id", *lines)
    derived.amend("delete from budget_status where budget = 'ai'")
    derived.run_with_insights()

    assert statuses(derived, "budget = 'ai'") == alone
