"""Print the account list beside what is published of each account."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.table import Table

from usage_assets.landing.accounts import Account
from usage_assets.published import AccountTotals, NothingPublished, published_totals

COLUMNS = ("account", "integration", "tenant", "status", "first day", "last day", "rows", "cost")


def account_table(published: Path, accounts: list[Account]) -> Table:
    """Return one line per account; what is not known stays blank."""
    table = Table(*COLUMNS)
    totals = _totals(published)
    for account in accounts:
        status = "deleted" if account.deleted_at else account.status
        status += " (sandbox)" if account.is_sandbox else ""
        figures = _figures(totals.get(account.account_id))
        table.add_row(account.account_id, account.integration, account.tenant_id, status, *figures)
    return table


def _totals(published: Path) -> Mapping[str, AccountTotals]:
    try:
        return published_totals(published)
    except NothingPublished:
        return {}


def _figures(totals: AccountTotals | None) -> tuple[str, str, str, str]:
    if totals is None:
        return "", "", "", ""
    cost = ", ".join(f"{amount:.2f} {currency}" for currency, amount in totals.cost.items())
    return str(totals.first_day), str(totals.last_day), str(totals.usage_rows), cost
