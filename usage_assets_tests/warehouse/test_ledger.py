"""The whole way, from the API to cost, against the sandbox's own books."""

from datetime import date
from decimal import Decimal

import pytest

from usage_assets.integrations.windows import days_between
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.fetch import Source, fetch_days
from usage_assets.sandbox.ledger import Ledger
from usage_assets.sandbox.server import running
from usage_assets.sandbox.settings import SandboxSettings
from usage_assets.truto import TrutoClient
from usage_assets.warehouse.statements import AGGREGATES
from usage_assets_tests.sandbox.api import NOW
from usage_assets_tests.warehouse.books import Books

FIRST, BEYOND = date(2026, 10, 11), date(2026, 11, 20)
SETTINGS = SandboxSettings(rate_limited=False, late_after_seconds=0, users=4, now=lambda: NOW)


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Books, list[Account]]:
    """Books of forty days of every active account, and those accounts."""
    books = Books(tmp_path_factory.mktemp("books"), threads=2)
    books.landing.root.mkdir()
    with running(SETTINGS) as url, TrutoClient(token=SETTINGS.token, base_url=url) as client:
        listed = AccountList(books.landing).update(client.integrated_accounts(), books.profiles, NOW)
        accounts = [one for one in listed if one.is_fetched(include_sandbox=True)]
        for account in accounts:
            source = Source(account.account_id, books.profiles.of(account.integration))
            days = days_between(FIRST, date.fromordinal(BEYOND.toordinal() - 1))
            result = fetch_days(client, source, days, books.landing, now=lambda: NOW)
            assert result.error is None, (account, result.error)
    books.close()
    return books, accounts


def test_billed_cost_and_tax_equal_the_ledger_on_every_day(fetched: tuple[Books, list[Account]]) -> None:
    books, accounts = fetched
    ledger = Ledger(SETTINGS)

    costs = {key: day for one in accounts for key, day in ledger.costs(one.account_id, FIRST, BEYOND).items()}

    booked = {key: (line.cost, line.tax) for key, line in costs.items()}
    assert len(booked) > 100
    assert _billed(books) == booked


def test_rows_and_tokens_equal_the_ledger_on_every_day(fetched: tuple[Books, list[Account]]) -> None:
    books, accounts = fetched
    ledger = Ledger(SETTINGS)

    counts = {key: day for one in accounts for key, day in ledger.counts(one.account_id, FIRST, BEYOND).items()}

    told = {key: (day.rows, day.input_tokens, day.output_tokens, day.requests) for key, day in counts.items()}
    assert _counted(books) == told


@pytest.mark.parametrize("table", AGGREGATES)
def test_every_aggregate_sums_to_cost(fetched: tuple[Books, list[Account]], table: str) -> None:
    books, _ = fetched
    sums = "select usage_date, account_id, currency, sum(cost), sum(tax), sum(input_tokens) from {} group by all"

    differences = books.query(f"(from ({sums.format('cost')})) except (from ({sums.format(table)}))")

    assert differences == []


def test_no_row_was_rejected_dropped_or_loaded_twice(fetched: tuple[Books, list[Account]]) -> None:
    books, _ = fetched

    assert books.query("select * from rejected_rows") == []
    assert books.one("select count(*) - count(distinct usage_key) from usage") == 0


def _billed(books: Books) -> dict[tuple[date, str, str], tuple[Decimal, Decimal]]:
    lines = books.query(
        "select usage_date, account_id, currency, billed_cost, coalesce(tax, 0) from cost_by_account"
        f" where usage_date >= '{FIRST}' and usage_date < '{BEYOND}' and billed_cost is not null"
    )
    return {(day, account, currency): (cost, tax) for day, account, currency, cost, tax in lines}


def _counted(books: Books) -> dict[tuple[date, str], tuple[int, ...]]:
    lines = books.query(
        "select usage_date, account_id, count(*), coalesce(sum(input_tokens), 0)::bigint,"
        " coalesce(sum(output_tokens), 0)::bigint, coalesce(sum(requests), 0)::bigint"
        f" from usage where usage_date >= '{FIRST}' and usage_date < '{BEYOND}' group by all"
    )
    return {(day, account): tuple(counts) for day, account, *counts in lines}
