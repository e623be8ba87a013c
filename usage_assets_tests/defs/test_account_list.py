"""Sensors and `sync` with an account list that is empty or holds bad rows, and with a changed `accounts.csv`."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from usage_assets.defs.build import code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.sensors import build_landed_usage, build_new_accounts
from usage_assets.lasting_trouble import mistakes_of
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets.sync import Sync
from usage_assets.sync_result import SyncResult
from usage_assets_tests.stand_in import TOKEN, StandIn, account, running_stand_in

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = date(2026, 11, 10)
ROW = {
    "id": "row-1",
    "start_date": f"{DAY}T00:00:00Z",
    "end_date": f"{DAY}T23:59:59Z",
    "charges": [{"amount": 7, "currency": "USD", "type": "net"}],
}

SyncDay = Callable[[], SyncResult]


@pytest.fixture
def api() -> Iterator[StandIn]:
    with running_stand_in() as api:
        api.accounts = [account("older"), account("newer")]
        api.rows = {"older": [ROW], "newer": [ROW]}
        yield api


@pytest.fixture
def project(api: StandIn, tmp_path: Path) -> Project:
    settings = {"token": TOKEN, "base_url": api.url, "data_dir": tmp_path / "data", "start_date": date(2026, 11, 1)}
    return Project(Settings.model_validate(settings), lambda: NOW)


@pytest.fixture
def sync_day(project: Project, instance: dg.DagsterInstance) -> SyncDay:
    """Return a function that runs a sync of one day."""
    return lambda: Sync(project, InProcessRuns(project, instance), NoProgress()).run([], DAY, DAY)


def skip_message(project: Project, instance: dg.DagsterInstance) -> str:
    """Return why `new_accounts` starts nothing."""
    result = build_new_accounts(code_location(project))(dg.build_sensor_context(instance=instance))
    assert isinstance(result, dg.SkipReason)
    return result.skip_message or ""


def costs(project: Project) -> list[tuple[object, ...]]:
    with project.warehouse.reading() as connection:
        return connection.execute("select account_id, cost from cost order by all").fetchall()


def are_new(project: Project) -> bool:
    """Return whether the tables are not derived by the present `accounts.csv` yet."""
    return project.has_changed_files


def test_an_empty_list_is_the_reason_to_add_and_remove_nothing(
    api: StandIn, project: Project, instance: dg.DagsterInstance
) -> None:
    known = project.refresh_accounts()

    api.accounts = []

    assert "so nothing is marked as deleted" in skip_message(project, instance)
    assert project.account_list.read() == known


def test_accounts_that_cannot_be_read_are_named_by_the_sensor(
    api: StandIn, project: Project, instance: dg.DagsterInstance
) -> None:
    project.refresh_accounts()

    api.accounts = [account("older", status=5), account("newer", status="connecting"), {"id": "third"}, None]

    message = skip_message(project, instance)
    assert "cursor · acme (its row in Truto's account list cannot be read" in message
    assert "Account third (it has no `integration`)" in message
    assert "Row 4 of Truto's account list (it is null and must be an object)" in message


def test_a_changed_file_of_accounts_is_derived_by_the_next_sync(
    project: Project, sync_day: SyncDay, instance: dg.DagsterInstance
) -> None:
    sync_day()
    assert costs(project) == [("newer", 7), ("older", 7)]

    project.settings.accounts_path.write_text("account_id,display_name,replaces\nnewer,Research,older\n")
    runs = instance.get_runs_count()
    assert are_new(project)
    sync_day()

    assert costs(project) == [("newer", 7)]
    assert not are_new(project)
    assert instance.get_runs_count() > runs
    sync_day()
    assert not are_new(project)


def test_a_changed_file_of_accounts_starts_a_derive_run(
    project: Project, sync_day: SyncDay, instance: dg.DagsterInstance
) -> None:
    sync_day()
    sensor, context = build_landed_usage(code_location(project)), dg.build_sensor_context(instance=instance)
    assert isinstance(sensor(context), dg.SkipReason)

    project.settings.accounts_path.write_text("account_id,ignore_from\nolder,2026-11-01\n")

    assert isinstance(sensor(context), dg.RunRequest)


def test_mistakes_in_the_file_of_accounts_leave_its_last_good_content_in_force(
    project: Project, sync_day: SyncDay
) -> None:
    sync_day()
    project.settings.accounts_path.write_text("account_id,display_name,replaces\nnewer,Research,older\n")
    sync_day()

    project.settings.accounts_path.write_text("account_id,ignore_from\nolder,yesterday\n")
    assert not are_new(project)
    sync_day()

    assert costs(project) == [("newer", 7)]
    assert project.account_rules.names == {"newer": "Research"}
    [mistake] = [trouble.sentence for trouble in mistakes_of(project.files.accounts)]
    assert "line 2, column ignore_from: 'yesterday'" in mistake
