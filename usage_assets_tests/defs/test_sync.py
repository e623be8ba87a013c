"""`sync` and `reprice`: whole runs on a real instance against the sandbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from usage_assets.completeness_report import live_coverage
from usage_assets.defs.checks import INVARIANTS
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.run_requests import DERIVE, STEP_TAG
from usage_assets.integrations.windows import Window
from usage_assets.lasting_trouble import LANDING_CHECKS
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.rederiving import RepriceResult, rebuild_warehouse, reprice_days
from usage_assets.sync import Sync, WrongRange
from usage_assets.sync_result import SyncResult
from usage_assets.warehouse.data_checks import DATA_CHECKS
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.tables import BOOKKEEPING, TABLES
from usage_assets_tests.defs.conftest import NOW, TODAY, ProjectAt

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

NAMES_OF_INVARIANTS = {check.name for check in INVARIANTS}

SyncOnce = Callable[..., SyncResult]


@dataclass(frozen=True)
class Aftermath:
    """The state after a sync: its result, every row of every table, every file, and the number of runs."""

    result: SyncResult
    tables: dict[str, Any]
    files: dict[Path, bytes]
    runs: int


@pytest.fixture
def sync(project: Project, instance: dg.DagsterInstance) -> SyncOnce:
    """Return a function that runs a sync of the project."""

    def run(*accounts: str, first: date | None = None, last: date | None = None) -> SyncResult:
        return Sync(project, InProcessRuns(project, instance), NoProgress()).run(accounts, first, last)

    return run


@pytest.fixture
def synced(project: Project, instance: dg.DagsterInstance, sync: SyncOnce) -> tuple[Aftermath, Aftermath]:
    """The states of a project of one account after a first and after a second sync."""
    account = project.fetched_accounts(project.refresh_accounts())[0]

    def aftermath() -> Aftermath:
        result = sync(account.account_id)
        return Aftermath(result, contents(project), files_of(project), instance.get_runs_count())

    return aftermath(), aftermath()


def contents(project: Project) -> dict[str, Any]:
    """Return every row of every table."""
    with duckdb.connect(str(project.warehouse.path), read_only=True) as warehouse:
        names = [*TABLES, *(f"bookkeeping.{table}" for table in BOOKKEEPING)]
        return {name: warehouse.execute(f"from {name} order by all").fetchall() for name in names}


def files_of(project: Project) -> dict[Path, bytes]:
    """Return the files of the data folder, without locks and without the account list, whose times change."""
    passing = {"accounts.json", "accounts", "lock"}
    paths = (path for path in project.settings.data_dir.rglob("*") if path.is_file() and path.name not in passing)
    return {path: path.read_bytes() for path in paths}


def test_a_second_sync_changes_nothing_and_writes_nothing_new(synced: tuple[Aftermath, Aftermath]) -> None:
    first, second = synced

    assert (first.result.windows > 0, second.result.windows) == (True, 0)
    assert (first.tables, first.files, first.runs) == (second.tables, second.files, second.runs)


def test_repricing_by_the_same_book_changes_nothing(
    synced: tuple[Aftermath, Aftermath], project: Project, instance: dg.DagsterInstance
) -> None:
    done = repriced(project, instance, 9)

    assert (done.priced, done.converted, done.failure) == (set(), set(), None)
    assert contents(project) == synced[1].tables


def test_there_is_nothing_to_price_before_a_sync(project: Project, instance: dg.DagsterInstance) -> None:
    with pytest.raises(NothingLoaded, match="run `usage-assets sync` first"):
        repriced(project, instance, 2)


def repriced(project: Project, instance: dg.DagsterInstance, days: int) -> RepriceResult:
    first, last = TODAY - timedelta(days=days), TODAY - timedelta(days=1)
    return reprice_days(project, InProcessRuns(project, instance), first, last)


def test_a_rebuilt_warehouse_holds_what_the_old_one_held(
    synced: tuple[Aftermath, Aftermath], project: Project, instance: dg.DagsterInstance
) -> None:
    tables = ("cost", "cost_by_model", "price_variance", "coverage", "users")

    rebuilt = rebuild_warehouse(project, InProcessRuns(project, instance))

    after = contents(project)
    assert (rebuilt.derived.failure, rebuilt.set_aside) == (None, project.warehouse.path.with_suffix(".duckdb.1"))
    assert {table: after[table] for table in tables} == {table: synced[1].tables[table] for table in tables}


def test_a_derive_run_that_fails_ends_with_the_sentence_of_its_error(
    synced: tuple[Aftermath, Aftermath], project: Project, instance: dg.DagsterInstance
) -> None:
    with duckdb.connect(str(project.warehouse.path)) as warehouse:
        warehouse.execute("alter table cost_by_model drop column tax")

    derived = InProcessRuns(project, instance).derive([TODAY - timedelta(days=3)])

    assert derived.failure is not None
    assert derived.failure.startswith(f"The warehouse {project.warehouse.path} has schema version ")
    assert "lacks cost_by_model.tax: run `usage-assets rebuild`" in derived.failure


def test_there_is_nothing_to_rebuild_before_a_sync(project: Project, instance: dg.DagsterInstance) -> None:
    with pytest.raises(NothingLoaded, match="holds no landed window"):
        rebuild_warehouse(project, InProcessRuns(project, instance))


def test_every_check_is_evaluated_by_a_sync_and_every_invariant_holds(
    synced: tuple[Aftermath, Aftermath], instance: dg.DagsterInstance
) -> None:
    evaluated = {
        (result.asset_key.to_user_string(), result.check_name): result.passed
        for run in instance.get_runs()
        for record in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        if (result := record.get_dagster_event().asset_check_evaluation_data)
    }

    of_tables = {(check.table, check.name) for check in [*DATA_CHECKS, *INVARIANTS]}
    of_landing = {(check.table, check.name) for check in LANDING_CHECKS if check.table != "reference_rates"}
    assert set(evaluated) == of_tables | of_landing
    assert [key for key, passed in evaluated.items() if key[1] in NAMES_OF_INVARIANTS and not passed] == []


def test_windows_that_were_provisional_before_a_long_outage_are_final_after_one_sync(
    project_with: ProjectAt, instance: dg.DagsterInstance
) -> None:
    before, after = (project_with(now=lambda at=at: at) for at in (NOW - timedelta(days=14), NOW))
    [cursor, *_] = [account for account in before.refresh_accounts() if account.integration == "cursor"]

    def sync_of(project: Project) -> dict[Window, datetime]:
        Sync(project, InProcessRuns(project, instance), NoProgress()).run([cursor.account_id])
        return project.landing.provisional_fetches(cursor.account_id, ["default"])

    left_open = sync_of(before)
    still_open = sync_of(after)

    assert len(left_open) == before.profiles.of("cursor").reread
    assert not left_open.keys() & still_open.keys()


def test_coverage_is_brought_up_to_date_once_a_day_although_nothing_changed(
    project_with: ProjectAt, instance: dg.DagsterInstance
) -> None:
    now = [NOW]
    project = project_with(now=lambda: now[0])
    [cursor, *_] = [account for account in project.refresh_accounts() if account.integration == "cursor"]
    final = TODAY - timedelta(days=9)

    def derive_runs() -> int:
        Sync(project, InProcessRuns(project, instance), NoProgress()).run([cursor.account_id], final, final)
        return instance.get_runs_count(dg.RunsFilter(tags={STEP_TAG: DERIVE}))

    first, again = derive_runs(), derive_runs()
    now[0] += timedelta(days=1)
    next_day, later = derive_runs(), derive_runs()

    assert (first, again, next_day, later) == (1, 1, 2, 2)
    [through] = {span.window.last for span in live_coverage(project)[cursor.account_id] if span.state == "missing"}
    assert through == TODAY


def test_an_account_whose_lock_or_landing_fails_stops_no_other(project: Project, instance: dg.DagsterInstance) -> None:
    [broken, *others] = project.fetched_accounts(project.refresh_accounts())
    folder = project.landing.root / "windows" / broken.account_id
    folder.parent.mkdir()
    folder.write_text("a file where the folder of the account should be")

    result = Sync(project, InProcessRuns(project, instance), NoProgress()).run()

    assert result.failures.keys() == {broken.account_id}
    assert f"Account {broken.account_id}: " in result.failures[broken.account_id]
    assert "could not be written" in result.failures[broken.account_id]
    assert {account_id for account_id, _ in project.landing.reports()} == {account.account_id for account in others}
    assert result.derived.failure is None
    failure = project.failures.of_account(broken.account_id)
    assert failure is not None
    assert failure.reason == result.failures[broken.account_id]


def test_an_account_is_chosen_by_part_of_its_name(sync: SyncOnce, project: Project) -> None:
    [cursor, *_] = [account for account in project.refresh_accounts() if account.integration == "cursor"]

    sync(f"cursor {cursor.tenant_id}")

    assert [account_id for account_id, _ in project.landing.reports()] == [cursor.account_id]


def test_a_range_before_the_first_partition_is_refused(sync: SyncOnce) -> None:
    with pytest.raises(WrongRange, match=r"2025-12-31 is before USAGE_START_DATE, which is 2026-01-01"):
        sync(first=date(2025, 12, 31), last=date(2026, 1, 2))


def test_a_range_that_is_not_over_is_refused(sync: SyncOnce) -> None:
    with pytest.raises(WrongRange, match=f"{TODAY} is not over in UTC"):
        sync(first=TODAY - timedelta(days=1), last=TODAY)


def test_a_reversed_range_is_refused(sync: SyncOnce) -> None:
    with pytest.raises(WrongRange, match="put the earlier day first"):
        sync(first=TODAY - timedelta(days=2), last=TODAY - timedelta(days=3))
