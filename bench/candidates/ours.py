"""The product: every window fetched and landed as `sync` does it, then loaded in one transaction.

Only the client's own rate limits are lifted; everything else is the product's functions as they are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from bench.candidates.job import Found, Job
from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.accounts import Account, AccountList
from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.landing.store import Landing
from usage_assets.truto import RequestLimits, TrutoClient
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.load import LoadReport, load

ACCOUNTS_AT_ONCE = 8  # as in `defs.sync`, whose import would bring Dagster along
UNLIMITED = 10**9


def run(job: Job) -> None:
    """Fetches, lands and loads everything."""
    accounts = fetch(job.url, job.home, job.days)
    load_landed(job.home, accounts)


def found(job: Job) -> Found:
    """Returns what stands in `usage`."""
    with duckdb.connect(str(warehouse_of(job.home).path), read_only=True) as connection:
        [(rows, cost)] = connection.execute(
            "select (select count(*) from usage),"
            " (select sum(charge.amount) from usage, unnest(charges) as u(charge) where charge.type = 'net')"
        ).fetchall()
    return Found(rows, Decimal(cost))


def warehouse_of(folder: Path) -> Warehouse:
    """Returns the warehouse of a candidate's folder."""
    return Warehouse(folder / "usage.duckdb")


def fetch(url: str, folder: Path, days: list[date]) -> list[Account]:
    """Lands `days` of every account, several accounts at once; returns the accounts."""
    landing, profiles = Landing(folder / "landing"), load_profiles()
    limits = RequestLimits(per_account=UNLIMITED, per_token=UNLIMITED)
    with TrutoClient(token="bench", base_url=url, limits=limits) as client:  # noqa: S106 - the server asks for none
        landing.set_origin(url)
        accounts = AccountList(landing).update(client.integrated_accounts(), profiles, datetime.now(UTC))

        def land(account: Account) -> None:
            target = FetchTarget(account.account_id, profiles.of(account.integration))
            fetched = fetch_days(client, target, days, landing, now=lambda: datetime.now(UTC))
            if fetched.error is not None:
                raise fetched.error

        with ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:
            list(pool.map(land, accounts))
    return accounts


def load_landed(folder: Path, accounts: list[Account]) -> LoadReport:
    """Loads what is pending in `folder`, in one transaction."""
    with warehouse_of(folder).transaction() as connection:
        return load(connection, Landing(folder / "landing"), load_profiles(), accounts, [], datetime.now(UTC))
