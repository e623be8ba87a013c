"""The resources of the assets: the source of usage, and the warehouse opened by Dagster's DuckDB resource."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Protocol

import duckdb
from dagster_duckdb import DuckDBResource

from usage_assets.landing.accounts import NEEDS_RECONNECTING
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.project import Project
from usage_assets.truto import NeedsReconnecting, RequestLimits, TrutoError

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
        """Land the windows of `days` of one account."""
        project = self._project
        try:
            with project.client(self._limits) as client:
                account = client.integrated_account(account_id)
                profile = project.profile_of(account)
                project.landing.set_origin(project.settings.base_url)
                if account.status == NEEDS_RECONNECTING:
                    raise NeedsReconnecting(account_id=account_id)
                return fetch_days(client, FetchTarget(account_id, profile), days, project.landing, now=project.now)
        except TrutoError as error:
            return FetchResult(error=error)


def connect_by_dagster(path: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the warehouse file by Dagster's DuckDB resource, as other assets of a code location do."""
    return DuckDBResource(database=str(path)).get_connection()
