"""The runs that the sensors and the schedule request, against the sandbox."""

from datetime import date, timedelta

import dagster as dg
import pytest

from usage_assets.defs.build import code_location
from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import RANGE_END_TAG, RANGE_START_TAG, date_range_tags, days_in_tags
from usage_assets.defs.run_requests import ACCOUNT_TAG, CHUNK_TAG, DERIVE, FETCH, STEP_TAG
from usage_assets.defs.schedules import reread_requests
from usage_assets.defs.sensors import build_landed_usage, build_new_accounts
from usage_assets.due import due_days_of
from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.windows import Window, reread_days
from usage_assets.landing.accounts import Account
from usage_assets.landing.failures import asked_with
from usage_assets.landing.fetch import FetchResult, FetchTarget, fetch_days
from usage_assets.project import Project
from usage_assets_tests.defs.conftest import BACKFILL_DAYS, NOW, TODAY, ProjectAt
from usage_assets_tests.landing.land import derive_all

# Dagster still asks pydantic for `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute")


class Blocked(UsageAssetsError):
    """A failure of a whole account."""


QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture(autouse=True)
def lists_are_held(project: Project, location: CodeLocation) -> None:
    """Land and derive today's list of users of each account; `test_raw_users` has what is asked for without them."""
    project.refresh_accounts()
    location.source.fetch_users()
    derive_all(project.user_lists.landing)


