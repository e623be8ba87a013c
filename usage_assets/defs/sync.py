"""`sync`: the same assets on the same instance, once, without a daemon.

Accounts are fetched side by side in threads; their Dagster runs, which record what landed, follow one after the
other, since runs in one process deadlock on a SQLite instance.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

import dagster as dg

from usage_assets.defs.assets import DERIVED_KEYS
from usage_assets.defs.build import build_definitions
from usage_assets.defs.ingestion import RAW_USAGE
from usage_assets.defs.partitions import FIRST_DAY, date_range_tags, within_partitions
from usage_assets.defs.resources import Project, utc_now
from usage_assets.defs.sensors import DERIVE, STEP_TAG, derive_window, fetch_tags, why_skipped
from usage_assets.integrations.profiles import Profile
from usage_assets.integrations.windows import days_between, history_days, reread_days, window_of
from usage_assets.landing.accounts import NEEDS_RECONNECTING, Account
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.planning import MOST_ACCOUNTS, chunks_of, last_daily
from usage_assets.truto import NeedsReconnecting

ACCOUNTS_AT_ONCE = 8
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

Say = Callable[[str], None]


class UnknownAccount(ValueError):
    """An account was named that the API does not list."""


@dataclass
class SyncResult:
    """What a sync did: failures by account id, and the accounts whose owner has to act."""

    failures: dict[str, str] = field(default_factory=dict)
    to_reconnect: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    rejected: int = 0
    waiting: int = 0
    windows: int = 0
    changed: int = 0


class Prefetched:
    """A source that hands out what was fetched a moment ago."""

    def __init__(self, fetched: Mapping[str, FetchResult]) -> None:
        self._fetched = fetched

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Returns the windows of one account that touch `days`."""
        wanted = set(days)
        return FetchResult([one for one in self._fetched[account_id].landed if wanted.intersection(one.days)])


class Sync:
    """One sync of one environment."""

    def __init__(self, project: Project, instance: dg.DagsterInstance, now: datetime, say: Say) -> None:
        self._workplace = project
        self._instance = instance
        self._now = now
        self._say = say

    def run(self, account_ids: list[str], first: date | None, last: date | None) -> SyncResult:
        """Fetches what is missing or due (or all days from `first` to `last`), derives what changed, publishes.

        Raises:
            UnknownAccount: an account id is not listed.
            TrutoError: the account list failed.
        """
        accounts = self._chosen(account_ids)
        outcome = SyncResult(to_reconnect=[one.account_id for one in accounts if one.status == NEEDS_RECONNECTING])
        chosen = self._workplace.fetched_accounts(accounts)
        outcome.skipped = {
            one.account_id: why_skipped(one)
            for one in accounts
            if one not in chosen and one.account_id not in outcome.to_reconnect
        }
        due = self._due(chosen, first, last)
        fetched = self._fetch(due)
        self._note(fetched, outcome)
        self._record(fetched, due)
        self._derive(outcome)
        return outcome

    def _chosen(self, account_ids: list[str]) -> list[Account]:
        accounts = [one for one in self._workplace.refresh_accounts(self._now) if one.deleted_at is None]
        unknown = set(account_ids) - {one.account_id for one in accounts}
        if unknown:
            raise UnknownAccount(f"No account {sorted(unknown)[0]} is connected: see `usage-assets accounts`.")
        return [one for one in accounts if not account_ids or one.account_id in account_ids]

    def _due(self, accounts: list[Account], first: date | None, last: date | None) -> dict[Account, list[date]]:
        due = {}
        for account in accounts:
            profile = self._workplace.profiles.of(account.integration)
            if not profile.is_known:
                self._say(f"{account.account_id}: no profile for {profile.name}, so the defaults are used")
            if first is None and last is None:
                days = due_days(
                    account.account_id,
                    profile,
                    self._workplace.landing,
                    self._now,
                    self._workplace.settings.backfill_days,
                )
            else:
                days = days_between(first or FIRST_DAY, last or self._now.date())
            due[account] = within_partitions(days, self._now.date())
        return {account: days for account, days in due.items() if days}

    def _fetch(self, due: Mapping[Account, list[date]]) -> dict[str, FetchResult]:
        if not due:
            return {}
        with self._workplace.client() as client, ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:

            def fetch(account: Account) -> FetchResult:
                source = FetchTarget(account.account_id, self._workplace.profiles.of(account.integration))
                fetched = fetch_days(client, source, due[account], self._workplace.landing, now=utc_now)
                self._say(f"{account.account_id} {account.integration}: {len(fetched.landed)} windows")
                return fetched

            return {account.account_id: fetched for account, fetched in zip(due, pool.map(fetch, due), strict=True)}

    def _note(self, fetched: Mapping[str, FetchResult], outcome: SyncResult) -> None:
        for account_id, one in fetched.items():
            outcome.windows += len(one.landed)
            outcome.changed += sum(landed.changed for landed in one.landed)
            if isinstance(one.error, NeedsReconnecting):
                outcome.to_reconnect.append(account_id)
            elif one.error is not None:
                outcome.failures[account_id] = _said(one)

    def _record(self, fetched: Mapping[str, FetchResult], due: Mapping[Account, list[date]]) -> None:
        definitions = build_definitions(Prefetched(fetched))
        self._instance.add_dynamic_partitions("accounts", [account.account_id for account in due])
        landed = {one.account_id: set(fetched[one.account_id].days()).intersection(days) for one, days in due.items()}
        order = self._instance.get_dynamic_partitions("accounts")
        for chunk in chunks_of(landed, order, most_accounts=MOST_ACCOUNTS):
            self._say(f"recording {chunk.window} of {len(chunk.account_ids)} accounts")
            _execute(definitions, self._instance, [RAW_USAGE], fetch_tags(chunk))

    def _derive(self, outcome: SyncResult) -> None:
        pending = self._workplace.landing.pending()
        if not pending:
            return
        days = {day for key in pending for day in key.window.days}
        self._say(f"deriving {derive_window(days, self._now)}")
        result = derive_days(self._instance, days, self._now)
        if result.success:
            outcome.rejected = _loaded(result, "rows_rejected")
            outcome.waiting = _loaded(result, "windows_waiting")
        else:
            outcome.failures["derive"] = failure_text(result)


