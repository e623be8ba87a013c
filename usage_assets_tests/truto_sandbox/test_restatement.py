"""Figures change while a day is young and are final afterwards."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from truto_sandbox.ledger import DayCounts, Ledger
from usage_assets_tests.truto_sandbox.api import CLAUDE, CODEX, CONFLUENT, CURSOR, DATADOG, NOW, at

DAY = date(2026, 10, 1)
FINAL_AGE = {CLAUDE: 30, CODEX: 6, CURSOR: 3, CONFLUENT: 7}
FIRST_AGE = {CLAUDE: 3, CODEX: 1, CURSOR: 0, CONFLUENT: 1}


@pytest.mark.parametrize("account", FINAL_AGE)
def test_a_day_is_final_at_its_age(account: int) -> None:
    final = _week_at_age(account, FINAL_AGE[account])

    assert final == _week_at_age(account, 400)


@pytest.mark.parametrize("account", FIRST_AGE)
def test_a_young_day_has_fewer_rows(account: int) -> None:
    young, final = (_week_at_age(account, ages[account]) for ages in (FIRST_AGE, FINAL_AGE))

    assert 0 < sum(day.rows for day in young) < sum(day.rows for day in final)


@pytest.mark.parametrize("account", [CLAUDE, CODEX, CONFLUENT])
def test_a_day_that_is_too_young_has_no_rows(account: int) -> None:
    assert _week_at_age(account, FIRST_AGE[account] - 1) == []


def test_the_cost_of_an_open_datadog_month_grows() -> None:
    first, later = (_month_cost(datetime(2026, 10, day, tzinfo=UTC)) for day in (5, 25))

    assert first < later


def test_a_datadog_month_is_final_on_the_seventeenth_of_the_next() -> None:
    estimate, final, later = (
        _month_cost(datetime(2026, 11, 16, tzinfo=UTC)),
        _month_cost(datetime(2026, 11, 17, tzinfo=UTC)),
        _month_cost(datetime(2027, 11, 17, tzinfo=UTC)),
    )

    assert estimate < final == later


def _week_at_age(index: int, age: int) -> list[DayCounts]:
    """Return the counts of seven days, each as reported `age` days later."""
    days = [DAY + timedelta(days=number) for number in range(7)]
    return [counts for day in days for counts in _reported(index, day, age)]


def _reported(index: int, day: date, age: int) -> list[DayCounts]:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=age)
    ledger = Ledger(at(moment))
    account_id = ledger.accounts()[index].id
    return list(ledger.counts(account_id, day, day + timedelta(days=1)).values())


def _month_cost(moment: datetime) -> Decimal:
    assert moment != NOW
    ledger = Ledger(at(moment))
    costs = ledger.costs(ledger.accounts()[DATADOG].id, DAY, date(2026, 11, 1))
    return sum((day.cost for day in costs.values()), Decimal(0))
