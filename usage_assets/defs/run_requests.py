"""Build run requests with their tags, and find existing runs by these tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import account_range_tags, date_range_tags, days_in_tags
from usage_assets.integrations.windows import Window
from usage_assets.landing.accounts import Account
from usage_assets.planning import Chunk

STEP_TAG = "usage/step"
CHUNK_TAG = "usage/chunk"
ACCOUNT_TAG = "usage/account"
FETCH, FETCH_USERS, DERIVE, REFRESH = "fetch", "fetch_users", "derive", "refresh"
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
# This level hides the line of each partition event on the console; the UI still shows every event.
RUN_CONFIG = {"loggers": {"console": {"config": {"log_level": "INFO"}}}}


def fetch_tags(location: CodeLocation, chunk: Chunk, accounts: Mapping[str, Account]) -> dict[str, str]:
    """Return the tags of a run that fetches `chunk`; `accounts` holds the display names."""
    names = [accounts[name].display_name if name in accounts else name for name in chunk.account_ids]
    first, *others = names
    return {
        **account_range_tags(chunk.account_ids, chunk.window),
        CHUNK_TAG: chunk.name,
        STEP_TAG: location.naming.name(FETCH),
        ACCOUNT_TAG: f"{first} and {len(others)} more" if others else first,
    }


def derive_tags(location: CodeLocation, window: Window) -> dict[str, str]:
    """Return the tags of a run that derives `window`."""
    return {**date_range_tags(window), STEP_TAG: location.naming.name(DERIVE)}


def refresh_tags(location: CodeLocation) -> dict[str, str]:
    """Return the tags of a run that downloads rates and prices."""
    return {STEP_TAG: location.naming.name(REFRESH)}


def fetch_request(
    location: CodeLocation, chunk: Chunk, accounts: Mapping[str, Account], *, run_key: str
) -> dg.RunRequest:
    """Return the request for one run that fetches `chunk`."""
    return dg.RunRequest(
        run_key=run_key,
        run_config=RUN_CONFIG,
        asset_selection=[location.naming.key("raw_usage")],
        tags=fetch_tags(location, chunk, accounts),
    )


def users_tags(location: CodeLocation) -> dict[str, str]:
    """Return the tags of a run that fetches lists of users."""
    return {STEP_TAG: location.naming.name(FETCH_USERS)}


def users_request(location: CodeLocation, *, run_key: str | None = None) -> dg.RunRequest:
    """Return the request for one run that fetches the lists of users that are due."""
    return dg.RunRequest(
        run_key=run_key,
        run_config=RUN_CONFIG,
        asset_selection=[location.naming.key("raw_users")],
        tags=users_tags(location),
    )


def derive_request(location: CodeLocation, window: Window) -> dg.RunRequest:
    """Return the request for one run that derives `window`."""
    return dg.RunRequest(run_config=RUN_CONFIG, tags=derive_tags(location, window))


@dataclass(frozen=True)
class StepRuns:
    """The runs of one step on an instance."""

    instance: dg.DagsterInstance
    step: str

    def count_unfinished(self) -> int:
        """Return how many runs of the step are queued or running."""
        return self.instance.get_runs_count(dg.RunsFilter(statuses=UNFINISHED, tags={STEP_TAG: self.step}))

    def last(self) -> dg.RunRecord | None:
        """Return the newest run of the step."""
        records = self.instance.get_run_records(dg.RunsFilter(tags={STEP_TAG: self.step}), limit=1)
        return records[0] if records else None


def days_in_flight(instance: dg.DagsterInstance, order: list[str]) -> dict[str, set[date]]:
    """Return the days of queued or running account × date runs by account id."""
    days: dict[str, set[date]] = defaultdict(set)
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        account_ids, window = days_in_tags(run.tags, order) or ([], None)
        for account_id in account_ids:
            days[account_id].update(window.days if window else [])
    return days
