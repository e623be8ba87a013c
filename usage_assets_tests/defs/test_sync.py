"""`sync` and `reprice`: whole runs on a real instance against the sandbox."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from usage_assets.defs.checks import DATA_CHECKS, INVARIANTS
from usage_assets.defs.repricing import reprice_days
from usage_assets.defs.resources import Project, utc_now
from usage_assets.defs.sync import Sync, SyncResult
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.tables import BOOKKEEPING, TABLES

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

NAMES_OF_INVARIANTS = {check.name for check in INVARIANTS}


@dataclass(frozen=True)
class Standing:
    """What stood after a sync: what it did, every row of every table, every file, and the runs on the instance."""

    outcome: SyncResult
    tables: dict[str, Any]
    files: dict[Path, bytes]
    runs: int


@pytest.fixture
def synced(project: Project, instance: dg.DagsterInstance) -> tuple[Standing, Standing]:
    """An environment of one account, after a first sync and after a second."""
    account = project.fetched_accounts(project.refresh_accounts(utc_now()))[0]

    def sync() -> Standing:
        outcome = Sync(project, instance, utc_now(), lambda _: None).run([account.account_id], None, None)
        return Standing(outcome, contents(project), files_of(project), instance.get_runs_count())

    return sync(), sync()


def contents(project: Project) -> dict[str, Any]:
    """Every row of every table."""
    with duckdb.connect(str(project.settings.warehouse_path), read_only=True) as warehouse:
        names = [*TABLES, *(f"bookkeeping.{table}" for table in BOOKKEEPING)]
        return {name: warehouse.execute(f"from {name} order by all").fetchall() for name in names}


def files_of(project: Project) -> dict[Path, bytes]:
    """Every file in the data folder but the account list, which notes when it was last seen, and locks."""
    passing = {"accounts.json", "accounts", "lock"}
    paths = (path for path in project.settings.data_dir.rglob("*") if path.is_file() and path.name not in passing)
    return {path: path.read_bytes() for path in paths}


def test_a_second_sync_changes_nothing_and_writes_nothing_new(synced: tuple[Standing, Standing]) -> None:
    first, second = synced

    assert (first.outcome.windows > 0, second.outcome.windows) == (True, 0)
    assert (first.tables, first.files, first.runs) == (second.tables, second.files, second.runs)


def test_repricing_by_the_same_book_changes_nothing(
    synced: tuple[Standing, Standing], project: Project, instance: dg.DagsterInstance
) -> None:
    now = utc_now()

    done = reprice_days(project, instance, (now - timedelta(days=9)).date(), (now - timedelta(days=1)).date(), now)

    assert (done.priced, done.converted, done.failure) == (set(), set(), None)
    assert contents(project) == synced[1].tables


def test_there_is_nothing_to_price_before_a_sync(project: Project, instance: dg.DagsterInstance) -> None:
    today = utc_now().date()

    with pytest.raises(NothingLoaded, match="run `usage-assets sync` first"):
        reprice_days(project, instance, today - timedelta(days=2), today - timedelta(days=1), utc_now())


def test_every_check_is_evaluated_by_a_sync_and_every_invariant_holds(
    synced: tuple[Standing, Standing], instance: dg.DagsterInstance
) -> None:
    evaluated = {
        (one.asset_key.to_user_string(), one.check_name): one.passed
        for run in instance.get_runs()
        for record in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        if (one := record.get_dagster_event().asset_check_evaluation_data)
    }

    assert set(evaluated) == {(check.asset, check.name) for check in [*DATA_CHECKS, *INVARIANTS]}
    assert [key for key, passed in evaluated.items() if key[1] in NAMES_OF_INVARIANTS and not passed] == []
