"""The schedules: `daily_usage` fetches what is due every morning, `hourly_refresh` downloads rates and prices."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.reference_rates import ASSET as REFERENCE_RATES
from usage_assets.defs.run_requests import REFRESH, days_in_flight, fetch_request, refresh_tags, users_request
from usage_assets.due import due_days_of, is_list_due_of, read_by_account
from usage_assets.planning import DAILY_HOUR_UTC, accounts_per_run, chunks_of


def build_fetch_job(location: CodeLocation) -> dg.UnresolvedAssetJobDefinition:
    """Return the job that fetches a selection of account × date partitions, or lists of users."""
    keys = [location.naming.key(name) for name in ("raw_usage", "raw_users")]
    return dg.define_asset_job(location.naming.name("fetch"), selection=keys)


def build_daily_usage(location: CodeLocation, job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule `daily_usage`, which runs `job`."""

    @dg.schedule(
        name=location.naming.name("daily_usage"),
        description="Fetches, for each active account, new days, those that its vendor may have restated, and users.",
        job=job,
        cron_schedule=f"0 {DAILY_HOUR_UTC} * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def daily_usage(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        now = context.scheduled_execution_time.astimezone(UTC)
        return reread_requests(context.instance, location, now) or dg.SkipReason("Nothing is due.")

    return daily_usage


def build_refresh_job(location: CodeLocation) -> dg.UnresolvedAssetJobDefinition:
    """Return the job that downloads rates and prices."""
    return dg.define_asset_job(location.naming.name(REFRESH), selection=[location.naming.key(REFERENCE_RATES)])


def build_hourly_refresh(location: CodeLocation, job: dg.UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule `hourly_refresh`, which runs `job` once a day, and hourly while downloads fail."""

    @dg.schedule(
        name=location.naming.name("hourly_refresh"),
        description="Downloads exchange rates and prices once a day, and hourly while that fails.",
        job=job,
        cron_schedule="15 * * * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def hourly_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        claim_instance(context.instance, location)
        return refresh_request(location, context.scheduled_execution_time.astimezone(UTC))

    return hourly_refresh


def refresh_request(location: CodeLocation, now: datetime) -> dg.RunRequest | dg.SkipReason:
    """Return the request for a run that downloads rates and prices, if any of them is due."""
    if not location.project.reference.due(now):
        return dg.SkipReason("The rates and prices of today are downloaded, or are not to be downloaded.")
    return dg.RunRequest(run_key=f"refresh:{now:%Y-%m-%dT%H}", tags=refresh_tags(location))


def reread_requests(instance: dg.DagsterInstance, location: CodeLocation, now: datetime) -> list[dg.RunRequest]:
    """Return the requests for the runs of the daily fetch, also for accounts in a pause after a failure."""
    claim_instance(instance, location)
    listed = location.project.refresh_accounts()
    accounts = {account.account_id: account for account in location.project.fetched_accounts(listed)}
    order = location.account_order(instance)
    in_flight = days_in_flight(instance, order)
    due = read_by_account(accounts, lambda account: due_days_of(location.project, account, now))
    wanted = {name: sorted({*days} - in_flight[name]) for name, days in due.days.items()}
    chunks = chunks_of(wanted, order, most_accounts=accounts_per_run(len(wanted)))
    day = f"{now:%Y-%m-%d}"
    requests = [fetch_request(location, chunk, accounts, run_key=f"daily:{day}:{chunk.name}") for chunk in chunks]
    if any(is_list_due_of(location.project, account, now) for account in accounts.values()):
        requests.append(users_request(location, run_key=f"daily:{day}:users"))
    return requests
