"""Sensors: `new_accounts` requests due days, `landed_usage` derives landed windows. `planning` decides on days."""

from datetime import date, datetime

import dagster as dg

from usage_assets.account_histories import digest_of
from usage_assets.conversion import has_new_conversion
from usage_assets.defs.assets import derived_keys
from usage_assets.defs.dead_runs import end_dead_runs
from usage_assets.defs.failed_runs import note_last_derive, remove_old_failures
from usage_assets.defs.instance import claim_instance
from usage_assets.defs.landing_checks import report_lasting_trouble
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import days_in_date_tags
from usage_assets.defs.people_assets import RAW_USERS
from usage_assets.defs.run_requests import (
    DERIVE,
    FETCH,
    FETCH_USERS,
    StepRuns,
    days_in_flight,
    derive_request,
    fetch_request,
    users_request,
)
from usage_assets.due import missed_days_of, missed_lists, read_by_account
from usage_assets.errors import UsageAssetsError, expected_error
from usage_assets.landing.accounts import Account, unreadable_name
from usage_assets.landing.failures import Failure
from usage_assets.lasting_trouble import failure_text
from usage_assets.planning import AskedDays, accounts_per_run, asked_days, chunks_of, derive_window, skip_reason
from usage_assets.project import Project
from usage_assets.truto import UnreadableAccount
from usage_assets.warehouse.coverage import is_coverage_behind
from usage_assets.warehouse.publications import needs_derive

INTERVAL_SECONDS = 15
GATHER_SECONDS = 60.0


