"""Fetches of several windows of an account: the requested windows, and the failures that stop the others."""

import threading
from datetime import date
from pathlib import Path

import msgspec
import pytest

from usage_assets.errors import UsageAssetsError
from usage_assets.integrations.profiles import Profile, Report, load_profiles
from usage_assets.integrations.windows import days_between, window_of
from usage_assets.landing.fetch import (
    FetchResult,
    FetchTarget,
    LandedWindow,
    WindowMismatch,
    affects_one_window,
    fetch_days,
)
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.locks import file_lock
from usage_assets.truto import (
    InvalidResponse,
    NeedsReconnecting,
    PartialResponse,
    RateLimited,
    RequestRejected,
    TrutoClient,
)
from usage_assets_tests.landing.files import manifests
from usage_assets_tests.landing.responses import NOTHING, page, row
from usage_assets_tests.landing.windows import DAY, NOW
from usage_assets_tests.lock_holder import held_elsewhere
from usage_assets_tests.truto.scripted_api import ScriptedApi

EXPIRED = {"message": "expired", "truto_is_remote_error": True}
DAYS = days_between(date(2026, 11, 1), DAY)
MANY_DAYS = days_between(date(2026, 5, 1), DAY)

TWO_REPORTS = [Report("activity", {"report_type": "activity"}), Report("cost", {"report_type": "cost"})]


def account_lock_path(landing: Landing) -> Path:
    return landing.root / "locks" / "a-1.lock"


def test_every_day_lands(api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget) -> None:
    api.answers_with(NOTHING)

    result = fetch_days(client, target, DAYS, landing, now=lambda: NOW)

    assert (result.error, result.days()) == (None, DAYS)
    assert [manifest.window_start for manifest in manifests(landing, "a-1")] == DAYS