def derive_days(instance: dg.DagsterInstance, days: Iterable[date], now: datetime) -> dg.ExecuteInProcessResult:
    """Derives and publishes `days`, and every day still stale, in a run of this process."""
    tags = {**date_range_tags(derive_window(days, now)), STEP_TAG: DERIVE}
    return _execute(build_definitions(), instance, DERIVED_KEYS, tags)


def _said(fetched: FetchResult) -> str:
    others = f" ({fetched.failed} windows failed; this is the first.)" if fetched.failed > 1 else ""
    return f"{fetched.error}{others}"


def due_days(account_id: str, profile: Profile, landing: Landing, now: datetime, backfill_days: int) -> list[date]:
    """Returns the days that are missing, and those of the re-read not fetched since the daily schedule was due."""
    history = history_days(profile, now.date(), backfill_days=backfill_days, start=FIRST_DAY)
    held = landing.held_windows(account_id, [report.name for report in profile.reports])
    missing = {day for day in history if window_of(day, profile) not in held}
    reread = {day for day in reread_days(profile, now.date()) if _is_due(account_id, profile, landing, day, now)}
    return sorted(missing | reread)


def failure_text(result: dg.ExecuteInProcessResult) -> str:
    """Returns what made a run fail, in the words of its first error."""
    errors = [event.event_specific_data for event in result.all_events if event.is_step_failure]
    causes = [getattr(data, "error", None) for data in errors]
    return next((_innermost(cause) for cause in causes if cause is not None), "the derive run failed; see the UI")


def _innermost(error: object) -> str:
    cause = getattr(error, "cause", None)
    return _innermost(cause) if cause is not None else str(getattr(error, "message", error)).strip()


def _is_due(account_id: str, profile: Profile, landing: Landing, day: date, now: datetime) -> bool:
    window = window_of(day, profile)
    manifests = [
        landing.manifest(WindowKey(account_id, report.name, window.start, window.end)) for report in profile.reports
    ]
    return any(one is not None and one.fetched_at < last_daily(now) for one in manifests)


def _loaded(result: dg.ExecuteInProcessResult, name: str) -> int:
    loaded = result.asset_materializations_for_node("usage")
    return int(str(loaded[0].metadata[name].value)) if loaded else 0


def _execute(
    definitions: dg.Definitions, instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey], tags: dict[str, str]
) -> dg.ExecuteInProcessResult:
    job = definitions.resolve_implicit_global_asset_job_def()
    return job.execute_in_process(
        run_config=QUIET, instance=instance, asset_selection=list(keys), tags=tags, raise_on_error=False
    )
