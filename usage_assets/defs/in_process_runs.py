"""Execute runs in this process for `sync`, `reprice` and `rebuild`: same assets, same instance, one run at a time.

Parallel runs in one process deadlock on a SQLite instance: Dagster's logging and its event log wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import dagster as dg

from usage_assets.defs.assets import derived_keys
from usage_assets.defs.build import build_definitions, code_location
from usage_assets.defs.dead_runs import LOCKED_TAG, WHOLE_RUN, end_dead_runs
from usage_assets.defs.failed_runs import failure_of_run, note_last_derive, remove_old_failures
from usage_assets.defs.instance import claim_instance
from usage_assets.defs.landing_checks import report_lasting_trouble
from usage_assets.defs.people_assets import RAW_USERS
from usage_assets.defs.reference_rates import ASSET as REFERENCE_RATES
from usage_assets.defs.run_locks import forget_lock, held_run_lock
from usage_assets.defs.run_requests import derive_tags, fetch_tags, refresh_tags, users_tags
from usage_assets.landing.fetch import FetchResult
from usage_assets.planning import MOST_ACCOUNTS, chunks_of, derive_window
from usage_assets.progress import Progress
from usage_assets.project import Project
from usage_assets.sync_result import DeriveResult

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class FetchedSource:
    """A source that returns the windows and lists of users fetched before the run, by account id."""

    fetched: Mapping[str, FetchResult] = field(default_factory=dict)
    lists: Mapping[str, FetchResult] = field(default_factory=dict)

    def fetch(self, account_id: str, days: list[date]) -> FetchResult:
        """Return the windows of one account that cover any of `days`."""
        wanted = set(days)
        return FetchResult([window for window in self.fetched[account_id].landed if wanted.intersection(window.days)])

    def fetch_users(self) -> dict[str, FetchResult]:
        """Return the lists of users."""
        return dict(self.lists)


class InProcessRuns:
    """Records fetches and executes derive runs of one project on one instance."""

    def __init__(self, project: Project, instance: dg.DagsterInstance) -> None:
        self._project = project
        self._instance = instance
        self._location = code_location(project)
        claim_instance(instance, self._location)
        end_dead_runs(instance, self._location, project.now())
        remove_old_failures(instance, self._location)

    def record(
        self, fetched: Mapping[str, FetchResult], days: Mapping[str, Collection[date]], progress: Progress
    ) -> None:
        """Record the days that landed, including those of an account that failed afterwards."""
        location = self._location
        self._instance.add_dynamic_partitions(location.partitions.accounts_name, list(days))
        landed = {name: set(fetched[name].days()).intersection(days[name]) for name in days}
        accounts = {account.account_id: account for account in self._project.account_list.read()}
        definitions = build_definitions(self._project, source=FetchedSource(fetched))
        chunks = chunks_of(landed, location.account_order(self._instance), most_accounts=MOST_ACCOUNTS)
        if chunks:
            progress.start("recording in Dagster", len(chunks))
        for chunk in chunks:
            self.execute(definitions, [location.naming.key("raw_usage")], fetch_tags(location, chunk, accounts))
            progress.advance()
        report_lasting_trouble(self._instance, location, list(accounts.values()), self._project.now())

    def record_lists(self, fetched: Mapping[str, FetchResult], progress: Progress) -> None:
        """Record the lists of users that landed, including those beside one that failed."""
        location = self._location
        progress.start("recording in Dagster", 1)
        definitions = build_definitions(self._project, source=FetchedSource(lists=fetched))
        self.execute(definitions, [location.naming.key(RAW_USERS)], users_tags(location))
        progress.advance()
        accounts = self._project.account_list.read()
        report_lasting_trouble(self._instance, location, accounts, self._project.now())

    def refresh(self, progress: Progress) -> None:
        """Download the rates and prices that are due; what fails is a finding of the checks."""
        if not self._project.reference.due(self._project.now()):
            return
        progress.start("downloading exchange rates and prices", 1)
        location = self._location
        definitions = build_definitions(self._project)
        result = self.execute(definitions, [location.naming.key(REFERENCE_RATES)], refresh_tags(location))
        if not result.success:
            progress.note(f"Exchange rates and prices were not downloaded: {failure_of_run(result.all_events)}")
        progress.advance()

    def derive(self, days: Iterable[date]) -> DeriveResult:
        """Derive and publish `days` and every other day that is stale."""
        window = derive_window(days, self._project.first_day, self._location.today())
        tags = derive_tags(self._location, window)
        result = self.execute(build_definitions(self._project), derived_keys(self._location), tags)
        if not result.success:
            note_last_derive(self._instance, self._location)
            return DeriveResult(failure=failure_of_run(result.all_events))
        return DeriveResult(_loaded(result, "rows_rejected"), _loaded(result, "windows_waiting"))

    def execute(
        self, definitions: dg.Definitions, keys: Iterable[dg.AssetKey], tags: Mapping[str, str]
    ) -> dg.ExecuteInProcessResult:
        """Execute one run over `keys` and return its result, even if the run failed."""
        job = definitions.resolve_implicit_global_asset_job_def()
        run_id = str(uuid4())
        # The lock is taken before the run exists, so that a killed `sync` leaves no run that nobody can tell is dead.
        with held_run_lock(self._project, run_id):
            result = job.execute_in_process(
                run_config=QUIET,
                instance=self._instance,
                asset_selection=list(keys),
                run_id=run_id,
                tags={**tags, LOCKED_TAG: WHOLE_RUN},
                raise_on_error=False,
            )
        forget_lock(self._project, run_id)
        return result


def _loaded(result: dg.ExecuteInProcessResult, name: str) -> int:
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        if name in metadata:
            return int(str(metadata[name].value))
    return 0
