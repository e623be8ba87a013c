"""Rows that do not count by `accounts.csv` stay in `usage` and are left out of `cost`, also of days derived before."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from usage_assets.account_rules import AccountRule, AccountRules
from usage_assets.warehouse.account_rules import apply_account_rules
from usage_assets.warehouse.checks import run_check
from usage_assets.warehouse.stale_days import stale_days
from usage_assets_tests.warehouse.pipeline import DAY, NEXT_DAY, Pipeline, charge, row

BEFORE = DAY - timedelta(days=1)
REPLACED = AccountRules((AccountRule("newer", replaces="older"),))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path)


@pytest.fixture
def connected_twice(pipeline: Pipeline) -> Pipeline:
    """An account of three days, and the same connection made anew, which holds the last two of them."""
    for day in (BEFORE, DAY, NEXT_DAY):
        pipeline.land([row("r1", charge("net", "5"), day=day)], account="older", day=day)
    for day in (DAY, NEXT_DAY):
        pipeline.land([row("r1", charge("net", "5"), day=day)], account="newer", day=day)
    pipeline.run()
    return pipeline


def costs(pipeline: Pipeline) -> dict[tuple[str, date], Decimal]:
    """Return the cost of each account and day, which `cost` and its aggregate hold alike."""
    query = "select account_id, usage_date, sum(cost) from {} group by all order by all"
    rows = pipeline.query(query.format("cost"))
    assert rows == pipeline.query(query.format("cost_by_account"))
    return {(account, day): cost for account, day, cost in rows}


def same_usage(pipeline: Pipeline) -> int:
    with pipeline.warehouse.transaction() as connection:
        return run_check(connection, "same_usage_in_two_accounts", pipeline.profiles, examples=3).count


def test_of_days_that_both_hold_the_newer_account_counts(connected_twice: Pipeline) -> None:
    assert (len(costs(connected_twice)), same_usage(connected_twice)) == (5, 1)

    connected_twice.rules = REPLACED
    connected_twice.run()

    assert list(costs(connected_twice)) == [("newer", DAY), ("newer", NEXT_DAY), ("older", BEFORE)]
    assert same_usage(connected_twice) == 0
    assert connected_twice.one("select count(*) from usage") == 5


def test_rules_that_are_taken_back_let_every_row_count_again(connected_twice: Pipeline) -> None:
    before = costs(connected_twice)
    connected_twice.rules = REPLACED
    connected_twice.run()

    connected_twice.rules = AccountRules()
    connected_twice.run()

    assert costs(connected_twice) == before


def test_only_the_days_that_change_become_stale(connected_twice: Pipeline) -> None:
    connected_twice.rules = REPLACED
    with connected_twice.warehouse.transaction() as connection:
        apply_account_rules(connection, REPLACED)
        assert stale_days(connection, "cost") == {DAY, NEXT_DAY}
        apply_account_rules(connection, REPLACED)
        assert stale_days(connection, "cost") == {DAY, NEXT_DAY}


def test_an_earlier_day_of_the_newer_account_takes_the_day_from_the_older_one(connected_twice: Pipeline) -> None:
    connected_twice.rules = REPLACED
    connected_twice.run()

    connected_twice.land([row("r1", charge("net", "5"), day=BEFORE)], account="newer", day=BEFORE)
    connected_twice.run()

    assert list(costs(connected_twice)) == [("newer", BEFORE), ("newer", DAY), ("newer", NEXT_DAY)]


def test_an_empty_window_of_the_newer_account_takes_no_day(connected_twice: Pipeline) -> None:
    connected_twice.rules = REPLACED
    connected_twice.land([], account="newer", day=BEFORE)
    connected_twice.run()

    assert ("older", BEFORE) in costs(connected_twice)


def test_ignored_days_of_the_newer_account_take_no_day(connected_twice: Pipeline) -> None:
    connected_twice.rules = AccountRules(
        (AccountRule("newer", replaces="older"), AccountRule("newer", ignored=(date.min, DAY)))
    )
    connected_twice.run()

    assert list(costs(connected_twice)) == [("newer", NEXT_DAY), ("older", BEFORE), ("older", DAY)]


def test_ignored_days_do_not_count_with_both_ends(connected_twice: Pipeline) -> None:
    connected_twice.rules = AccountRules((AccountRule("older", ignored=(DAY, NEXT_DAY)),))
    connected_twice.run()

    assert list(costs(connected_twice)) == [("newer", DAY), ("newer", NEXT_DAY), ("older", BEFORE)]


def test_a_row_of_several_days_counts_or_not_by_its_first_day(pipeline: Pipeline) -> None:
    month = [row("r1", charge("net", "30"), start_date="2026-06-01", end_date="2026-07-01")]
    pipeline.land(month, integration="datadog", day=date(2026, 6, 1))
    pipeline.run()
    assert pipeline.one("select count(*) > 10 from cost")

    pipeline.rules = AccountRules((AccountRule("acme", ignored=(date(2026, 6, 1), date(2026, 6, 1))),))
    pipeline.run()
    assert pipeline.one("select count(*) from cost") == 0

    pipeline.rules = AccountRules((AccountRule("acme", ignored=(date(2026, 6, 2), date.max)),))
    pipeline.run()
    assert pipeline.one("select sum(cost) from cost") == 30


def test_an_account_whose_rows_do_not_count_is_not_silent(pipeline: Pipeline) -> None:
    pipeline.land([row("r1", charge("net", "5"))])
    pipeline.rules = AccountRules((AccountRule("acme", ignored=(date.min, date.max)),))
    pipeline.run()

    with pipeline.warehouse.transaction() as connection:
        silent = run_check(connection, "silent_accounts", pipeline.profiles, examples=3)
    assert silent.count == 0