def test_new_accounts_get_partitions_and_ranged_runs(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    result = _new_accounts(instance, location)

    active = _active(project)
    assert isinstance(result, dg.SensorResult)
    assert _added(result) == sorted(account.account_id for account in active)
    asked = {request.tags[ACCOUNT_TAG]: days_in_tags(request.tags, []) for request in result.run_requests or []}
    assert asked == {account.display_name: ([account.account_id], _history(project, account)) for account in active}


def test_a_request_says_what_it_fetches(instance: dg.DagsterInstance, project: Project, location: CodeLocation) -> None:
    result = _new_accounts(instance, location)

    assert isinstance(result, dg.SensorResult)
    for request in result.run_requests or []:
        [account_id], window = days_in_tags(request.tags, []) or pytest.fail("no range")
        assert request.tags[STEP_TAG] == FETCH
        assert request.run_key == f"{request.tags[CHUNK_TAG]}:{NOW.isoformat()}"
        assert request.tags[RANGE_START_TAG] == f"{account_id}|{window.start}"
        assert request.tags[RANGE_END_TAG] == f"{account_id}|{window.last}"


def test_days_in_flight_are_not_requested_again(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    _start_runs(instance, _new_accounts(instance, location), dg.DagsterRunStatus.STARTED)

    result = _new_accounts(instance, location)

    assert isinstance(result, dg.SkipReason)
    assert "are being fetched" in (result.skip_message or "")
    assert "Nothing is missing" not in (result.skip_message or "")


def test_nothing_is_missing_once_everything_is_held(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    for account in _active(project):
        _fetch(project, account, due_days_of(project, account, NOW))
    instance.add_dynamic_partitions("accounts", sorted(account.account_id for account in _active(project)))

    result = _new_accounts(instance, location)

    assert isinstance(result, dg.SkipReason)
    assert (result.skip_message or "").startswith("Nothing is missing for ")


def test_a_failed_account_is_asked_again_after_growing_pauses_for_as_long_as_it_lacks(
    instance: dg.DagsterInstance, project_with: ProjectAt
) -> None:
    now = [NOW]
    project = project_with(now=lambda: now[0])
    account = next(account for account in _active(project) if account.integration == "openai_codex")
    days = due_days_of(project, account, NOW)

    def is_asked() -> bool:
        result = _new_accounts(instance, code_location(project))
        requests = result.run_requests or [] if isinstance(result, dg.SensorResult) else []
        return any(request.tags[CHUNK_TAG].startswith(account.account_id) for request in requests)

    waited = []
    for _ in range(9):
        failed = FetchResult(error=Blocked("The API did not answer."), failed=1)
        project.failures.note_fetch(account.account_id, failed, days, project.asked_with(account), now[0])
        start = now[0]
        assert not is_asked()
        while not is_asked():
            now[0] += timedelta(minutes=1)
        waited.append(int((now[0] - start).total_seconds() // 60))

    assert waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_reason_names_an_account_in_a_pause_with_its_error_and_its_next_attempt(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    result = _new_accounts(instance, location)
    _start_runs(instance, result, dg.DagsterRunStatus.FAILURE)
    for account in _active(project):
        failed = FetchResult(error=Blocked("The API did not answer."), failed=1)
        days = due_days_of(project, account, NOW)
        project.failures.note_fetch(account.account_id, failed, days, project.asked_with(account), NOW)

    reason = _new_accounts(instance, location)

    assert isinstance(reason, dg.SkipReason)
    said = reason.skip_message or ""
    assert "failed once since 2026-11-18 12:00 UTC, and is tried again at 2026-11-18 12:01 UTC" in said
    assert "The API did not answer" in said
    assert "Nothing is missing" not in said


def test_another_token_ends_a_pause(instance: dg.DagsterInstance, project: Project, location: CodeLocation) -> None:
    for account in _active(project):
        failed = FetchResult(error=Blocked("The token is refused."), failed=1)
        project.failures.note_fetch(account.account_id, failed, [], asked_with("old", account.status), NOW)

    result = _new_accounts(instance, location)

    assert isinstance(result, dg.SensorResult)
    assert len(result.run_requests or []) == len(_active(project))


def test_an_account_with_a_broken_manifest_is_asked_like_every_other(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    [broken, *_] = accounts = _active(project)
    folder = project.landing.root / "windows" / broken.account_id / "default"
    folder.mkdir(parents=True)
    (folder / "2026-11-10_2026-11-11.json").write_bytes(b"")

    result = _new_accounts(instance, location)

    assert isinstance(result, dg.SensorResult)
    asked = {(request.tags[CHUNK_TAG]).partition(":")[0] for request in result.run_requests or []}
    assert asked == {account.account_id for account in accounts}


def test_accounts_that_are_not_fetched_are_named(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    _start_runs(instance, _new_accounts(instance, location), dg.DagsterRunStatus.STARTED)

    result = _new_accounts(instance, location)

    listed = project.account_list.read()
    left_out = [account for account in listed if account not in project.fetched_accounts(listed)]
    assert {account.status for account in left_out} == {"active", "needs_reauth"}
    assert isinstance(result, dg.SkipReason)
    for account in left_out:
        why = "Truto marks it as sandbox" if account.is_sandbox else f"its status is {account.status}"
        assert f"{account.display_name} ({why})" in (result.skip_message or "")


def test_sandbox_accounts_are_fetched_on_request(instance: dg.DagsterInstance, project_with: ProjectAt) -> None:
    project = project_with(include_sandbox=True)

    result = _new_accounts(instance, code_location(project))

    [trial] = [account.account_id for account in project.account_list.read() if account.is_sandbox]
    assert isinstance(result, dg.SensorResult)
    assert trial in _added(result)


def test_a_failed_list_adds_and_removes_nothing(
    instance: dg.DagsterInstance, project: Project, project_with: ProjectAt
) -> None:
    known = project.refresh_accounts()
    instance.add_dynamic_partitions("accounts", ["acme"])

    result = _new_accounts(instance, code_location(project_with(token="another")))

    assert isinstance(result, dg.SkipReason)
    assert "The account list failed" in (result.skip_message or "")
    assert instance.get_dynamic_partitions("accounts") == ["acme"]
    assert project.account_list.read() == known


def test_nothing_landed_is_nothing_to_derive(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    result = _landed_usage(instance, location)

    assert isinstance(result, dg.SkipReason)


def test_landed_windows_are_derived_in_one_run(
    instance: dg.DagsterInstance, project: Project, location: CodeLocation
) -> None:
    window = _fetch_days(project)

    result = _landed_usage(instance, location)

    assert isinstance(result, dg.RunRequest)
    assert result.tags[STEP_TAG] == DERIVE
    assert (result.tags[RANGE_START_TAG], result.tags[RANGE_END_TAG]) == (str(window.start), str(window.last))


def test_one_derive_run_follows_another(instance: dg.DagsterInstance, project: Project, location: CodeLocation) -> None:
    _fetch_days(project)
    instance.create_run_for_job(_a_job(), tags={STEP_TAG: DERIVE}, status=dg.DagsterRunStatus.STARTED)

    result = _landed_usage(instance, location)

    assert isinstance(result, dg.SkipReason)
    assert "in progress" in (result.skip_message or "")


def test_a_table_derived_by_hand_is_derived_onward(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    window = Window(TODAY - timedelta(days=30), TODAY - timedelta(days=28))
    _materialize(instance, "cost", window)

    result = _landed_usage(instance, location)

    assert isinstance(result, dg.RunRequest)
    assert (result.tags[RANGE_START_TAG], result.tags[RANGE_END_TAG]) == (str(window.start), str(window.last))


def test_a_table_that_is_published_is_not_derived_again(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    window = Window(TODAY - timedelta(days=30), TODAY - timedelta(days=28))
    _materialize(instance, "cost", window)
    _materialize(instance, "published", window)

    assert isinstance(_landed_usage(instance, location), dg.SkipReason)


def test_the_schedule_fetches_again_what_may_be_restated(instance: dg.DagsterInstance, project_with: ProjectAt) -> None:
    six = NOW.replace(hour=6, minute=0, second=0, microsecond=0)
    project = project_with(now=lambda: six - timedelta(days=1))
    [account, *_] = [account for account in _active(project) if account.integration == "openai_codex"]
    instance.add_dynamic_partitions("accounts", [account.account_id])
    _fetch(project, account, due_days_of(project, account, project.now()))

    requests = reread_requests(instance, code_location(project), six)

    days = reread_days(project.profiles.of(account.integration), six.date())
    assert [days_in_tags(request.tags, []) for request in requests] == [
        ([account.account_id], Window(days[0], days[-1] + timedelta(days=1)))
    ]


def test_what_a_missed_schedule_left_is_made_up_for_by_the_sensor(
    instance: dg.DagsterInstance, project_with: ProjectAt
) -> None:
    yesterday, now = NOW - timedelta(days=1), NOW
    project = project_with(now=lambda: yesterday)
    accounts = _active(project)
    instance.add_dynamic_partitions("accounts", sorted(account.account_id for account in accounts))
    for account in accounts:
        _fetch(project, account, due_days_of(project, account, yesterday))
    later = code_location(project_with(now=lambda: now))

    result = _new_accounts(instance, later)

    assert isinstance(result, dg.SensorResult)
    for account in accounts:
        [of_account] = [run for run in result.run_requests or [] if run.tags[CHUNK_TAG].startswith(account.account_id)]
        _, window = days_in_tags(of_account.tags, []) or pytest.fail("no range")
        assert window.days == due_days_of(project, account, now)


def _new_accounts(instance: dg.DagsterInstance, location: CodeLocation) -> object:
    with dg.build_sensor_context(instance=instance) as context:
        return build_new_accounts(location)(context)


def _landed_usage(instance: dg.DagsterInstance, location: CodeLocation) -> object:
    with dg.build_sensor_context(instance=instance) as context:
        return build_landed_usage(location)(context)


def _active(project: Project) -> list[Account]:
    return project.fetched_accounts(project.refresh_accounts())


def _history(project: Project, account: Account) -> Window:
    today = TODAY
    lag = project.profiles.of(account.integration).lag
    return Window(today - timedelta(days=BACKFILL_DAYS), today - timedelta(days=lag - 1))


def _added(result: dg.SensorResult) -> list[str]:
    return [key for request in result.dynamic_partitions_requests or [] for key in request.partition_keys]


def _fetch(project: Project, account: Account, days: list[date]) -> None:
    with project.client() as client:
        target = FetchTarget(account.account_id, project.profiles.of(account.integration))
        assert fetch_days(client, target, days, project.landing, now=project.now).error is None


def _fetch_days(project: Project) -> Window:
    """Land two days of an account and return them."""
    [account, *_] = [account for account in _active(project) if account.integration == "openai_codex"]
    days = [TODAY - timedelta(days=3), TODAY - timedelta(days=2)]
    _fetch(project, account, days)
    return Window(days[0], TODAY - timedelta(days=1))


def _start_runs(instance: dg.DagsterInstance, result: object, status: dg.DagsterRunStatus) -> None:
    """Act on a sensor's result as the daemon does: add the partitions and create the runs."""
    assert isinstance(result, dg.SensorResult)
    instance.add_dynamic_partitions("accounts", _added(result))
    for request in result.run_requests or []:
        instance.create_run_for_job(_a_job(), tags=dict(request.tags), status=status)


def _materialize(instance: dg.DagsterInstance, table: str, window: Window) -> None:
    """Materialize an empty asset in place of a derived asset over `window`, as a manual backfill does."""
    dates = dg.DailyPartitionsDefinition("2026-01-01")

    @dg.asset(name=table, partitions_def=dates, backfill_policy=dg.BackfillPolicy.single_run())
    def derived() -> None: ...

    dg.materialize([derived], instance=instance, tags=date_range_tags(window), run_config=QUIET)


def _a_job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def stand_in() -> None:
        nothing()

    return stand_in
