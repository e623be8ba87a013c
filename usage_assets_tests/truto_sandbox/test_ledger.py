"""The ledger compared with the rows that the API returns."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from truto_sandbox.ledger import Ledger
from usage_assets_tests.truto_sandbox.api import CALM, CLAUDE, CODEX, CONFLUENT, CURSOR, DATADOG, EUROS, Api, at

START, END = date(2026, 9, 1), date(2026, 9, 8)
ADDED = ("on_demand", "committed", "usage_based", "platform_fee")
SUBTRACTED = ("discount", "credit")


@pytest.mark.parametrize("account", [CLAUDE, CURSOR, CONFLUENT, EUROS])
def test_the_ledger_agrees_with_the_rows(api: Api, account: int) -> None:
    account_id = api.account_id(account)

    costs = Ledger(CALM).costs(account_id, START, END)

    ledger_costs = {(day, currency): line.cost for (day, _, currency), line in costs.items()}
    assert ledger_costs == _cost_by_rule(_rows(api, account))


def test_the_ledger_keeps_tax_apart_from_cost(api: Api) -> None:
    costs = Ledger(CALM).costs(api.account_id(CONFLUENT), START, END)

    taxes = [charge for row in _rows(api, CONFLUENT) for charge in row["charges"] if charge["type"] == "tax"]
    assert sum(line.tax for line in costs.values()) == sum(charge["amount"] for charge in taxes)


def test_an_account_without_charges_has_no_cost(api: Api) -> None:
    assert Ledger(CALM).costs(api.account_id(CODEX), START, END) == {}


def test_the_days_of_a_month_sum_to_the_month_exactly(api: Api) -> None:
    costs = Ledger(CALM).costs(api.account_id(DATADOG), START, date(2026, 10, 1))

    totals = [charge["amount"] for row in _rows(api, DATADOG) for charge in row["charges"] if charge["type"] == "total"]
    assert len(costs) == 30
    assert sum(line.cost for line in costs.values()) == sum(totals)


def test_an_open_month_is_prorated_over_its_elapsed_days() -> None:
    ledger = Ledger(at(datetime(2026, 10, 5, 8, tzinfo=UTC)))

    costs = ledger.costs(ledger.accounts()[DATADOG].id, date(2026, 10, 1), date(2026, 11, 1))

    assert [day.day for day, _, _ in costs] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("account", [CLAUDE, CODEX, CURSOR])
def test_the_ledger_counts_uncached_input(api: Api, account: int) -> None:
    counts = Ledger(CALM).counts(api.account_id(account), START, END)

    tokens = [row["usage"]["tokens"] for row in _rows(api, account) if "usage" in row]
    cached = sum(count["cached_input"] for count in tokens) if account == CODEX else 0
    assert sum(day.input_tokens for day in counts.values()) == sum(count["input"] for count in tokens) - cached


def _rows(api: Api, account: int) -> list[Any]:
    rows: list[Any] = []
    days = [START + timedelta(days=number) for number in range((END - START).days)]
    windows = [{"start_date": str(START), "end_date": f"{days[-1]}T23:59:59.999Z"}]
    if account in {CLAUDE, CODEX}:
        windows = [{"date": str(day)} for day in days]
    if account == CONFLUENT:
        windows = [{"start_date": str(START), "end_date": str(END)}]
    for window in windows:
        text = api.get(account, truto_ignore_limit="true", **window).text
        rows += json.loads(text, parse_float=Decimal)["result"]
    return rows


def _cost_by_rule(rows: list[Any]) -> dict[tuple[date, str], Decimal]:
    sums: defaultdict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if charges := row.get("charges"):
            amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
            for charge in charges:
                amounts[charge["type"]] += charge["amount"]
            day = date.fromisoformat(row["start_date"][:10])
            sums[day, charges[0]["currency"]] += _cost(amounts)
    return dict(sums)


def _cost(amounts: dict[str, Decimal]) -> Decimal:
    for leading in ("net", "total"):
        if leading in amounts:
            return amounts[leading]
    added = sum((amounts.get(kind, Decimal(0)) for kind in ADDED), Decimal(0))
    return added - sum((abs(amounts.get(kind, Decimal(0))) for kind in SUBTRACTED), Decimal(0))
