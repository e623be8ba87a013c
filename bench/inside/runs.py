"""Dagster runs of the real assets, executed in this process as `sync` executes them.

Fetches are divided into the ranged runs that the sensor requests; only the source of usage has no rate limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from bench.candidates.ours import UNLIMITED
from bench.inside.projects import bench_project
from bench.inside.tasks import RunsTask
from usage_assets.defs.build import build_definitions, code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.instance import open_instance
from usage_assets.defs.run_requests import fetch_tags
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.planning import chunks_of
from usage_assets.project import Project
from usage_assets.truto import TrutoClient


class RunFailed(Exception):
    """A run of the product failed, so there is nothing to measure."""


@dataclass(frozen=True)
class UnlimitedSource:
    """A source of usage that fetches from the API without the rate limits of our client."""

    project: Project
    client: TrutoClient

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Land the windows of `days` of one account."""
        account = self.client.integrated_account(account_id)
        target = FetchTarget(account_id, self.project.profiles.of(account.integration))
        return fetch_days(self.client, target, days, self.project.landing, now=self.project.now)

    def fetch_users(self) -> dict[str, FetchResult]:
        """Land no list of users: the server has none."""
        return {}


class AccountRuns:
    """Runs of one account on one instance; counts them."""

    def __init__(self, task: RunsTask) -> None:
        self.count = 0
        self._task = task
        self._project = bench_project(Path(task.folder), task.url, min(task.days))
        self._location = code_location(self._project)
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        instance = self._opened.enter_context(open_instance(self._project.settings.dagster_home))
        client = self._opened.enter_context(self._project.client(UNLIMITED))
        self._runs = InProcessRuns(self._project, instance)
        self._definitions = build_definitions(self._project, source=UnlimitedSource(self._project, client))
        self._accounts = {account.account_id: account for account in self._project.refresh_accounts()}
        instance.add_dynamic_partitions(self._location.partitions.accounts_name, [self._task.account_id])
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def fetch(self, days: Iterable[date]) -> None:
        """Fetch `days` in the ranged runs that the sensor would request."""
        account_id, raw_usage = self._task.account_id, self._location.naming.key("raw_usage")
        for chunk in chunks_of({account_id: days}, [account_id], most_accounts=1):
            tags = fetch_tags(self._location, chunk, self._accounts)
            result = self._runs.execute(self._definitions, [raw_usage], tags)
            self._count("" if result.success else str([event.message for event in result.all_events]))

    def derive(self, days: Iterable[date]) -> None:
        """Derive and publish `days` in one run."""
        self._count(self._runs.derive(days).failure)

    def _count(self, failure: str | None) -> None:
        self.count += 1
        if failure:
            raise RunFailed(failure)