def build_new_accounts(location: CodeLocation) -> dg.SensorDefinition:
    """Return the sensor `new_accounts`, which requests fetch runs."""

    @dg.sensor(
        name=location.naming.name("new_accounts"),
        description="Adds a partition for each active account and requests the days and lists of users that are due.",
        asset_selection=[location.naming.key(name) for name in ("raw_usage", RAW_USERS)],
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def new_accounts(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        claim_instance(context.instance, location)
        now = location.project.now()
        end_dead_runs(context.instance, location, now)
        try:
            listed = location.project.refresh_accounts()
        except (UsageAssetsError, OSError) as error:
            return dg.SkipReason(f"The account list failed, so nothing is added or removed. {expected_error(error)}")
        report_lasting_trouble(context.instance, location, listed, now)
        return missing_requests(context.instance, location, listed, now)

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
        now = location.project.now()
        end_dead_runs(context.instance, location, now)
        note_last_derive(context.instance, location)
        hour = f"{now:%Y-%m-%dT%H}"
        if context.cursor != hour:
            remove_old_failures(context.instance, location)
            context.update_cursor(hour)
        return landed_request(context.instance, location, now)

    return landed_usage


def missing_requests(
    instance: dg.DagsterInstance, location: CodeLocation, listed: list[Account], now: datetime
) -> dg.SensorResult | dg.SkipReason:
    """Return the partitions to add and the fetch runs to start for the accounts of a complete list."""
    accounts = {account.account_id: account for account in location.project.fetched_accounts(listed)}
    known = location.account_order(instance)
    new = sorted(accounts.keys() - set(known))
    order = [*known, *new]
    missed = read_by_account(accounts, lambda account: missed_days_of(location.project, account, now))
    failures = _failures(location, listed)
    asked = asked_days(missed.days, days_in_flight(instance, order), failures, now)
    chunks = chunks_of(asked.wanted, order, most_accounts=accounts_per_run(sum(map(bool, asked.wanted.values()))))
    requests = [fetch_request(location, chunk, accounts, run_key=f"{chunk.name}:{now.isoformat()}") for chunk in chunks]
    requests += _users_requests(instance, location, accounts, now)
    if not new and not requests:
        rows = location.project.account_list.unreadable()
        lists = _waiting_lists(location.project, accounts, now)
        return dg.SkipReason(_reason_to_ask_nothing(listed, accounts, asked, missed.unreadable, failures, rows, lists))
    additions = [location.partitions.accounts.build_add_request(new)] if new else []
    return dg.SensorResult(run_requests=requests, dynamic_partitions_requests=additions)


def _users_requests(
    instance: dg.DagsterInstance, location: CodeLocation, accounts: dict[str, Account], now: datetime
) -> list[dg.RunRequest]:
    """Return the request for a run that fetches lists of users, if one is due and no such run is under way."""
    step = StepRuns(instance, location.naming.name(FETCH_USERS))
    if not missed_lists(location.project, accounts.values(), now) or step.count_unfinished():
        return []
    return [users_request(location)]


def _waiting_lists(project: Project, accounts: dict[str, Account], now: datetime) -> list[str]:
    """Return a sentence for each list of users that failed and is in a pause."""
    return [
        f"{failure_text(f'The list of users of {accounts[account_id].display_name}', failure)}."
        for account_id, failure in project.users_failures.of_accounts().items()
        if account_id in accounts and now < failure.next_attempt_at
    ]


def _failures(location: CodeLocation, listed: list[Account]) -> dict[str, Failure]:
    """Return what keeps failing by account id; a pause ends where the token or the account's status has changed."""
    project = location.project
    by_id = {account.account_id: account for account in listed}
    for failures in (project.failures, project.users_failures):
        for account_id in failures.of_accounts().keys() & by_id.keys():
            failures.end_pause_if_changed(account_id, project.asked_with(by_id[account_id]))
    return project.failures.of_accounts()


def landed_request(
    instance: dg.DagsterInstance, location: CodeLocation, now: datetime
) -> dg.RunRequest | dg.SkipReason:
    """Return the derive run to start, or the reason to start none."""
    landing, lists = location.project.landing, location.project.user_lists.landing
    days = {day for key in landing.pending() for day in key.window.days} | unpublished_days(instance, location)
    has_lists = bool(lists.pending())
    is_due = bool(days) or has_lists or _lacks_derived_tables(location.project)
    if not is_due and not _is_coverage_behind(location.project):
        return dg.SkipReason("Nothing landed since the last derive run.")
    # What fails, and what lands, while accounts are fetched changes coverage again.
    landed = (time for time in (landing.pending_since(), lists.pending_since()) if time)
    since = min(landed, default=None) if is_due else now
    reason = _reason_to_wait(instance, location, since, now)
    if reason:
        return dg.SkipReason(f"{len(days)} days landed; {reason}")
    return derive_request(location, derive_window(days, location.project.first_day, now.date()))


def _lacks_derived_tables(project: Project) -> bool:
    """Return whether something else than landed windows needs a derive run.

    That is a changed file of the user, newer exchange rates, or a warehouse file that was removed or restored.
    """
    return (
        project.has_changed_files
        or has_new_conversion(project)
        or needs_derive(project.warehouse, project.landing, project.published_dir, project.seat_rules, wait_seconds=0)
    )


def _is_coverage_behind(project: Project) -> bool:
    """Return whether a UTC day has begun, or an account or a failure has changed, since coverage was derived."""
    return is_coverage_behind(project.warehouse, digest_of(project.account_histories()), wait_seconds=0)


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
    failure = location.project.failures.of_derive()
    if failure is not None and now < failure.next_attempt_at:
        return f"{failure_text('derive runs', failure)}."
    return None


def _reason_to_ask_nothing(
    listed: list[Account],
    fetched: dict[str, Account],
    asked: AskedDays,
    unreadable: dict[str, str],
    failures: dict[str, Failure],
    unreadable_rows: list[UnreadableAccount],
    lists: list[str],
) -> str:
    """Return why no run is asked for. Nothing is missing only if no day is under way, paused or unknown."""
    names = {account.account_id: account.display_name for account in listed}
    under_way, paused = (
        [account_id for account_id, days in part.items() if days] for part in (asked.in_flight, asked.paused)
    )
    sentences = [f"{names[account_id]} cannot be planned: {reason}" for account_id, reason in unreadable.items()]
    sentences += [f"{failure_text(names[account_id], failures[account_id])}." for account_id in paused]
    if under_way:
        days = sum(map(len, asked.in_flight.values()))
        sentences.append(f"{days} days of {_counted(len(under_way))} are being fetched.")
    sentences += lists
    if not sentences:
        sentences = [f"Nothing is missing for {_counted(len(fetched))}."]
    skipped = [
        f"{names[account.account_id]} ({skip_reason(account)})" for account in listed if _is_left_out(account, fetched)
    ]
    skipped += [f"{unreadable_name(row)} ({row.reason})" for row in unreadable_rows if row.id not in names]
    return " ".join([*sentences, *([f"Not fetched: {', '.join(skipped)}."] if skipped else [])])


def _is_left_out(account: Account, fetched: dict[str, Account]) -> bool:
    return account.account_id not in fetched


def _counted(accounts: int) -> str:
    return "1 account" if accounts == 1 else f"{accounts} accounts"