def test_each_window_is_reported_when_it_lands(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    reported: list[LandedWindow] = []

    result = fetch_days(client, target, DAYS, landing, now=lambda: NOW, on_landed=reported.append)

    assert reported == result.landed


def test_without_days_nothing_is_requested(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    result = fetch_days(client, target, [], landing, now=lambda: NOW)

    assert (result, api.requests) == (FetchResult(), [])


class TestAFailureOfTheAccountAmongManyDays:
    """Two windows get a response, then the provider rejects the account."""

    @pytest.fixture(autouse=True)
    def result(self, api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget) -> FetchResult:
        api.answers_with(NOTHING, NOTHING)
        api.answers_with(EXPIRED, status=401)
        return fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW)

    def test_it_is_the_error_of_the_result(self, result: FetchResult) -> None:
        assert isinstance(result.error, NeedsReconnecting)

    def test_no_further_window_is_requested(self, api: ScriptedApi) -> None:
        assert len(api.requests) < len(MANY_DAYS)

    def test_windows_that_landed_stay(self, result: FetchResult, landing: Landing) -> None:
        kept = [manifest.window_start for manifest in manifests(landing, "a-1")]

        assert len(kept) == 2
        assert kept == result.days()

    def test_the_lock_of_the_account_is_released(self, landing: Landing) -> None:
        with file_lock(account_lock_path(landing), what="The account", wait_seconds=0):
            pass


def test_a_dead_account_costs_one_request(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(EXPIRED, status=401)

    result = fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW)

    assert (len(api.requests), result.failed) == (1, 1)


@pytest.mark.parametrize(
    ("status", "body", "requests"),
    [
        (401, EXPIRED, 1),
        (403, {"message": "forbidden"}, 1),
        (503, {"message": "the integrated account is blocked"}, 1),
        (404, {"message": "no such account"}, 3),
        (400, {"message": "no billing permission"}, 3),
        (200, {"message": "no result"}, 3),
    ],
)
def test_an_account_that_answers_nothing_is_not_asked_for_every_window(
    api: ScriptedApi, client: TrutoClient, tmp_path: Path, status: int, body: dict[str, object], requests: int
) -> None:
    api.answers_with(body, status=status)
    target = FetchTarget("a-1", msgspec.structs.replace(load_profiles().of("openai_codex"), report_list=TWO_REPORTS))

    result = fetch_days(client, target, MANY_DAYS, Landing(tmp_path), now=lambda: NOW)

    assert (len(api.requests), result.failed) == (requests, requests)


@pytest.mark.parametrize("days", [1, 2, 3])
def test_each_of_a_few_windows_is_tried_once(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget, days: int
) -> None:
    api.answers_with({"message": "no"}, status=400)

    fetch_days(client, target, MANY_DAYS[-days:], landing, now=lambda: NOW)

    assert len(api.requests) == days


def test_the_newest_windows_may_fail_while_older_ones_land(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with({"message": "too recent"}, status=400)
    api.answers_with(NOTHING)

    result = fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW)

    assert result.days() == MANY_DAYS[:-1]


def test_a_rejected_window_does_not_stop_the_others(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with({"message": "no such report"}, status=404)
    api.answers_with(NOTHING)

    result = fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW)

    assert isinstance(result.error, RequestRejected)
    assert len(result.landed) == len(MANY_DAYS) - 1


def test_a_failure_of_the_account_takes_precedence_over_one_of_a_window(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with({"message": "no such report"}, status=404)
    api.answers_with(EXPIRED, status=401)

    result = fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW)

    assert isinstance(result.error, NeedsReconnecting)


def test_an_unexpected_failure_stops_the_windows_that_wait(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    def fail(landed: LandedWindow) -> None:
        if landed.days != [DAY]:
            raise ZeroDivisionError

    api.answers_with(NOTHING)

    with pytest.raises(ZeroDivisionError):
        fetch_days(client, target, MANY_DAYS, landing, now=lambda: NOW, on_landed=fail)

    assert len(api.requests) < len(MANY_DAYS)


def test_rows_of_another_day_are_a_failure_of_the_window(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(page(row(1, "2026-11-19", "2026-11-20")))

    result = fetch_days(client, target, [DAY], landing, now=lambda: NOW)

    assert isinstance(result.error, WindowMismatch)


@pytest.mark.parametrize(
    ("error", "is_of_one_window"),
    [
        (WindowMismatch(), True),
        (InvalidResponse(), True),
        (PartialResponse(), True),
        (RequestRejected(status=404), True),
        (RequestRejected(status=403), False),
        (RateLimited(), False),
        (NeedsReconnecting(), False),
        (LandingError(), False),
    ],
)
def test_only_some_failures_are_of_one_window(error: UsageAssetsError, *, is_of_one_window: bool) -> None:
    assert affects_one_window(error) is is_of_one_window


def test_an_account_is_not_fetched_while_another_process_fetches_it(
    api: ScriptedApi, client: TrutoClient, landing: Landing, target: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    waiting = threading.Thread(target=fetch_days, args=(client, target, [DAY], landing), kwargs={"now": lambda: NOW})

    with held_elsewhere(account_lock_path(landing)) as holder:
        waiting.start()
        waiting.join(0.2)
        requested_early = len(api.requests)
        holder.kill()
        waiting.join(5)

    assert (requested_early, len(api.requests)) == (0, 1)


# Several reports


@pytest.fixture
def two_reports(profile: Profile) -> FetchTarget:
    return FetchTarget("a-1", msgspec.structs.replace(profile, report_list=TWO_REPORTS))


def test_each_report_has_files_of_its_own(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)

    fetch_days(client, two_reports, [DAY], landing, now=lambda: NOW)

    assert landing.reports() == [("a-1", "activity"), ("a-1", "cost")]


def test_a_day_has_landed_when_all_its_reports_have(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)

    assert fetch_days(client, two_reports, [DAY], landing, now=lambda: NOW).days() == [DAY]


def test_a_day_with_a_failed_report_has_not_landed(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    api.answers_with({"message": "no"}, status=403)

    result = fetch_days(client, two_reports, [DAY], landing, now=lambda: NOW)

    assert (len(result.landed), result.days()) == (1, [])


def test_a_month_lands_with_all_its_days(api: ScriptedApi, client: TrutoClient, landing: Landing) -> None:
    api.answers_with(NOTHING)
    datadog = load_profiles().of("datadog")

    result = fetch_days(client, FetchTarget("a-1", datadog), [DAY], landing, now=lambda: NOW)

    assert result.days() == window_of(DAY, datadog).days


def test_the_days_of_a_month_window_are_one_request(api: ScriptedApi, client: TrutoClient, landing: Landing) -> None:
    api.answers_with(NOTHING)
    datadog = load_profiles().of("datadog")

    fetch_days(client, FetchTarget("a-1", datadog), days_between(date(2026, 11, 1), DAY), landing, now=lambda: NOW)

    assert [dict(request.query)["start_date"] for request in api.requests] == ["2026-11-01"]


@pytest.mark.parametrize("name", ["a|b", "../a", "a~b", ".."])
def test_an_account_whose_id_is_unsafe_in_file_names_is_not_requested(
    api: ScriptedApi, client: TrutoClient, landing: Landing, profile: Profile, name: str
) -> None:
    result = fetch_days(client, FetchTarget(name, profile), [DAY], landing, now=lambda: NOW)

    assert "cannot be used" in str(result.error)
    assert (result.has_account_failure, api.requests) == (True, [])
