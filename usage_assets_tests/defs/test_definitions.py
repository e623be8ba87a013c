"""The definitions that Dagster loads from the code location."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from usage_assets.defs.build import build_definitions
from usage_assets.defs.checks import INVARIANTS
from usage_assets.lasting_trouble import LANDING_CHECKS
from usage_assets.project import Project
from usage_assets_tests.checkout import CHECKOUT

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

ASSETS = {
    "raw_usage",
    "raw_users",
    "reference_rates",
    "usage",
    "prices",
    "cost",
    "cost_by_model",
    "cost_by_provider",
    "cost_by_surface",
    "cost_by_user",
    "cost_by_account",
    "cost_by_resource",
    "cost_by_team",
    "cost_by_meter",
    "price_variance",
    "coverage",
    "activity_by_user",
    "seats",
    "spend_anomalies",
    "spend_projection",
    "budget_status",
    "published",
}


@pytest.fixture
def defs(project: Project) -> dg.Definitions:
    return build_definitions(project)


def test_definitions_load_with_an_empty_environment(tmp_path: Path) -> None:
    program = "from usage_assets.definitions import defs; defs.resolve_asset_graph()"

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={"PYTHONPATH": str(CHECKOUT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_assets_are_the_tables(defs: dg.Definitions) -> None:
    assert {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()} == ASSETS


def test_every_asset_with_partitions_runs_a_range_in_a_single_run(defs: dg.Definitions) -> None:
    nodes = [node for node in defs.resolve_asset_graph().asset_nodes if node.is_partitioned]

    assert {node.key.to_user_string() for node in nodes} == ASSETS - {"raw_users", "reference_rates"}
    assert {node.key: node.backfill_policy for node in nodes} == {
        node.key: dg.BackfillPolicy.single_run() for node in nodes
    }


def test_sensors_and_schedules_run_from_the_start(defs: dg.Definitions) -> None:
    repository = defs.get_repository_def()

    sensors = {sensor.name: sensor.default_status for sensor in repository.sensor_defs}
    schedules = {(schedule.name, schedule.cron_schedule) for schedule in repository.schedule_defs}
    assert sensors == dict.fromkeys(["new_accounts", "landed_usage"], dg.DefaultSensorStatus.RUNNING)
    assert schedules == {("daily_usage", "0 6 * * *"), ("hourly_refresh", "15 * * * *")}
    assert {(schedule.execution_timezone, schedule.default_status) for schedule in repository.schedule_defs} == {
        ("UTC", dg.DefaultScheduleStatus.RUNNING)
    }


def test_every_check_belongs_to_an_asset_and_has_a_query(defs: dg.Definitions) -> None:
    checks = defs.resolve_asset_graph().asset_check_keys

    queries = {path.stem for path in (CHECKOUT / "usage_assets/warehouse/sql/checks").glob("*.sql")}
    without_query = {check.name for check in INVARIANTS} | {check.name for check in LANDING_CHECKS}
    assert {key.name for key in checks} - without_query == queries
    assert {key.asset_key.to_user_string() for key in checks} <= ASSETS
