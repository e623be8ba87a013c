"""Build the table of `usage-assets accounts`: the account list with the published figures of each account.

This module only reads: it creates no folder and stores no list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from usage_assets.completeness import Coverage, CoverageSpan, complete_through
from usage_assets.errors import UsageAssetsError
from usage_assets.landing.accounts import Account, EmptyAccountList, merge_accounts, unreadable_sentence
from usage_assets.project import Project
from usage_assets.published import AccountTotals, NothingPublished, published_totals
from usage_assets.shown_currency import ShownTotal, lacking_text, shown_amount
from usage_assets.truto import ListedAccounts, TrutoError
from usage_assets.truto.display_text import single_line

COLUMNS = ("account", "id", "status", "first day", "last day", "complete through", "rows", "cost")
TOTAL = "total in {}"


class NoAccountList(UsageAssetsError):
    """Neither the API nor the data folder has an account list."""


def known_accounts(project: Project) -> tuple[list[Account], str | None]:
    """Return the accounts and a warning; if the API fails, the accounts come from the stored list.

    Raises:
        NoAccountList: The API fails and no list is stored.
    """
    folder = project.settings.data_dir
    stored = project.account_list.read()
    try:
        with project.client() as client:
            listed = project.list_accounts(client)
    except (TrutoError, EmptyAccountList) as error:
        if not stored:
            raise NoAccountList(f"{error} {folder} holds no account list either: check USAGE_DATA_DIR.") from error
        seen = max(account.last_seen_at for account in stored)
        return stored, f"{error} The table shows the accounts as listed on {seen:%Y-%m-%d %H:%M} UTC."
    accounts = merge_accounts(stored, listed, project.profiles, project.now())
    return project.account_list.named(accounts), " ".join(_warnings(folder, listed)) or None


def _warnings(folder: Path, listed: ListedAccounts) -> Iterator[str]:
    if not folder.exists():
        yield f"{folder} does not exist yet: check USAGE_DATA_DIR, or run `usage-assets sync`."
    for row in listed.unreadable:
        yield f"{unreadable_sentence(row)}."


def account_table(published: Path, accounts: Iterable[Account], coverage: Coverage, currency: str) -> Table:
    """Return a table with one line per account; unknown values are blank.

    Args:
        published: The folder of published generations.
        accounts: The accounts to show.
        coverage: The history of each account as it is now.
        currency: The currency of the last column.
    """
    table = Table()
    for column in (*COLUMNS, TOTAL.format(currency)):
        table.add_column(column, overflow="fold")
    totals = _totals(published, currency)
    for account in accounts:
        figures = _figures(totals.get(account.account_id), coverage.get(account.account_id, ()))
        cells = (account.display_name, account.account_id, _status(account), *figures)
        table.add_row(*(Text(single_line(cell)) for cell in cells))
    return table


def _totals(published: Path, currency: str) -> Mapping[str, AccountTotals]:
    try:
        return published_totals(published, currency)
    except NothingPublished:
        return {}


def _status(account: Account) -> str:
    status = "deleted" if account.deleted_at else "unreadable" if account.left_out else account.status
    return f"{status} (sandbox)" if account.is_sandbox else status


def _figures(totals: AccountTotals | None, spans: Sequence[CoverageSpan]) -> tuple[str, ...]:
    through = str(complete_through(spans) or "")
    if totals is None:
        return "", "", through, "", "", ""
    cost = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in totals.cost.items() if amount is not None)
    return str(totals.first_day), str(totals.last_day), through, f"{totals.usage_rows:,}", cost, _total(totals.total)


def _total(total: ShownTotal) -> str:
    amount = "" if total.amount is None else shown_amount(total.amount)
    return f"{amount}{lacking_text(total)}".strip()
