"""The product: fetch and land every window as `sync` does, then load all of them in one transaction.

Only the client's rate limits are lifted. This module uses no `Project`, which would import the price book and exchange
rates: 0.2 s of CPU that fetch and load do not need.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from bench.candidates.job import Job, JobResult
from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.landing.store import Landing
from usage_assets.truto import RequestLimits, TrutoClient
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.load import load

PARALLEL_ACCOUNTS = 8  # as in `usage_assets.sync`, which imports `Project`
UNLIMITED = RequestLimits(per_account=10**9, per_token=10**9)


def run(job: Job) -> None:
    """Fetch, land and load everything."""
    load_landed(job.home, fetch(job.url, job.home, job.days))


def result(job: Job) -> JobResult:
    """Return rows and cost of `usage`."""
    with duckdb.connect(str(_warehouse(job.home).path), read_only=True) as connection:
        [(rows, cost)] = connection.execute(
            "select (select count(*) from usage),"
            " (select sum(charge.amount) from usage, unnest(charges) as u(charge) where charge.type = 'net')"
        ).fetchall()
    return JobResult(rows, Decimal(cost))


def fetch(url: str, folder: Path, days: list[date]) -> list[Account]:
    """Land `days` of every account, several accounts in parallel; return the accounts."""
    landing, profiles = Landing(folder / "landing"), load_profiles()
    with TrutoClient(token="bench", base_url=url, limits=UNLIMITED) as client:  # noqa: S106 - the server checks none
        landing.set_origin(url)
        accounts = AccountList(landing).update(client.integrated_accounts(), profiles, _now())

        def land(account: Account) -> None:
            target = FetchTarget(account.account_id, profiles.of(account.integration))
            fetched = fetch_days(client, target, days, landing, now=_now)
            if fetched.error is not None:
                raise fetched.error

        with ThreadPoolExecutor(PARALLEL_ACCOUNTS) as pool:
            list(pool.map(land, accounts))
    return accounts


def load_landed(folder: Path, accounts: list[Account]) -> None:
    """Load every pending window of `folder` in one transaction."""
    with _warehouse(folder).transaction() as connection:
        load(connection, Landing(folder / "landing"), load_profiles(), accounts, [], _now())


def _warehouse(folder: Path) -> Warehouse:
    return Warehouse(folder / "usage.duckdb")


def _now() -> datetime:
    return datetime.now(UTC)
