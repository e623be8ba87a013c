"""The table `accounts`: the account list as last seen, for joining figures with tenant and status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb

from usage_assets.landing.accounts import Account


def replace_accounts(connection: duckdb.DuckDBPyConnection, accounts: Iterable[Account]) -> None:
    """Writes the table anew from the list."""
    connection.execute("delete from accounts")
    rows = [
        [
            one.account_id, one.integration, one.tenant_id, one.status, one.is_sandbox, _naive(one.connected_at),
            _naive(one.first_seen_at), _naive(one.last_seen_at), _naive(one.deleted_at),
        ]
        for one in accounts
    ]  # fmt: skip
    if rows:
        connection.executemany("insert into accounts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _naive(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=None) if moment else None
