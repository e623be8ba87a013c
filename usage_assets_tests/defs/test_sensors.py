"""What the sensors and the schedule ask for, against the sandbox."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from usage_assets.defs.partitions import RANGE_END_TAG, RANGE_START_TAG, days_in_tags
from usage_assets.defs.resources import Project, current_project, utc_now
from usage_assets.defs.schedules import daily_usage
from usage_assets.defs.sensors import ACCOUNT_TAG, CHUNK_TAG, DERIVE, FETCH, STEP_TAG, landed_usage, new_accounts
from usage_assets.integrations.windows import Window, reread_days
from usage_assets.landing.accounts import Account
from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets_tests.defs.conftest import BACKFILL_DAYS

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")


def test_new_accounts_get_partitions_and_ranged_runs(instance: dg.DagsterInstance, project: Project) -> None:
    result = _new_accounts(instance)

    active = _active(project)
    assert isinstance(result, dg.SensorResult)
    assert _added(result) == sorted(one.account_id for one in active)
    asked = {request.tags[ACCOUNT_TAG]: days_in_tags(request.tags, []) for request in result.run_requests or []}
    assert asked == {one.account_id: ([one.account_id], _history(project, one)) for one in active}


def test_a_request_says_what_it_fetches(instance: dg.DagsterInstance, project: Project) -> None:
    result = _new_accounts(instance)

    assert isinstance(result, dg.SensorResult)
    for request in result.run_requests or []:
        [account_id], window = days_in_tags(request.tags, []) or pytest.fail("no range")
        assert request.tags[STEP_TAG] == FETCH
        assert request.run_key == f"{request.tags[CHUNK_TAG]}:1"
        assert request.tags[RANGE_START_TAG] == f"{account_id}|{window.start}"
        assert request.tags[RANGE_END_TAG] == f"{account_id}|{window.last}"


def test_days_under_way_are_not_asked_for_again(instance: dg.DagsterInstance, project: Project) -> None:
    _note_runs(instance, _new_accounts(instance), dg.DagsterRunStatus.STARTED)

    result = _new_accounts(instance)

    assert isinstance(result, dg.SkipReason)
    assert "Nothing is missing" in (result.skip_message or "")


def test_a_failed_chunk_is_asked_for_three_times(instance: dg.DagsterInstance, project: Project) -> None:
    keys = []
    for _ in range(3):
        result = _new_accounts(instance)
        assert isinstance(result, dg.SensorResult)
        keys.append({(request.run_key or "").rpartition(":")[2] for request in result.run_requests or []})
        _note_runs(instance, result, dg.DagsterRunStatus.FAILURE)

    last = _new_accounts(instance)

    assert keys == [{"1"}, {"2"}, {"3"}]
    assert isinstance(last, dg.SkipReason)


def test_accounts_that_are_not_fetched_are_named(instance: dg.DagsterInstance, project: Project) -> None:
    _note_runs(instance, _new_accounts(instance), dg.DagsterRunStatus.STARTED)

    result = _new_accounts(instance)

    listed = project.account_list.read()
    left_out = [one for one in listed if one not in project.fetched_accounts(listed)]
    assert {one.status for one in left_out} == {"active", "needs_reauth"}
    assert isinstance(result, dg.SkipReason)
    for one in left_out:
        why = "marked as sandbox" if one.is_sandbox else f"its status is {one.status}"
        assert f"{one.account_id} ({why})" in (result.skip_message or "")


def test_sandbox_accounts_are_fetched_on_request(
    instance: dg.DagsterInstance, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USAGE_INCLUDE_SANDBOX", "1")

    result = _new_accounts(instance)

    [trial] = [one.account_id for one in project.account_list.read() if one.is_sandbox]
    assert isinstance(result, dg.SensorResult)
    assert trial in _added(result)


def test_a_failed_list_adds_and_removes_nothing(
    instance: dg.DagsterInstance, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = project.refresh_accounts(utc_now())
    instance.add_dynamic_partitions("accounts", ["acme"])
    monkeypatch.setenv("TRUTO_API_TOKEN", "another")

    result = _new_accounts(instance)

    assert isinstance(result, dg.SkipReason)
    assert "The account list failed" in (result.skip_message or "")
    assert instance.get_dynamic_partitions("accounts") == ["acme"]
    assert project.account_list.read() == known


def test_nothing_landed_is_nothing_to_derive(instance: dg.DagsterInstance, project: Project) -> None:
    result = _landed_usage(instance)

    assert isinstance(result, dg.SkipReason)


def test_landed_windows_are_derived_in_one_run(instance: dg.DagsterInstance, project: Project) -> None:
    window = _fetch_days(project)

    result = _landed_usage(instance)

    assert isinstance(result, dg.RunRequest)
    assert result.tags[STEP_TAG] == DERIVE
    assert (result.tags[RANGE_START_TAG], result.tags[RANGE_END_TAG]) == (str(window.start), str(window.last))


def test_one_derive_run_follows_another(instance: dg.DagsterInstance, project: Project) -> None:
    _fetch_days(project)
    instance.create_run_for_job(_a_job(), tags={STEP_TAG: DERIVE}, status=dg.DagsterRunStatus.STARTED)

    result = _landed_usage(instance)

    assert isinstance(result, dg.SkipReason)
    assert "under way" in (result.skip_message or "")


def test_the_schedule_reads_again_what_may_be_restated(lasting: dg.DagsterInstance, project: Project) -> None:
    six = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    [account, *_] = [one for one in _active(project) if one.integration == "openai_codex"]
    lasting.add_dynamic_partitions("accounts", [account.account_id])

    with dg.build_schedule_context(
        instance=lasting, scheduled_execution_time=six, resources={"project": current_project()}
    ) as context:
        requests = daily_usage(context)

    days = reread_days(project.profiles.of(account.integration), six.date())
    assert isinstance(requests, list)
    assert [days_in_tags(request.tags, []) for request in requests] == [
        ([account.account_id], Window(days[0], days[-1] + timedelta(days=1)))
    ]


def _new_accounts(instance: dg.DagsterInstance) -> object:
    with dg.build_sensor_context(instance=instance, resources={"project": current_project()}) as context:
        return new_accounts(context)


def _landed_usage(instance: dg.DagsterInstance) -> object:
    with dg.build_sensor_context(instance=instance, resources={"project": current_project()}) as context:
        return landed_usage(context)


def _active(project: Project) -> list[Account]:
    return project.fetched_accounts(project.refresh_accounts(utc_now()))


def _history(project: Project, account: Account) -> Window:
    today = utc_now().date()
    lag = project.profiles.of(account.integration).lag
    return Window(today - timedelta(days=BACKFILL_DAYS), today - timedelta(days=lag - 1))


def _added(result: dg.SensorResult) -> list[str]:
    return [key for request in result.dynamic_partitions_requests or [] for key in request.partition_keys]


def _fetch_days(project: Project) -> Window:
    """Lands two days of one account; returns them."""
    [account, *_] = [one for one in _active(project) if one.integration == "openai_codex"]
    today = utc_now().date()
    days = [today - timedelta(days=3), today - timedelta(days=2)]
    with project.client() as client:
        source = FetchTarget(account.account_id, project.profiles.of(account.integration))
        assert fetch_days(client, source, days, project.landing, now=utc_now).error is None
    return Window(days[0], today - timedelta(days=1))


def _note_runs(instance: dg.DagsterInstance, result: object, status: dg.DagsterRunStatus) -> None:
    """Does what the daemon does with a result: adds the partitions and makes the runs."""
    assert isinstance(result, dg.SensorResult)
    instance.add_dynamic_partitions("accounts", _added(result))
    for request in result.run_requests or []:
        instance.create_run_for_job(_a_job(), tags=dict(request.tags), status=status)


def _a_job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def stand_in() -> None:
        nothing()

    return stand_in
