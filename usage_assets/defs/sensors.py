"""Sensors: `new_accounts` requests missing days, `landed_usage` derives landed windows. `planning` decides on days."""

from datetime import UTC, date, datetime

import dagster as dg

from usage_assets.defs.assets import derived_keys
from usage_assets.defs.instance import claim_instance
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import days_in_date_tags
from usage_assets.defs.run_requests import (
    DERIVE,
    FETCH,
    StepRuns,
    days_in_flight,
    derive_request,
    fetch_request,
)
from usage_assets.landing.accounts import Account, EmptyAccountList, unreadable_name
from usage_assets.planning import (
    accounts_per_run,
    chunks_of,
    derive_window,
    missing_days,
    next_attempt,
    skip_reason,
)
from usage_assets.truto import TrutoError, UnreadableAccount

INTERVAL_SECONDS = 15
GATHER_SECONDS = 60.0
RETRY_DERIVE_SECONDS = 60.0


def build_new_accounts(location: CodeLocation) -> dg.SensorDefinition:
    """Return the sensor `new_accounts`, which requests fetch runs."""

    @dg.sensor(
        name=location.naming.name("new_accounts"),
        description="Adds a partition for each active account and requests the days that are missing.",
        asset_selection=[location.naming.key("raw_usage")],
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def new_accounts(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        claim_instance(context.instance, location)
        try:
            listed = location.project.refresh_accounts()
        except (TrutoError, EmptyAccountList) as error:
            return dg.SkipReason(f"The account list failed, so nothing is added or removed. {error}")
        return missing_requests(context.instance, location, listed, location.project.now())

    return new_accounts


def build_landed_usage(location: CodeLocation) -> dg.SensorDefinition:
    """Return the sensor `landed_usage`, which requests derive runs."""

    @dg.sensor(
        name=location.naming.name("landed_usage"),
        description="Requests one derive run over the days of every window whose landed content changed.",
        asset_selection=derived_keys(location),
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def landed_usage(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        claim_instance(context.instance, location)
        return landed_request(context.instance, location, location.project.now())

    return landed_usage


def missing_requests(
    instance: dg.DagsterInstance, location: CodeLocation, listed: list[Account], now: datetime
) -> dg.SensorResult | dg.SkipReason:
    """Return the partitions to add and the fetch runs to start for the accounts of a complete list."""
    accounts = {account.account_id: account for account in location.project.fetched_accounts(listed)}
    known = location.account_order(instance)
    new = sorted(accounts.keys() - set(known))
    requests = _fetch_requests(instance, location, accounts, [*known, *new], now)
    if not new and not requests:
        return dg.SkipReason(_nothing_missing(listed, accounts, location.project.account_list.unreadable()))
    additions = [location.partitions.accounts.build_add_request(new)] if new else []
    return dg.SensorResult(run_requests=requests, dynamic_partitions_requests=additions)


def landed_request(
    instance: dg.DagsterInstance, location: CodeLocation, now: datetime
) -> dg.RunRequest | dg.SkipReason:
    """Return the derive run to start, or the reason to start none."""
    landing = location.project.landing
    days = {day for key in landing.pending() for day in key.window.days} | unpublished_days(instance, location)
    if not days and not location.project.has_new_account_rules:
        return dg.SkipReason("Nothing landed since the last derive run.")
    reason = _reason_to_wait(instance, location, landing.pending_since(), now)
    if reason:
        return dg.SkipReason(f"{len(days)} days landed; {reason}")
    return derive_request(location, derive_window(days, location.project.first_day, now.date()))


def unpublished_days(instance: dg.DagsterInstance, location: CodeLocation) -> set[date]:
    """Return the days of the newest run of a derived asset, if no run has published since.

    Such a run is a manual backfill of a single table. The next derive run also covers the days that it left stale.
    """
    keys = derived_keys(location)
    records = {record.asset_entry.asset_key: record.asset_entry for record in instance.get_asset_records(keys)}
    materialized = {
        key: entry.last_materialization_record for key, entry in records.items() if entry.last_materialization_record
    }
    published = materialized.pop(location.naming.key("published"), None)
    newest = max(materialized.values(), key=lambda record: record.storage_id, default=None)
    if newest is None or (published is not None and published.storage_id > newest.storage_id):
        return set()
    run = instance.get_run_by_id(newest.run_id)
    return set(days_in_date_tags(run.tags)) if run else set()


def _fetch_requests(
    instance: dg.DagsterInstance, location: CodeLocation, accounts: dict[str, Account], order: list[str], now: datetime
) -> list[dg.RunRequest]:
    in_flight = days_in_flight(instance, order)
    missing = {name: _missing(location, account, in_flight[name], now) for name, account in accounts.items()}
    failures = StepRuns(instance, location.naming.name(FETCH)).failures_by_chunk()
    incomplete = sum(bool(days) for days in missing.values())
    return [
        fetch_request(location, chunk, accounts, run_key=f"{chunk.name}:{attempt}")
        for chunk in chunks_of(missing, order, most_accounts=accounts_per_run(incomplete))
        if (attempt := next_attempt(chunk, failures)) is not None
    ]


def _missing(location: CodeLocation, account: Account, in_flight: set[date], now: datetime) -> list[date]:
    project = location.project
    profile = project.profiles.of(account.integration)
    held = project.landing.held_windows(account.account_id, [report.name for report in profile.reports])
    return missing_days(
        profile, held, in_flight, now, backfill_days=project.settings.backfill_days, start=project.first_day
    )


def _reason_to_wait(
    instance: dg.DagsterInstance, location: CodeLocation, since: datetime | None, now: datetime
) -> str | None:
    derive, fetch = (StepRuns(instance, location.naming.name(step)) for step in (DERIVE, FETCH))
    if derive.count_unfinished():
        return "a derive run is in progress and the next one follows it."
    fetching = fetch.count_unfinished()
    if fetching and since is not None and (now - since).total_seconds() < GATHER_SECONDS:
        runs = "1 fetch run is" if fetching == 1 else f"{fetching} fetch runs are"
        return f"{runs} in progress and will be derived together with them."
    last = derive.last()
    if last and last.dagster_run.status == dg.DagsterRunStatus.FAILURE:
        ended = datetime.fromtimestamp(last.end_time or 0, UTC)
        if (now - ended).total_seconds() < RETRY_DERIVE_SECONDS:
            return "the last derive run failed and will be repeated in a minute."
    return None


def _nothing_missing(listed: list[Account], fetched: dict[str, Account], unreadable: list[UnreadableAccount]) -> str:
    skipped = [
        f"{account.display_name} ({skip_reason(account)})" for account in listed if account.account_id not in fetched
    ]
    known = {account.account_id for account in listed}
    skipped += [f"{unreadable_name(row)} ({row.reason})" for row in unreadable if row.id not in known]
    left_out = f" Not fetched: {', '.join(skipped)}." if skipped else ""
    counted = "1 account" if len(fetched) == 1 else f"{len(fetched)} accounts"
    return f"Nothing is missing for {counted}.{left_out}"
