"""The table that `usage-assets accounts` prints: the account list beside what is published of each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.table import Table

from usage_assets.landing.accounts import Account
from usage_assets.reading import NothingPublished, read

COLUMNS = ("account", "integration", "tenant", "status", "first day", "last day", "rows", "cost")


def account_table(published: Path, accounts: list[Account]) -> Table:
    """Returns one line per account; what is not known stays blank."""
    table = Table(*COLUMNS)
    held = _held(published)
    for account in accounts:
        status = "deleted" if account.deleted_at else account.status
        status += " (sandbox)" if account.is_sandbox else ""
        of_it = held[held["account_id"] == account.account_id] if held is not None else None
        table.add_row(account.account_id, account.integration, account.tenant_id, status, *_figures(of_it))
    return table


def _held(published: Path) -> pd.DataFrame | None:
    try:
        return read("cost_by_account", published=published)
    except NothingPublished:
        return None


def _figures(of_account: pd.DataFrame | None) -> tuple[str, str, str, str]:
    if of_account is None or of_account.empty:
        return "", "", "", ""
    costs = of_account.groupby("currency")["cost"].sum(min_count=1)
    text = ", ".join(f"{amount:.2f} {currency}" for currency, amount in costs.items() if not pd.isna(amount))
    days = of_account["usage_date"]
    return str(days.min()), str(days.max()), str(of_account["usage_rows"].sum()), text
