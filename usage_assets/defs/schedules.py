"""The schedule `daily_usage`: every morning, fetch the days again that vendors may still restate."""

from __future__ import annotations

from datetime import UTC, date, datetime

import dagster as dg

from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.run_requests import fetch_request
from usage_assets.integrations.windows import reread_days
from usage_assets.planning import DAILY_HOUR_UTC, accounts_per_run, chunks_of, partition_days


def build_fetch_job(location: CodeLocation) -> dg.UnresolvedAssetJobDefinition:
    """Return the job that fetches a selection of account × date partitions."""
    return dg.define_asset_job(location.naming.name("fetch"), selection=[location.naming.key("raw_usage")])


def build_daily_usage(location: CodeLocation, job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule `daily_usage`, which runs `job`."""

    @dg.schedule(
        name=location.naming.name("daily_usage"),
        description="Fetches, for each active account, the days that its vendor may have restated.",
        job=job,
        cron_schedule=f"0 {DAILY_HOUR_UTC} * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def daily_usage(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        now = context.scheduled_execution_time.astimezone(UTC)
        return reread_requests(context.instance, location, now) or dg.SkipReason("No account is connected yet.")

    return daily_usage


def reread_requests(instance: dg.DagsterInstance, location: CodeLocation, now: datetime) -> list[dg.RunRequest]:
    """Return the requests for the runs of the daily re-read."""
    claim_instance(instance, location)
    listed = location.project.refresh_accounts()
    accounts = {account.account_id: account for account in location.project.fetched_accounts(listed)}
    wanted = {name: _reread(location, account.integration, now.date()) for name, account in accounts.items()}
    chunks = chunks_of(wanted, location.account_order(instance), most_accounts=accounts_per_run(len(wanted)))
    return [fetch_request(location, chunk, accounts, run_key=f"daily:{now:%Y-%m-%d}:{chunk.name}") for chunk in chunks]


def _reread(location: CodeLocation, integration: str, today: date) -> list[date]:
    profile = location.project.profiles.of(integration)
    return partition_days(reread_days(profile, today), location.project.first_day, today)
