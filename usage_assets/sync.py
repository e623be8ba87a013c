"""Run a sync: fetch missing and due days, record them, derive what changed and publish it, once and without a daemon.

Accounts are fetched in parallel threads. `Runs` records fetches and executes derive runs, so this module does not
import Dagster.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Protocol

from usage_assets.account_histories import digest_of
from usage_assets.conversion import has_new_conversion, shown_currency
from usage_assets.due import due_days_of
from usage_assets.errors import WRONG_CALL, UsageAssetsError, expected_error
from usage_assets.integrations.windows import days_between, windows_of
from usage_assets.landing.account_search import find_account
from usage_assets.landing.accounts import NEEDS_RECONNECTING, Account
from usage_assets.landing.failures import contained
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.landing.store import Landing
from usage_assets.planning import partition_days, skip_reason
from usage_assets.progress import Progress
from usage_assets.project import Project
from usage_assets.sync_result import DeriveResult, SyncResult, count_fetched
from usage_assets.truto import TrutoClient
from usage_assets.truto.display_text import single_line
from usage_assets.user_list_sync import count_lists, fetch_due_lists
from usage_assets.warehouse.coverage import is_coverage_behind
from usage_assets.warehouse.publications import needs_derive

PARALLEL_ACCOUNTS = 8
INTERRUPTED = 130
INTERRUPTED_STATEMENT = "Query interrupted"

Due = Mapping[Account, list[date]]


class WrongRange(UsageAssetsError):
    """The requested days are not all daily partitions."""

    exit_code = WRONG_CALL


class SyncInterrupted(UsageAssetsError):
    """The user stopped the sync."""

    exit_code = INTERRUPTED


class Runs(Protocol):
    """Records fetches and executes derive runs."""

    def record(
        self, fetched: Mapping[str, FetchResult], days: Mapping[str, Collection[date]], progress: Progress
    ) -> None:
        """Record the `days` that landed, by account id."""
        ...

    def record_lists(self, fetched: Mapping[str, FetchResult], progress: Progress) -> None:
        """Record the lists of users that landed, by account id."""
        ...

    def refresh(self, progress: Progress) -> None:
        """Download the exchange rates and prices that are due."""
        ...

    def derive(self, days: Iterable[date]) -> DeriveResult:
        """Derive and publish `days` and every other day that is stale."""
        ...


class Sync:
    """A sync of one project."""

    def __init__(self, project: Project, runs: Runs, progress: Progress) -> None:
        self._project = project
        self._runs = runs
        self._progress = progress
        self._now = project.now()
        self._stopped = threading.Event()

    def run(self, accounts: Iterable[str] = (), first: date | None = None, last: date | None = None) -> SyncResult:
        """Fetch missing and due days, or all days from `first` to `last`; derive what changed; publish.

        Args:
            accounts: The accounts, each by an unambiguous part of id, integration or tenant; none means all.
            first: The first day of a range.
            last: The last day of a range, included.

        Raises:
            WrongRange: The range includes a day that is not a daily partition.
            SettingsError: `USAGE_CURRENCY` is no currency with a rate.
            AccountNotFound: A name in `accounts` matches no account, or several.
            TrutoError: Listing the accounts failed.
            SyncInterrupted: The user stopped the process.
        """
        check_range(first, last, self._project.first_day, self._now.date())
        shown_currency(self._project)
        chosen = self._chosen(accounts)
        result = SyncResult(to_reconnect=[account for account in chosen if account.status == NEEDS_RECONNECTING])
        active = self._project.fetched_accounts(chosen)
        result.skipped = {
            account.account_id: skip_reason(account)
            for account in chosen
            if account not in active and account not in result.to_reconnect
        }
        due = self._due(active, first, last, result)
        fetched = self._fetch(due)
        count_fetched(fetched, due, result)
        self._record(fetched, due)
        self._sync_lists([account for account in active if not _failed_whole(fetched, account)], result)
        with stopping(self._project.landing):
            self._runs.refresh(self._progress)
        result.derived = self._derive()
        return result

    def _chosen(self, names: Iterable[str]) -> list[Account]:
        listed = [account for account in self._project.refresh_accounts() if account.deleted_at is None]
        wanted = [find_account(listed, name) for name in names]
        return [account for account in listed if not wanted or account in wanted]

    def _due(self, accounts: list[Account], first: date | None, last: date | None, result: SyncResult) -> Due:
        due = {}
        for account in accounts:
            profile = self._project.profiles.of(account.integration)
            if not profile.is_known:
                self._progress.note(
                    f"{account.display_name}: there is no profile for {single_line(profile.name)}, "
                    "so the default profile is used."
                )
            try:
                days = self._days(account, first, last)
            except (UsageAssetsError, OSError) as error:
                result.failures[account.account_id] = str(expected_error(error))
                continue
            if days:
                due[account] = days
        return due

    def _days(self, account: Account, first: date | None, last: date | None) -> list[date]:
        first_day, today = self._project.first_day, self._now.date()
        if first is not None or last is not None:
            return partition_days(days_between(first or first_day, last or today), first_day, today)
        return due_days_of(self._project, account, self._now)

    def _fetch(self, due: Due) -> dict[str, FetchResult]:
        if not due:
            return {}
        profiles = self._project.profiles
        targets = {account: FetchTarget(account.account_id, profiles.of(account.integration)) for account in due}
        self._progress.start(
            "fetching windows", sum(_windows(target, due[account]) for account, target in targets.items())
        )
        with self._project.client() as client, ThreadPoolExecutor(PARALLEL_ACCOUNTS) as pool:
            fetch = partial(self._fetch_account, client)
            futures = [pool.submit(fetch, account, target, due[account]) for account, target in targets.items()]
            try:
                results = [future.result() for future in futures]
            except KeyboardInterrupt:
                self._stopped.set()
                self._progress.note("Stopping after the requests in progress; this takes a few seconds.")
                pool.shutdown(cancel_futures=True)
                raise SyncInterrupted(_interrupted(self._project.landing)) from None
        return {account.account_id: result for account, result in zip(due, results, strict=True)}

    def _fetch_account(
        self, client: TrutoClient, account: Account, target: FetchTarget, days: list[date]
    ) -> FetchResult:
        """Fetch one account; whatever goes wrong with it, a lock or a full disk too, is its failure alone."""
        project = self._project
        fetch = partial(fetch_days, client, target, days, project.landing, now=project.now)
        result = contained(lambda: fetch(on_landed=lambda _: self._progress.advance(), is_stopped=self._stopped.is_set))
        made_with = project.asked_with(account)
        project.failures.note_fetch(account.account_id, result, days, made_with, project.now())
        return result

    def _record(self, fetched: Mapping[str, FetchResult], due: Due) -> None:
        days = {account.account_id: due[account] for account in due}
        with stopping(self._project.landing):
            self._runs.record(fetched, days, self._progress)

    def _sync_lists(self, accounts: list[Account], result: SyncResult) -> None:
        """Fetch the lists of users that are due, record them, and add what failed to `result`."""
        with stopping(self._project.landing):
            fetched = fetch_due_lists(self._project, accounts, self._progress, self._now)
            if fetched:
                self._runs.record_lists(
                    {account.account_id: list_ for account, list_ in fetched.items()}, self._progress
                )
        count_lists(fetched, result)

    def _derive(self) -> DeriveResult:
        project = self._project
        days = {day for key in project.landing.pending() for day in key.window.days}
        if not (days or project.user_lists.landing.pending() or self._lacks_derived_tables()):
            return DeriveResult()
        span = f"the days from {min(days)} to {max(days)}" if days else "what the warehouse lacks"
        self._progress.start(f"deriving {span}", 1)
        with stopping(self._project.landing):
            result = self._runs.derive(days)
        self._progress.advance()
        return result

    def _lacks_derived_tables(self) -> bool:
        project = self._project
        return (
            project.has_changed_files
            or has_new_conversion(project)
            or needs_derive(project.warehouse, project.landing, project.published_dir, project.seat_rules)
            or is_coverage_behind(project.warehouse, digest_of(project.account_histories()))
        )


@contextmanager
def stopping(landing: Landing) -> Iterator[None]:
    """Turn an interrupt during the block into an error that says how to continue.

    DuckDB raises a `RuntimeError` where an interrupt stops one of its statements.

    Raises:
        SyncInterrupted: The process was told to stop.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise SyncInterrupted(_interrupted(landing)) from None
    except RuntimeError as error:
        if str(error) != INTERRUPTED_STATEMENT:
            raise
        raise SyncInterrupted(_interrupted(landing)) from None


