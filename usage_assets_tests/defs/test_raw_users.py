"""`raw_users`: lists of users by `sync`, schedule and sensor, each account with a failure of its own."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from usage_assets.defs.build import build_definitions, code_location
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.run_requests import FETCH_USERS, STEP_TAG, users_tags
from usage_assets.defs.schedules import reread_requests
from usage_assets.defs.sensors import landed_request, missing_requests
from usage_assets.lasting_trouble import failing
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.rederiving import rebuild_warehouse
from usage_assets.sync import Sync
from usage_assets.sync_result import SyncResult
from usage_assets_tests.defs.conftest import NOW, make_project
from usage_assets_tests.stand_in import StandIn, account, running_stand_in

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

ANN = {"id": "1", "name": "Ann", "emails": [{"email": "ann@x.example"}]}

ProjectOn = Callable[[datetime], Project]


@pytest.fixture
def api() -> Iterator[StandIn]:
    """Two accounts of Cursor with a user each, and one of an integration without lists."""
    with running_stand_in() as server:
        server.accounts = [account("a-1"), account("a-2"), account("a-3", "datadog")]
        server.users = {"a-1": [ANN], "a-2": [ANN]}
        yield server


@pytest.fixture
def project_at(api: StandIn, tmp_path: Path) -> ProjectOn:
    def made(now: datetime) -> Project:
        return make_project(api.url, data_dir=tmp_path / "data", now=lambda: now, backfill_days=2)

    return made


def sync(project: Project, instance: dg.DagsterInstance) -> SyncResult:
    return Sync(project, InProcessRuns(project, instance), NoProgress()).run()


def seats(project: Project) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(project.warehouse.path), read_only=True) as warehouse:
        return warehouse.execute("select account_id, last_seen_on from seats order by all").fetchall()


def asked(api: StandIn) -> int:
    return sum(path == "/unified/usage-metering/users" for path in api.paths)


def users_runs(requests: list[dg.RunRequest] | None) -> int:
    return sum(request.tags.get(STEP_TAG) == FETCH_USERS for request in requests or [])


def test_a_sync_lands_the_list_of_each_account_and_derives_seats(
    project_at: ProjectOn, instance: dg.DagsterInstance
) -> None:
    project = project_at(NOW)

    result = sync(project, instance)

    assert (result.failures, result.without_list, result.derived.failure) == ({}, {}, None)
    assert seats(project) == [("a-1", NOW.date()), ("a-2", NOW.date())]
    assert project.user_lists.landing.pending() == []


def test_a_list_is_asked_for_once_a_day(project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn) -> None:
    for hours in (0, 1, 17):
        sync(project_at(NOW + timedelta(hours=hours)), instance)
    assert asked(api) == 2

    sync(project_at(NOW + timedelta(hours=18)), instance)

    assert asked(api) == 4


def test_an_account_whose_list_fails_stops_no_other(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    api.users["a-1"] = "no list"
    project = project_at(NOW)

    result = sync(project, instance)

    assert result.failures.keys() == {"a-1"}
    assert "not valid" in result.failures["a-1"]
    assert seats(project) == [("a-2", NOW.date())]
    [trouble] = failing(project, project.account_list.read(), NOW)
    assert trouble.sentence.startswith("The list of users of cursor · acme (a-1) failed once")


def test_a_list_that_lands_again_no_longer_fails(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    api.users["a-1"] = "no list"
    sync(project_at(NOW), instance)
    api.users["a-1"] = [ANN]
    project = project_at(NOW + timedelta(hours=1))

    assert sync(project, instance).failures == {}
    assert project.users_failures.of_accounts() == {}


def test_a_vendor_without_a_list_is_named_and_no_failure(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    del api.users["a-1"]
    project = project_at(NOW)

    result = sync(project, instance)

    assert (result.has_failed, set(result.without_list)) == (False, {"a-1"})
    assert "the vendor has no list of users (HTTP 404, no such route)" in result.without_list["a-1"]
    assert project.users_failures.of_accounts() == {}


def test_a_run_of_the_asset_fetches_what_is_due_and_fails_for_the_account_that_failed(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    project = project_at(NOW)
    project.refresh_accounts()
    api.users["a-1"] = "no list"
    location = code_location(project)
    job = build_definitions(project).resolve_implicit_global_asset_job_def()

    result = job.execute_in_process(
        instance=instance,
        asset_selection=[location.naming.key("raw_users")],
        tags=users_tags(location),
        raise_on_error=False,
    )

    assert not result.success
    assert [key.account_id for key in project.user_lists.landing.windows()] == ["a-2"]
    event = instance.get_latest_materialization_event(location.naming.key("raw_users"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["lists"].value == 1


def test_the_schedule_asks_for_one_run_over_all_lists(project_at: ProjectOn, instance: dg.DagsterInstance) -> None:
    assert users_runs(reread_requests(instance, code_location(project_at(NOW)), NOW)) == 1


def test_the_sensor_asks_for_lists_that_no_schedule_fetched_and_waits_after_a_failure(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    def asked_at(now: datetime) -> dg.SensorResult | dg.SkipReason:
        project = project_at(now)
        return missing_requests(instance, code_location(project), project.refresh_accounts(), now)

    instance.add_dynamic_partitions("accounts", ["a-1", "a-2", "a-3"])
    first = asked_at(NOW)
    assert isinstance(first, dg.SensorResult)
    assert users_runs(list(first.run_requests or [])) == 1

    api.users["a-1"] = "no list"
    sync(project_at(NOW), instance)
    waiting, again = (asked_at(NOW + timedelta(seconds=seconds)) for seconds in (30, 61))

    assert isinstance(waiting, dg.SkipReason)
    assert "The list of users of cursor · acme failed once" in (waiting.skip_message or "")
    assert isinstance(again, dg.SensorResult)
    assert users_runs(list(again.run_requests or [])) == 1


def test_a_list_that_landed_without_a_derive_run_is_derived_by_the_next(
    project_at: ProjectOn, instance: dg.DagsterInstance, api: StandIn
) -> None:
    sync(project_at(NOW), instance)
    later = project_at(NOW + timedelta(days=1))
    code_location(later).source.fetch_users()

    request = landed_request(instance, code_location(later), later.now())
    assert isinstance(request, dg.RunRequest)
    assert InProcessRuns(later, instance).derive([]).failure is None

    assert seats(later) == [("a-1", later.now().date()), ("a-2", later.now().date())]
    assert isinstance(landed_request(instance, code_location(later), later.now()), dg.SkipReason)


def test_prices_that_change_are_derived_by_the_next_sync(project_at: ProjectOn, instance: dg.DagsterInstance) -> None:
    project = project_at(NOW)
    sync(project, instance)
    project.settings.seats_path.write_text(
        "valid_from,integration,monthly_price,currency\n2026-01-01,cursor,40,USD\n", encoding="utf-8"
    )

    sync(project, instance)

    with duckdb.connect(str(project.warehouse.path), read_only=True) as warehouse:
        assert warehouse.execute("select distinct monthly_price::integer from seats").fetchall() == [(40,)]


def test_a_rebuilt_warehouse_has_the_same_seats(project_at: ProjectOn, instance: dg.DagsterInstance) -> None:
    for day in range(2):
        sync(project_at(NOW + timedelta(days=day)), instance)
    project = project_at(NOW + timedelta(days=1))
    before = seats(project)

    rebuilt = rebuild_warehouse(project, InProcessRuns(project, instance))

    assert (rebuilt.derived.failure, seats(project)) == (None, before)
