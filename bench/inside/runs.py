"""Dagster runs of the product's own assets, executed in this process as `sync` executes them.

Fetches are cut into the same ranged runs as the sensor asks for; only the source of usage has no rate limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Self

import dagster as dg
from usage_assets.defs.ingestion import RAW_USAGE
from usage_assets.defs.sync import QUIET, derive_days

from bench.candidates.ours import UNLIMITED
from bench.inside.tasks import OnboardingTask
from usage_assets.defs.build import build_definitions
from usage_assets.defs.instance import open_instance
from usage_assets.defs.resources import Project, current_project
from usage_assets.defs.sensors import fetch_tags
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.planning import chunks_of
from usage_assets.reading import read
from usage_assets.truto import RequestLimits, TrutoClient


class RunFailed(Exception):
    """A run of the product failed: there is nothing to measure."""


class UnlimitedSource:
    """The API without the limits of our own client."""

    def __init__(self, project: Project, client: TrutoClient) -> None:
        self._workplace = project
        self._client = client

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Lands the windows of `days` of one account."""
        account = self._client.integrated_account(account_id)
        source = FetchTarget(account_id, self._workplace.profiles.of(account.integration))
        return fetch_days(self._client, source, days, self._workplace.landing, now=lambda: datetime.now(UTC))


class Runs:
    """Runs of one account on one instance; counts them."""

    def __init__(self, task: OnboardingTask) -> None:
        self.count = 0
        self._account_id = task.account_id
        self._workplace = current_project()
        limits = RequestLimits(per_account=UNLIMITED, per_token=UNLIMITED)
        self._client = TrutoClient(token="bench", base_url=task.url, limits=limits)  # noqa: S106
        self._definitions = build_definitions(UnlimitedSource(self._workplace, self._client))
        self._opened = open_instance()

    def __enter__(self) -> Self:
        self._instance = self._opened.__enter__()
        self._workplace.refresh_accounts(datetime.now(UTC))
        self._instance.add_dynamic_partitions("accounts", [self._account_id])
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.__exit__(None, None, None)
        self._client.close()

    def fetch(self, days: Iterable[date]) -> None:
        """Fetches `days`, in as many ranged runs as the sensor would ask for."""
        job = self._definitions.resolve_implicit_global_asset_job_def()
        for chunk in chunks_of({self._account_id: days}, [self._account_id], most_accounts=1):
            self._note(
                job.execute_in_process(
                    run_config=QUIET,
                    instance=self._instance,
                    asset_selection=[RAW_USAGE],
                    tags=fetch_tags(chunk),
                    raise_on_error=False,
                )
            )

    def derive(self, days: Iterable[date]) -> None:
        """Derives and publishes `days` in one run."""
        self._note(derive_days(self._instance, days, datetime.now(UTC)))

    def rows_published(self) -> int:
        """Returns the rows of `cost` that people can read now."""
        return len(read("cost", published=self._workplace.settings.published_dir))

    def _note(self, result: dg.ExecuteInProcessResult) -> None:
        self.count += 1
        if not result.success:
            raise RunFailed(str([event.message for event in result.all_events if event.is_failure]))