def check_range(first: date | None, last: date | None, first_day: date, today: date) -> None:
    """Refuse a range with a day that is not a daily partition.

    Raises:
        WrongRange: The range is reversed, includes a day that is not over, or begins before the first partition.
    """
    if first and last and last < first:
        raise WrongRange(f"{last} is before {first}: put the earlier day first.")
    if max(first or date.min, last or date.min) >= today:
        raise WrongRange(f"{max(first or date.min, last or date.min)} is not over in UTC: ask for days before {today}.")
    if min(first or date.max, last or date.max) < first_day:
        raise WrongRange(
            f"{min(first or date.max, last or date.max)} is before USAGE_START_DATE, which is {first_day}: "
            "ask for later days, or set USAGE_START_DATE to an earlier day."
        )


def _failed_whole(fetched: Mapping[str, FetchResult], account: Account) -> bool:
    """Return whether everything of an account fails, so that its list of users would fail too."""
    return account.account_id in fetched and fetched[account.account_id].has_account_failure


def _windows(target: FetchTarget, days: list[date]) -> int:
    return len(windows_of(days, target.profile)) * len(target.profile.reports)


def _interrupted(landing: Landing) -> str:
    waiting = len(landing.pending())
    kept = "Nothing waits to be derived"
    if waiting:
        kept = f"{waiting} landed {'window is' if waiting == 1 else 'windows are'} kept and not derived yet"
    return f"Stopped. {kept}; run `usage-assets sync` again to continue."
