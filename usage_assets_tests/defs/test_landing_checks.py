"""The checks of what does not heal by itself are reported without a run, once for each change."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from usage_assets.defs.landing_checks import report_lasting_trouble
from usage_assets.defs.location import CodeLocation
from usage_assets.integrations.windows import ONE_DAY
from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchResult
from usage_assets.landing.manifest import WindowKey
from usage_assets.lasting_trouble import FAILING, OVERDUE
from usage_assets.project import Project
from usage_assets.truto import RequestRejected
from usage_assets_tests.defs.conftest import NOW
from usage_assets_tests.landing.land import land

RED, YELLOW = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


@pytest.fixture
def account(project: Project) -> Account:
    return next(account for account in project.refresh_accounts() if account.integration == "cursor")


def evaluations(instance: dg.DagsterInstance, check: str) -> list[dg.AssetCheckEvaluation]:
    """Return the evaluations of a check, newest first."""
    key = dg.AssetCheckKey(dg.AssetKey("usage"), check)
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
    found = [record.event.asset_check_evaluation for record in records if record.event is not None]
    return [evaluation for evaluation in found if evaluation is not None]


def fail(project: Project, account: Account, at: datetime) -> None:
    failed = FetchResult(error=RequestRejected("blocked", account_id=account.account_id), failed=1)
    project.failures.note_fetch(account.account_id, failed, [], "", at)


def test_no_trouble_is_not_reported(instance: dg.DagsterInstance, location: CodeLocation, account: Account) -> None:
    report_lasting_trouble(instance, location, [account], NOW)

    assert evaluations(instance, FAILING) == evaluations(instance, OVERDUE) == []


def test_an_account_that_keeps_failing_is_yellow_once_and_green_when_it_is_over(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation, account: Account
) -> None:
    fail(project, account, NOW)
    for _ in range(3):
        report_lasting_trouble(instance, location, [account], NOW)
    project.failures.note_fetch(account.account_id, FetchResult(), [], "", NOW)
    report_lasting_trouble(instance, location, [account], NOW)

    green, yellow = evaluations(instance, FAILING)
    assert (yellow.passed, yellow.severity, green.passed) == (False, YELLOW, True)
    assert "failed once since 2026-11-18 12:00 UTC" in str(yellow.metadata["examples"].value)


def test_an_account_that_has_failed_for_more_than_a_day_is_red(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation, account: Account
) -> None:
    fail(project, account, NOW - timedelta(days=1, seconds=1))

    report_lasting_trouble(instance, location, [account], NOW)

    assert [found.severity for found in evaluations(instance, FAILING)] == [RED]


def test_a_window_that_stays_provisional_beyond_its_date_is_yellow_and_says_why(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation, account: Account
) -> None:
    day = date(2026, 10, 1)
    key = WindowKey(account.account_id, "default", day, day + ONE_DAY)
    land(project.landing, b"{}", key=key, at=datetime(2026, 10, 3, tzinfo=UTC))
    fail(project, account, NOW)

    report_lasting_trouble(instance, location, [account], NOW)

    [found] = evaluations(instance, OVERDUE)
    said = str(found.metadata["examples"].value)
    assert (found.passed, found.severity) == (False, YELLOW)
    assert "1 window is not final, the oldest 2026-10-01, because" in said
    assert "blocked" in said
