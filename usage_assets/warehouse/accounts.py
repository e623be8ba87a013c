"""Write the table `accounts`: the current account list, with the tenant and status of each account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb

from usage_assets.landing.accounts import Account
from usage_assets.warehouse.statements import execute

COLUMNS = (
    "account_id",
    "display_name",
    "integration",
    "tenant_id",
    "status",
    "is_sandbox",
    "connected_at",
    "first_seen_at",
    "last_seen_at",
    "deleted_at",
)


def replace_accounts(connection: duckdb.DuckDBPyConnection, accounts: Iterable[Account]) -> None:
    """Replace all rows of the table with the account list."""
    listed = list(accounts)
    values = {column: [_value(getattr(account, column)) for account in listed] for column in COLUMNS}
    execute(connection, "accounts/delete")
    execute(connection, "accounts/insert", **values)


def _value(value: Any) -> Any:
    # Times are UTC and have no offset in the warehouse.
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
