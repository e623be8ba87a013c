"""Schedules: `daily_usage` reads again what vendors may still restate."""

from datetime import UTC, date, datetime

import dagster as dg

from usage_assets.defs.ingestion import RAW_USAGE
from usage_assets.defs.partitions import within_partitions
from usage_assets.defs.resources import Project
from usage_assets.defs.sensors import fetch_request
from usage_assets.integrations.windows import reread_days
from usage_assets.planning import DAILY_HOUR_UTC, accounts_per_run, chunks_of

fetch_job = dg.define_asset_job("fetch", selection=[RAW_USAGE])


@dg.schedule(
    job=fetch_job,
    cron_schedule=f"0 {DAILY_HOUR_UTC} * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_usage(
    context: dg.ScheduleEvaluationContext, project: dg.ResourceParam[Project]
) -> list[dg.RunRequest] | dg.SkipReason:
    """Asks, for each active account, for the days that its vendor may have restated."""
    now = context.scheduled_execution_time.astimezone(UTC)
    fetched = project.fetched_accounts(project.refresh_accounts(now))
    wanted = {account.account_id: _reread(project, account.integration, now) for account in fetched}
    order = context.instance.get_dynamic_partitions("accounts")
    requests = [
        fetch_request(chunk, run_key=f"daily:{now:%Y-%m-%d}:{chunk.name}")
        for chunk in chunks_of(wanted, order, most_accounts=accounts_per_run(len(wanted)))
    ]
    return requests or dg.SkipReason("No account is connected yet.")


def _reread(project: Project, integration: str, now: datetime) -> list[date]:
    return within_partitions(reread_days(project.profiles.of(integration), now.date()), now.date())
