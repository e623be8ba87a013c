"""The resources of the assets: the source of usage, and the warehouse opened by Dagster's DuckDB resource."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb
from dagster_duckdb import DuckDBResource

from usage_assets.landing.accounts import NEEDS_RECONNECTING
from usage_assets.landing.failures import contained
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.project import Project
from usage_assets.truto import NeedsReconnecting, RequestLimits

# One run writes the warehouse at a time. An instance without a limit for this pool relies on the warehouse's own lock.
WAREHOUSE_POOL = "warehouse"
# Requests per ten seconds: ten parallel runs share the token's limit of 500, regardless of accounts per run.
REQUESTS_PER_RUN = 50


class UsageSource(Protocol):
    """The source of the windows of `raw_usage`: the API, or the finished fetch of `sync`."""

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Land the windows of `days` of one account."""
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

    def _fetch(self, account_id: str, days: list[date]) -> FetchResult:
        project = self._project
        with project.client(self._limits) as client:
            account = client.integrated_account(account_id)
            profile = project.profile_of(account)
            project.landing.set_origin(project.settings.base_url)
            if account.status == NEEDS_RECONNECTING:
                raise NeedsReconnecting(account_id=account_id)
            target = FetchTarget(account_id, profile)
            return fetch_days(client, target, days, project.landing, now=project.now)


def connect_by_dagster(path: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the warehouse file by Dagster's DuckDB resource, as other assets of a code location do."""
    return DuckDBResource(database=str(path)).get_connection()
