"""The table `spend_projection`: what is projected of landed rows, and which days are projected again."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from usage_assets.integrations.windows import days_between
from usage_assets.warehouse import daily_spend
from usage_assets.warehouse.daily_spend import TOP_USERS, Span
from usage_assets.warehouse.spend_projection import days_to_project
from usage_assets.warehouse.stale_days import published_name, stale_days
from usage_assets.warehouse.tables import SPEND_PROJECTION
from usage_assets_tests.warehouse.pipeline import ACCOUNT, Pipeline, charge, row

# Confluent has a lag of 3 days. The first of June is a Monday.
FIRST, LAST = date(2026, 4, 20), date(2026, 6, 10)
AS_OF = LAST + timedelta(days=2)
NIGHT = time()
NOW = datetime.combine(LAST + timedelta(days=3), NIGHT, UTC)
WORKDAY, WEEKEND = 100, 10


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An empty pipeline on the morning on which the day `LAST` is the last that is ready."""
    return Pipeline(tmp_path, now=NOW)


@pytest.fixture(scope="module")
def derived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pipeline that has derived and published every day."""
    derived = Pipeline(tmp_path_factory.mktemp("derived"), now=NOW)
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
    for day in days:
        rows = [row("r1", charge("net", amount or str(cost_of(day))), day=day, **given)]
        pipeline.land(rows, day=day, fetched_at=datetime.combine(day + timedelta(days=4), NIGHT, UTC))


def projections(pipeline: Pipeline, condition: str = "true") -> list[tuple[Any, ...]]:
    return pipeline.query(f"from spend_projection where {condition} order by all")


def one(pipeline: Pipeline, columns: str, scope: str = "all", as_of: date = AS_OF) -> tuple[Any, ...]:
    [found] = pipeline.query(
        f"select {columns} from spend_projection where scope = '{scope}' and usage_date = '{as_of}'"
    )
    return found


def test_a_month_is_projected_from_the_days_that_are_ready(derived: Pipeline) -> None:
    # known: 1 to 10 June, 8 workdays and 2 days of a weekend; the whole month has 22 and 8
    figures = one(derived, "month, complete_through, month_to_date, projected, currency, reason")
    assert figures == (date(2026, 6, 1), LAST, Decimal(820), Decimal(22 * WORKDAY + 8 * WEEKEND), "USD", None)


def test_every_scope_has_its_keys(pipeline: Pipeline) -> None:
    user = {"email": "Ada@acme.example"}
    land(pipeline, days_between(FIRST, LAST), model={"id": "gpt-5", "provider": "openai"}, user=user)
    pipeline.allocate("provider,team", "openai,research")

    pipeline.run_with_insights()

    keys = pipeline.query(f"select scope, scope_key from spend_projection where usage_date = '{AS_OF}' order by all")
    assert keys == [
        ("account", ACCOUNT),
        ("all", "(all)"),
        ("model", "gpt-5"),
        ("provider", "openai"),
        ("team", "research"),
        ("user", "ada@acme.example"),
    ]


def test_changed_allocation_projects_the_teams_of_its_days_again(derived: Pipeline) -> None:
    since = date(2026, 6, 4)
    before = projections(derived, f"usage_date < '{since}'")
    derived.allocate("valid_from,team", f"{since},research")

    derived.run_with_insights()

    # 4 to 10 June: 5 workdays and a weekend
    [(to_date,)] = derived.query(
        f"select month_to_date from spend_projection where scope_key = 'research' and usage_date = '{AS_OF}'"
    )
    assert to_date == 5 * WORKDAY + 2 * WEEKEND
    assert projections(derived, f"usage_date < '{since}'") == before
    assert projected_again(derived) == set(days_between(since, AS_OF))


def test_the_month_to_date_is_exact(pipeline: Pipeline) -> None:
    land(pipeline, days_between(FIRST, LAST), "0.000000000001")

    pipeline.run_with_insights()

    assert one(pipeline, "month_to_date") == (10 * Decimal("0.000000000001"),)


def test_projection_and_range_are_whole_cents_around_each_other(pipeline: Pipeline) -> None:
    land(pipeline, days_between(FIRST, LAST), "0.333333333333")

    pipeline.run_with_insights()

    low, projected, high = one(pipeline, "low, projected, high")
    assert low <= projected <= high
    assert projected == round(30 * Decimal("0.333333333333"), 2)


def test_a_day_is_projected_from_the_first_day_of_history_to_yesterday(derived: Pipeline) -> None:
    days = derived.query("select min(usage_date), max(usage_date), count(*) from spend_projection where scope = 'all'")
    assert days == [(FIRST + timedelta(days=2), AS_OF, 52)]


def test_the_first_two_weeks_have_a_reason_instead_of_a_projection(derived: Pipeline) -> None:
    thirteenth = FIRST + timedelta(days=12 + 2)
    assert one(derived, "projected, reason", as_of=thirteenth) == (None, "13 days of history; a projection needs 14")
    assert one(derived, "reason", as_of=thirteenth + timedelta(days=1)) == (None,)


def test_a_missing_day_is_forecast_until_it_turns_out_to_be_empty(pipeline: Pipeline) -> None:
    gap = date(2026, 6, 3)
    land(pipeline, (day for day in days_between(FIRST, LAST) if day != gap))
    pipeline.run_with_insights()
    missing = one(pipeline, "month_to_date, projected")

    pipeline.land([], day=gap)
    pipeline.run_with_insights()

    assert missing == (820 - WORKDAY, 2280)
    # each of the two Wednesdays to come is then the mean of 100, 100, 100 and 0
    assert one(pipeline, "month_to_date, projected") == (820 - WORKDAY, 2280 - WORKDAY - 2 * 25)


def test_a_restated_day_projects_its_later_days_again_and_no_earlier_one(derived: Pipeline) -> None:
    before = projections(derived)
    restated = date(2026, 5, 26)

    land(derived, [restated], "500")
    derived.run_with_insights()

    assert projected_again(derived) == set(days_between(restated, AS_OF))
    earlier = f"usage_date < '{restated}'"
    assert projections(derived, earlier) == [held for held in before if held[0] < restated]
    assert projections(derived) != before


def test_another_run_projects_nothing_again(derived: Pipeline) -> None:
    derived.run_with_insights()

    assert projected_again(derived) == set()


def test_a_new_day_is_projected_and_no_day_before_it(derived: Pipeline) -> None:
    next_day = LAST + timedelta(days=1)
    morning = replace(derived, now=derived.now + timedelta(days=1))

    land(morning, [next_day])
    morning.run_with_insights()

    assert min(projected_again(derived)) == next_day
    assert one(derived, "complete_through", as_of=AS_OF + timedelta(days=1)) == (next_day,)


def test_days_that_arrive_one_by_one_give_the_projections_of_days_that_arrive_together(tmp_path: Path) -> None:
    days = days_between(date(2026, 5, 1), LAST)
    together, one_by_one = Pipeline(tmp_path / "together"), Pipeline(tmp_path / "one by one")
    for number, day in enumerate(days):
        amount = f"{cost_of(day)}.{number * 7919 % 1_000_000:06d}123456"
        land(together, [day], amount)
        land(one_by_one, [day], amount)
        if number % 14 == 0:
            one_by_one.run_with_insights()
    one_by_one.run_with_insights()
    together.run_with_insights()

    assert projections(one_by_one) == projections(together)


def test_at_most_two_hundred_users_are_projected(pipeline: Pipeline) -> None:
    users = TOP_USERS + 5
    for day in days_between(FIRST, FIRST + timedelta(days=3)):
        rows = [
            row(f"r{number}", charge("net", str(number + 1)), day=day, user={"id": f"{number:03d}"})
            for number in range(users)
        ]
        pipeline.land(rows, day=day)

    pipeline.run_with_insights()

    as_of = FIRST + timedelta(days=5)
    keys = projections(pipeline, f"scope = 'user' and usage_date = '{as_of}'")
    assert len(keys) == TOP_USERS
    assert f"{ACCOUNT}:004" not in {key for _, _, key, *_ in keys}


def test_an_account_with_a_shorter_lag_brings_later_days() -> None:
    assert daily_spend.SpendingAccount("acme", 1, LAST).last_as_of == LAST
    assert daily_spend.SpendingAccount("acme", 3, LAST).last_as_of == AS_OF


def test_days_that_changed_are_projected_as_far_as_they_matter() -> None:
    span = Span(date(2026, 1, 1), date(2026, 12, 31))

    days = days_to_project([], [date(2026, 3, 1)], span, reach=2, last_projected=span.last)

    assert days == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]


def test_requested_days_outside_of_history_are_not_projected() -> None:
    span = Span(date(2026, 6, 1), date(2026, 6, 2))

    days = days_to_project([date(2026, 5, 31), date(2026, 6, 1)], [], span, reach=2, last_projected=span.last)

    assert days == [date(2026, 6, 1)]


def projected_again(pipeline: Pipeline) -> set[date]:
    """Return the days whose projections were written since the last publication."""
    with pipeline.warehouse.reading() as connection:
        return stale_days(connection, published_name(SPEND_PROJECTION))
