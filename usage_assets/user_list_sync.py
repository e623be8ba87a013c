"""Fetch the lists of users that are due, for `sync`: accounts side by side, each with a failure of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from usage_assets.due import is_list_due_of, note_list
from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.landing.accounts import Account
from usage_assets.landing.failures import contained
from usage_assets.landing.fetch import FetchResult, FetchTarget
from usage_assets.landing.users import NoUserList, fetch_users
from usage_assets.progress import Progress
from usage_assets.project import Project
from usage_assets.truto import NeedsReconnecting, TrutoClient

if TYPE_CHECKING:
    from usage_assets.sync_result import SyncResult

PARALLEL_ACCOUNTS = 8


def fetch_due_lists(
    project: Project, accounts: Iterable[Account], progress: Progress, now: datetime
) -> dict[Account, FetchResult]:
    """Fetch the lists of users of `accounts` that are due; return the outcome of each account that was asked."""
    decided = {account: _is_due(project, account, now) for account in accounts}
    unreadable = {account: answer for account, answer in decided.items() if isinstance(answer, FetchResult)}
    due = [account for account, answer in decided.items() if answer is True]
    if not due:
        return unreadable
    progress.start("fetching lists of users", len(due))
    with project.client() as client, ThreadPoolExecutor(PARALLEL_ACCOUNTS) as pool:
        fetched = pool.map(partial(_fetch_list, project, client, progress), due)
        return unreadable | dict(zip(due, fetched, strict=True))


def count_lists(fetched: Mapping[Account, FetchResult], result: SyncResult) -> None:
    """Add the accounts whose list of users failed, or whose vendor has none, to `result`."""
    for account, fetch in fetched.items():
        if isinstance(fetch.error, NoUserList):
            result.without_list[account.account_id] = str(fetch.error)
        elif isinstance(fetch.error, NeedsReconnecting):
            if account not in result.to_reconnect:
                result.to_reconnect.append(account)
        elif fetch.error is not None:
            result.failures.setdefault(account.account_id, str(fetch.error))


def _is_due(project: Project, account: Account, now: datetime) -> bool | FetchResult:
    try:
        return is_list_due_of(project, account, now)
    except (UsageAssetsError, OSError) as error:
        return FetchResult(error=expected_error(error), failed=1)


def _fetch_list(project: Project, client: TrutoClient, progress: Progress, account: Account) -> FetchResult:
    target = FetchTarget(account.account_id, project.profiles.of(account.integration))
    result = contained(lambda: fetch_users(client, target, project.user_lists, now=project.now))
    note_list(project, account, result)
    progress.advance()
    return result
