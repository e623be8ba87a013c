"""Sensors: `new_accounts` asks for what is missing, `landed_usage` derives what landed. Deciding is `onboarding`'s."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

import dagster as dg

from usage_assets.defs.assets import DERIVED_KEYS
from usage_assets.defs.ingestion import RAW_USAGE
from usage_assets.defs.partitions import (
    FIRST_DAY,
    account_range_tags,
    accounts,
    date_range_tags,
    days_in_tags,
    within_partitions,
)
from usage_assets.defs.resources import Project, utc_now
from usage_assets.integrations.windows import Window
from usage_assets.landing.accounts import Account
from usage_assets.planning import Chunk, accounts_per_run, chunks_of, missing_days, next_attempt
from usage_assets.truto import TrutoError

STEP_TAG = "usage/step"
CHUNK_TAG = "usage/chunk"
ACCOUNT_TAG = "usage/account"
FETCH, DERIVE = "fetch", "derive"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
# One console line less per partition event; the UI shows every event all the same.
RUN_CONFIG = {"loggers": {"console": {"config": {"log_level": "INFO"}}}}
SETTLE_SECONDS = 60.0
RETRY_DERIVE_SECONDS = 60.0


@dg.sensor(asset_selection=[RAW_USAGE], minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def new_accounts(
    context: dg.SensorEvaluationContext, project: dg.ResourceParam[Project]
) -> dg.SensorResult | dg.SkipReason:
    """Adds a partition for each account, and asks for the days of it that are missing."""
    now = utc_now()
    try:
        known = project.refresh_accounts(now)
    except TrutoError as error:
        return dg.SkipReason(f"The account list failed, so nothing is added or removed. {error}")
    fetched = project.fetched_accounts(known)
    held = list(context.instance.get_dynamic_partitions("accounts"))
    new = sorted({account.account_id for account in fetched}.difference(held))
    requests = _requests(context.instance, project, fetched, [*held, *new], now)
    if not new and not requests:
        return dg.SkipReason(_nothing_missing(known, fetched))
    return dg.SensorResult(
        run_requests=requests, dynamic_partitions_requests=[accounts.build_add_request(new)] if new else []
    )


@dg.sensor(asset_selection=DERIVED_KEYS, minimum_interval_seconds=5, default_status=dg.DefaultSensorStatus.RUNNING)
def landed_usage(
    context: dg.SensorEvaluationContext, project: dg.ResourceParam[Project]
) -> dg.RunRequest | dg.SkipReason:
    """Asks for one derive run over the days of every window that landed changed."""
    now = utc_now()
    pending = project.landing.pending()
    if not pending:
        return dg.SkipReason("Nothing landed since the last derive run.")
    reason = _reason_to_wait(context.instance, project.landing.pending_since(), now)
    if reason:
        return dg.SkipReason(f"{len(pending)} windows landed; {reason}")
    window = derive_window({day for key in pending for day in key.window.days}, now)
    return dg.RunRequest(run_config=RUN_CONFIG, tags={**date_range_tags(window), STEP_TAG: DERIVE})


def derive_window(days: Iterable[date], now: datetime) -> Window:
    """Returns the daily partitions that a derive run over `days` shows; days outside them are derived all the same."""
    shown = within_partitions(days, now.date()) or [FIRST_DAY]
    return Window(shown[0], date.fromordinal(shown[-1].toordinal() + 1))


def fetch_request(chunk: Chunk, *, run_key: str | None = None) -> dg.RunRequest:
    """Returns the request for one run that fetches `chunk`."""
    return dg.RunRequest(
        run_key=run_key,
        run_config=RUN_CONFIG,
        asset_selection=[RAW_USAGE],
        tags=fetch_tags(chunk),
    )


def fetch_tags(chunk: Chunk) -> dict[str, str]:
    """Returns the tags of a run that fetches `chunk`, whoever starts it."""
    tags = {**account_range_tags(chunk.account_ids, chunk.window), CHUNK_TAG: chunk.name, STEP_TAG: FETCH}
    return {**tags, ACCOUNT_TAG: chunk.account_ids[0]} if len(chunk.account_ids) == 1 else tags


def _requests(
    instance: dg.DagsterInstance, project: Project, fetched: list[Account], order: list[str], now: datetime
) -> list[dg.RunRequest]:
    in_flight, failures = _days_in_flight(instance, order), _failures(instance)
    missing = {one.account_id: _missing(project, one, in_flight[one.account_id], now) for one in fetched}
    lacking = sum(bool(days) for days in missing.values())
    requests = []
    for chunk in chunks_of(missing, order, most_accounts=accounts_per_run(lacking)):
        attempt = next_attempt(chunk, failures)
        if attempt is not None:
            requests.append(fetch_request(chunk, run_key=f"{chunk.name}:{attempt}"))
    return requests


def _missing(project: Project, account: Account, in_flight: set[date], now: datetime) -> list[date]:
    profile = project.profiles.of(account.integration)
    held = project.landing.held_windows(account.account_id, [report.name for report in profile.reports])
    days = missing_days(profile, held, in_flight, now, backfill_days=project.settings.backfill_days, start=FIRST_DAY)
    return within_partitions(days, now.date())


def _days_in_flight(instance: dg.DagsterInstance, order: list[str]) -> dict[str, set[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for run in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)):
        account_ids, window = days_in_tags(run.tags, order) or ([], None)
        for account_id in account_ids:
            days[account_id].update(window.days if window else [])
    return days


def _failures(instance: dg.DagsterInstance) -> Counter[str]:
    failed = instance.get_runs(
        dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], tags={STEP_TAG: FETCH}), limit=2_000
    )
    return Counter(run.tags[CHUNK_TAG] for run in failed if CHUNK_TAG in run.tags)


def _reason_to_wait(instance: dg.DagsterInstance, since: datetime | None, now: datetime) -> str | None:
    if instance.get_runs_count(dg.RunsFilter(statuses=UNDER_WAY, tags={STEP_TAG: DERIVE})):
        return "a derive run is under way and the next one follows it."
    fetching = instance.get_runs_count(dg.RunsFilter(statuses=UNDER_WAY, tags={STEP_TAG: FETCH}))
    if fetching and since is not None and (now - since).total_seconds() < SETTLE_SECONDS:
        return f"{fetching} fetch runs are under way and are derived together with them."
    last = instance.get_run_records(dg.RunsFilter(tags={STEP_TAG: DERIVE}), limit=1)
    if last and last[0].dagster_run.status == dg.DagsterRunStatus.FAILURE:
        ended = datetime.fromtimestamp(last[0].end_time or 0, UTC)
        if (now - ended).total_seconds() < RETRY_DERIVE_SECONDS:
            return "the last derive run failed and is tried again in a minute."
    return None


def _nothing_missing(known: list[Account], fetched: list[Account]) -> str:
    skipped = [f"{one.account_id} ({why_skipped(one)})" for one in known if one not in fetched]
    left_out = f" Not fetched: {', '.join(skipped)}." if skipped else ""
    return f"Nothing is missing for {len(fetched)} accounts.{left_out}"


def why_skipped(account: Account) -> str:
    """Returns why no usage is asked of `account`."""
    if account.deleted_at:
        return "deleted"
    if not account.has_safe_id:
        return "its id cannot be a partition key"
    return "marked as sandbox" if account.status == "active" else f"its status is {account.status}"
