"""The resources of the assets: the source of usage, and the warehouse opened by Dagster's DuckDB resource."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb
from dagster_duckdb import DuckDBResource

from usage_assets.due import is_list_due_of, note_list
from usage_assets.landing.accounts import NEEDS_RECONNECTING, Account
from usage_assets.landing.failures import contained
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.landing.users import fetch_users
from usage_assets.project import Project
from usage_assets.truto import NeedsReconnecting, RequestLimits, TrutoClient

# One run writes the warehouse at a time. An instance without a limit for this pool relies on the warehouse's own lock.
WAREHOUSE_POOL = "warehouse"
# Requests per ten seconds: ten parallel runs share the token's limit of 500, regardless of accounts per run.
REQUESTS_PER_RUN = 50


class UsageSource(Protocol):
    """The source of `raw_usage` and `raw_users`: the API, or the finished fetch of `sync`."""

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Land the windows of `days` of one account."""
        ...

    def fetch_users(self) -> dict[str, FetchResult]:
        """Land the lists of users that are due, by account id."""
        ...


class TrutoSource:
    """Fetches from the API, after one request for the account to check its status."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._limits = RequestLimits(per_token=REQUESTS_PER_RUN)

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Land the windows of `days` of one account; whatever goes wrong with it is its failure alone."""
        project = self._project
        result = contained(lambda: self._fetch(account_id, days))
        known = {account.account_id: account for account in project.account_list.read()}
        made_with = project.asked_with(known.get(account_id))
        project.failures.note_fetch(account_id, result, days, made_with, project.now())
        return result

    def fetch_users(self) -> dict[str, FetchResult]:
        """Land the lists of users that are due, by account id; whatever goes wrong with one stops no other."""
        project = self._project
        accounts = project.fetched_accounts(project.account_list.read())
        due = [account for account in accounts if is_list_due_of(project, account, project.now())]
        return {account.account_id: self._fetch_list(account) for account in due}

    def _fetch_list(self, account: Account) -> FetchResult:
        result = contained(lambda: self._fetch_users(account.account_id))
        note_list(self._project, account, result)
        return result

    def _fetch(self, account_id: str, days: list[date]) -> FetchResult:
        with self._connected(account_id) as (client, target):
            return fetch_days(client, target, days, self._project.landing, now=self._project.now)

    def _fetch_users(self, account_id: str) -> FetchResult:
        with self._connected(account_id) as (client, target):
            return fetch_users(client, target, self._project.user_lists, now=self._project.now)

    @contextmanager
    def _connected(self, account_id: str) -> Iterator[tuple[TrutoClient, FetchTarget]]:
        """Open the client, after a request for the account that checks its status.

        Raises:
            NeedsReconnecting: The provider no longer accepts the account's credentials.
        """
        project = self._project
        with project.client(self._limits) as client:
            account = client.integrated_account(account_id)
            profile = project.profile_of(account)
            project.landing.set_origin(project.settings.base_url)
            if account.status == NEEDS_RECONNECTING:
                raise NeedsReconnecting(account_id=account_id)
            yield client, FetchTarget(account_id, profile)


def connect_by_dagster(path: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the warehouse file by Dagster's DuckDB resource, as other assets of a code location do."""
    return DuckDBResource(database=str(path)).get_connection()
