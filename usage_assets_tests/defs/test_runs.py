"""Runs of the assets in this process, against the sandbox."""

from datetime import date, timedelta
from decimal import Decimal

import dagster as dg
import duckdb
import pytest

from truto_sandbox.ledger import Ledger
from usage_assets.defs.assets import derived_keys
from usage_assets.defs.build import build_definitions
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import account_range_tags, date_range_tags
from usage_assets.integrations.windows import Window, day_window
from usage_assets.landing.accounts import Account
from usage_assets.landing.manifest import WindowKey
from usage_assets.project import Project
from usage_assets_tests.defs.conftest import SANDBOX, TODAY, ProjectAt

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")

RAW_USAGE = dg.AssetKey("raw_usage")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def test_a_day_of_an_account_lands(instance: dg.DagsterInstance, project: Project) -> None:
    account = _account(project, "cursor")
    day, _ = _billed_day(account.account_id)

    result = _fetch(project, instance, account.account_id, day, day)

    manifest = project.landing.manifest(WindowKey(account.account_id, "default", day, day + timedelta(days=1)))
    assert result.success
    assert manifest is not None
    assert manifest.rows > 0
    assert _materialized(instance) == {f"{account.account_id}|{day}"}


def test_a_range_of_days_lands_in_one_run(instance: dg.DagsterInstance, project: Project) -> None:
    account, first, last = _account(project, "openai_codex"), _days_ago(5), _days_ago(3)

    result = _fetch(project, instance, account.account_id, first, last)

    assert result.success
    assert _materialized(instance) == {f"{account.account_id}|{first + timedelta(days=n)}" for n in range(3)}


def test_landed_windows_are_derived_and_published(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    account = _account(project, "cursor")
    day, cost = _billed_day(account.account_id)
    _fetch(project, instance, account.account_id, day, day)

    result = _run(project, instance, derived_keys(location), date_range_tags(day_window(day)))

    files = project.settings.published_dir / "current/cost_by_account/*.parquet"
    published = duckdb.execute(f"select usage_date, account_id, cost from '{files}'").fetchall()
    assert result.success
    assert published == [(day, account.account_id, cost)]
    assert project.landing.pending() == []


def test_a_single_aggregate_can_be_materialized(instance: dg.DagsterInstance, project: Project) -> None:
    account = _account(project, "cursor")
    day, _ = _billed_day(account.account_id)
    _fetch(project, instance, account.account_id, day, day)
    asked = [dg.AssetKey(table) for table in ("usage", "prices", "cost", "cost_by_user")]

    result = _run(project, instance, asked, date_range_tags(day_window(day)))

    with project.warehouse.reading() as warehouse:
        [(by_user, by_model)] = warehouse.execute(
            "select (select count(*) from cost_by_user), (select count(*) from cost_by_model)"
        ).fetchall()
    assert result.success
    assert by_user > 0
    assert by_model == 0


def test_an_account_that_fails_is_named(instance: dg.DagsterInstance, project: Project) -> None:
    [account] = [account for account in project.refresh_accounts() if account.status == "needs_reauth"]

    result = _fetch(project, instance, account.account_id, _days_ago(3), _days_ago(3))

    assert not result.success
    assert account.account_id in _failure(result)
    assert _materialized(instance) == set()


def test_a_failed_account_does_not_affect_others_in_its_run(instance: dg.DagsterInstance, project: Project) -> None:
    listed = project.refresh_accounts()
    [blocked, *_] = [account.account_id for account in listed if account.status == "needs_reauth"]
    first, last = _account(project, "openai_codex").account_id, _account(project, "cursor").account_id
    instance.add_dynamic_partitions("accounts", [first, blocked, last])
    day = _days_ago(3)

    result = _run(project, instance, [RAW_USAGE], account_range_tags([first, blocked, last], day_window(day)))

    assert not result.success
    assert "1 of 3 accounts failed" in _failure(result)
    assert _materialized(instance) == {f"{first}|{day}", f"{last}|{day}"}


def test_a_refused_token_fails_the_run_and_is_not_shown(
    instance: dg.DagsterInstance, project: Project, project_with: ProjectAt
) -> None:
    account = _account(project, "openai_codex")

    result = _fetch(project_with(token="0123456789secret"), instance, account.account_id, _days_ago(3), _days_ago(3))

    assert not result.success
    assert "0123456789secret" not in _failure(result)


def test_a_day_that_is_not_over_is_refused(instance: dg.DagsterInstance, project: Project) -> None:
    account, today = _account(project, "openai_codex"), TODAY

    result = _fetch(project, instance, account.account_id, today, today)

    assert not result.success
    assert f"{today} is not over yet" in _failure(result)


def test_a_reversed_range_is_refused(instance: dg.DagsterInstance, project: Project) -> None:
    account = _account(project, "openai_codex")

    result = _fetch(project, instance, account.account_id, _days_ago(3), _days_ago(5))

    assert not result.success
    assert "put the earlier day first" in _failure(result)


def test_an_environment_of_another_api_is_refused(instance: dg.DagsterInstance, project: Project) -> None:
    account = _account(project, "openai_codex")
    (project.landing.root / "origin").write_text("https://api.truto.account")

    result = _fetch(project, instance, account.account_id, _days_ago(3), _days_ago(3))

    assert not result.success
    assert "holds the data of https://api.truto.account" in _failure(result)


def _account(project: Project, integration: str) -> Account:
    listed = project.fetched_accounts(project.refresh_accounts())
    return next(account for account in listed if account.integration == integration)


def _billed_day(account_id: str) -> tuple[date, Decimal]:
    """Return a final day with billed cost, and that cost, from the sandbox's ledger."""
    ledger, days = Ledger(SANDBOX), (day_window(_days_ago(number)) for number in range(10, 40))
    bills = ((window.start, ledger.costs(account_id, window.start, window.end).values()) for window in days)
    return next((day, bill.cost) for day, of_day in bills for bill in of_day if bill.cost > 0)


def _days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def _fetch(
    project: Project, instance: dg.DagsterInstance, account_id: str, first: date, last: date
) -> dg.ExecuteInProcessResult:
    instance.add_dynamic_partitions("accounts", [account_id])
    tags = account_range_tags([account_id], Window(first, last + timedelta(days=1)))
    return _run(project, instance, [RAW_USAGE], tags)


def _run(
    project: Project, instance: dg.DagsterInstance, keys: list[dg.AssetKey], tags: dict[str, str]
) -> dg.ExecuteInProcessResult:
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    return job.execute_in_process(
        run_config=QUIET, instance=instance, asset_selection=keys, tags=tags, raise_on_error=False
    )


def _materialized(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.get_materialized_partitions(RAW_USAGE))


def _failure(result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(str(event.event_specific_data) for event in result.all_events if event.is_failure)
