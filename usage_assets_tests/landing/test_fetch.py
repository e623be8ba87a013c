"""Fetching windows: whole or not at all, from a real server."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import Profile, Report, load_profiles
from usage_assets.integrations.windows import days_between, window_of
from usage_assets.landing.fetch import (
    FetchResult,
    FetchTarget,
    LandedWindow,
    WindowFetch,
    WindowMismatch,
    fetch_days,
    touches,
)
from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.store import Landing
from usage_assets.truto import NeedsReconnecting, PartialResponse, RequestRejected, TrutoClient, TrutoError
from usage_assets_tests.landing.conftest import DAY, KEY, WINDOW
from usage_assets_tests.landing.files import lines, names
from usage_assets_tests.lock_holder import held_elsewhere
from usage_assets_tests.truto.scripted_api import ScriptedApi

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
NOTHING: dict[str, Any] = {"result": [], "next_cursor": None}
DEFAULT = Report("default", {"date": "{start}"})

Fetch = Callable[..., LandedWindow]


def row(row_id: int, start: object = "2026-11-20T08:00:00Z", end: object = "2026-11-20T09:00:00Z") -> dict[str, Any]:
    return {"id": row_id, "start_date": start, "end_date": end}


def page(*rows: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    return {"result": list(rows), "next_cursor": cursor}


def ids(landing: Landing, key: WindowKey = KEY) -> list[int]:
    return [msgspec.json.decode(line)["id"] for line in lines(landing, key)]


def manifest_of(landing: Landing, key: WindowKey = KEY) -> Manifest:
    manifest = landing.manifest(key)
    assert manifest is not None
    return manifest


@pytest.fixture
def fetch(client: TrutoClient, landing: Landing, profile: Profile) -> Fetch:
    """Fetches the one window that most tests here are about."""

    def window(at: datetime = NOW) -> LandedWindow:
        return WindowFetch(client, FetchTarget("a-1", profile), landing, lambda: at).window(DEFAULT, WINDOW)

    return window


@pytest.fixture
def landed_before(api: ScriptedApi, fetch: Fetch, landing: Landing) -> set[str]:
    """The window landed with one row and was derived; what files that left."""
    api.answers_with(page(row(1)))
    fetch()
    api.answers.clear()
    landing.forget_pending([KEY])
    return names(landing.root)


# What is asked


def test_a_window_is_asked_with_its_profiles_parameters(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert dict(api.requests[0].query) == {"integrated_account_id": "a-1", "limit": "1000", "date": "2026-11-20"}


def test_a_month_is_asked_and_kept_as_one_window(api: ScriptedApi, client: TrutoClient, landing: Landing) -> None:
    api.answers_with(NOTHING)
    datadog = load_profiles().of("datadog")

    fetch_days(client, FetchTarget("a-1", datadog), days_between(date(2026, 11, 1), DAY), landing, now=lambda: NOW)

    assert [dict(request.query)["start_date"] for request in api.requests] == ["2026-11-01"]


# What lands


def test_the_rows_of_all_pages_land_in_their_order(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), row(2), cursor="next"), page(row(3)))

    fetch()

    assert ids(landing) == [1, 2, 3]


def test_a_row_lands_as_the_text_it_came_as(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(b'{"result":[{"start_date": "2026-11-20", "amount": 0.10000000000000000001}]}')

    fetch()

    assert lines(landing, KEY) == [b'{"start_date": "2026-11-20", "amount": 0.10000000000000000001}']


def test_the_manifest_says_what_was_asked_and_what_came(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), row(2), cursor="next"), page(row(3)))

    fetch()

    manifest = manifest_of(landing)
    assert (manifest.integration, manifest.pages, manifest.rows) == ("openai_codex", 2, 3)
    assert (manifest.fetched_at, manifest.elapsed_days, manifest.is_final) == (NOW, 1, False)
    assert manifest.request.startswith("GET /unified/usage-metering/usage?integrated_account_id=a-1&")
    assert "cursor" not in manifest.request


def test_the_data_files_name_carries_its_sha(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    fetch()

    manifest = manifest_of(landing)
    assert manifest.data_file == f"2026-11-20_2026-11-21.{manifest.sha256[:16]}.ndjson.zst"


def test_after_its_last_re_read_a_window_is_final(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    fetch(LATER)

    assert manifest_of(landing).is_final


@pytest.mark.usefixtures("landed_before")
def test_an_empty_answer_replaces_what_was_there(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert ids(landing) == []


@pytest.mark.usefixtures("landed_before")
def test_an_empty_answer_where_rows_were_is_pending(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert landing.pending() == [KEY]


@pytest.mark.usefixtures("landed_before")
def test_an_equal_answer_is_no_change(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    assert not fetch().changed


# Whole or nothing


def test_a_failed_fetch_leaves_the_window_as_it_was(
    api: ScriptedApi, fetch: Fetch, landing: Landing, landed_before: set[str]
) -> None:
    api.answers_with(page(row(2), cursor="next"))
    api.answers_with({"message": "no"}, status=403)

    with pytest.raises(RequestRejected):
        fetch()

    assert (ids(landing), names(landing.root)) == ([1], landed_before)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"truto_is_remote_error": True, "message": "expired"}, NeedsReconnecting),
        (200, {"result": [], "is_partial_response": True}, PartialResponse),
        (200, {"result": [1]}, TrutoError),
        (500, {}, TrutoError),
    ],
)
def test_a_failed_first_fetch_leaves_nothing(
    api: ScriptedApi, fetch: Fetch, landing: Landing, status: int, body: Any, kind: type[TrutoError]
) -> None:
    api.answers_with(page(row(1), cursor="next"))
    api.answers_with(body, status=status)

    with pytest.raises(kind):
        fetch()

    assert names(landing.root) == set()


@pytest.mark.parametrize("name", ["a|b", "../a", "a~b", ".."])
def test_an_account_that_no_file_can_be_named_after_is_not_asked(
    api: ScriptedApi, client: TrutoClient, landing: Landing, profile: Profile, name: str
) -> None:
    with pytest.raises(LandingError, match="cannot be used"):
        fetch_days(client, FetchTarget(name, profile), [DAY], landing)

    assert api.requests == []


# Rows of other days


@pytest.mark.parametrize(
    "rows",
    [
        [row(2, "2026-11-19T08:00:00Z", "2026-11-19T09:00:00Z")],
        [row(2, "2026-11-19T23:00:00Z", "2026-11-20T00:00:00Z")],
        [row(2, "2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z")],
        [row(2, "2026-11-21", None), row(3, "2025-11-20", "2025-11-21")],
        [row(2, "soon", "later"), row(3, "2026-11-19", "2026-11-20")],
        [row(2, "2026-11-19", "2026-11-20"), row(3, "soon", "later")],
        [row(2, "2026-11-20T23:30:00-01:00", None)],
        [row(2, "2026-11-17", None)],
    ],
    ids=[
        "the day before",
        "up to it",
        "from its end on",
        "several",
        "first unreadable",
        "last unreadable",
        "another day in UTC",
        "an earlier day without end",
    ],
)
class TestRowsOfOtherDays:
    def test_they_are_a_permanent_failure(self, api: ScriptedApi, fetch: Fetch, rows: list[dict[str, Any]]) -> None:
        api.answers_with(page(*rows))

        with pytest.raises(WindowMismatch, match=r"^Account a-1 was asked for 2026-11-20 ") as caught:
            fetch()

        assert caught.value.is_permanent

    def test_they_replace_nothing(
        self,
        api: ScriptedApi,
        fetch: Fetch,
        landing: Landing,
        landed_before: set[str],
        rows: list[dict[str, Any]],
    ) -> None:
        api.answers_with(page(*rows))

        with pytest.raises(WindowMismatch):
            fetch()

        assert (ids(landing), names(landing.root)) == ([1], landed_before)


@pytest.mark.parametrize(
    "rows",
    [
        [row(1, "2026-11-01", "2026-12-01")],
        [row(1, "2026-11-19T23:00:00Z", "2026-11-20T01:00:00Z")],
        [row(1, "2026-11-20T00:00:00Z", None)],
        [row(1, "2026-11-20T23:59:59.999Z", "2026-11-20T23:59:59.999Z")],
        [row(1, "2026-11-20", "2026-11-20")],
        [row(1, "2026-11-20T00:30:00", "2026-11-20T01:00:00")],
        [row(1, "2026-11-19T23:30:00-01:00", None)],
        [row(1, "2026-11-19", "2026-11-20"), row(2)],
        [row(1), row(2, "2026-11-19", "2026-11-20")],
    ],
    ids=[
        "a month",
        "over midnight",
        "no end",
        "the last moment",
        "dates alone",
        "no offset",
        "another offset",
        "one of them, the last",
        "one of them, the first",
    ],
)
def test_rows_that_touch_the_window_land_with_all_others(
    api: ScriptedApi, fetch: Fetch, landing: Landing, rows: list[dict[str, Any]]
) -> None:
    api.answers_with(page(*rows))

    fetch()

    assert ids(landing) == [one["id"] for one in rows]


def test_a_row_of_the_day_on_a_later_page_is_enough(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1, "2026-11-19", "2026-11-20"), cursor="next"), page(row(2)))

    fetch()

    assert ids(landing) == [1, 2]


UNREADABLE: list[object] = [None, "", "soon", "2026-02-30", 1763625600, True, [], {}, "0001-01-01T00:00:00+99:00"]


@pytest.mark.parametrize("start", UNREADABLE)
def test_an_unreadable_start_does_not_fail_the_fetch(
    api: ScriptedApi, fetch: Fetch, landing: Landing, start: object
) -> None:
    api.answers_with(page(row(1, start)))

    fetch()

    assert ids(landing) == [1]


@pytest.mark.parametrize("start", UNREADABLE)
def test_where_a_row_without_readable_start_stands_is_not_known(start: object) -> None:
    assert touches(start, None, WINDOW) is None


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_start_at_the_end_of_time_is_of_another_day(start: str) -> None:
    assert touches(start, start, WINDOW) is False


def test_a_row_without_start_lands(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page({"id": 1}))

    fetch()

    assert ids(landing) == [1]


# Page sizes


class TestARefusedLimit:
    """The vendor grants no page of 1000 rows, and says so."""

    @pytest.fixture(autouse=True)
    def refused(self, api: ScriptedApi) -> None:
        api.answers_with({"message": "Limit must be at most 100"}, status=400)
        api.answers_with(page(row(1), cursor="next"), page(row(2)))

    def test_it_is_asked_again_without_limit(self, api: ScriptedApi, fetch: Fetch) -> None:
        fetch()

        assert dict(api.requests[1].query) == {"integrated_account_id": "a-1", "date": "2026-11-20"}

    def test_the_answer_lands(self, fetch: Fetch, landing: Landing) -> None:
        fetch()

        assert ids(landing) == [1, 2]

    def test_the_manifest_says_what_was_answered(self, fetch: Fetch, landing: Landing) -> None:
        fetch()

        assert "limit" not in manifest_of(landing).request


def test_a_limit_refused_twice_is_a_failure(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with({"message": "limit exceeded"}, status=400)

    with pytest.raises(RequestRejected):
        fetch()

    assert len(api.requests) == 2


def test_another_refusal_is_not_asked_again(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with({"message": "no such account"}, status=404)

    with pytest.raises(RequestRejected):
        fetch()

    assert len(api.requests) == 1


def test_a_limit_refused_after_a_page_came_is_a_failure(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), cursor="next"))
    api.answers_with({"message": "limit exceeded"}, status=400)
    api.answers_with(page(row(1)))

    with pytest.raises(RequestRejected):
        fetch()

    assert landing.manifest(KEY) is None


# Several days


MANY_DAYS = days_between(date(2026, 5, 1), DAY)


@pytest.fixture
def source(profile: Profile) -> FetchTarget:
    return FetchTarget("a-1", profile)


def test_every_day_lands(api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget) -> None:
    api.answers_with(NOTHING)
    days = days_between(date(2026, 11, 1), DAY)

    fetched = fetch_days(client, source, days, landing, now=lambda: NOW)

    assert (fetched.error, fetched.days()) == (None, days)
    assert [manifest.window_start for manifest in landing.manifests("a-1")] == days


def test_each_window_is_told_as_it_lands(
    api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    told: list[LandedWindow] = []

    fetched = fetch_days(client, source, days_between(date(2026, 11, 1), DAY), landing, on_landed=told.append)

    assert told == fetched.landed


def test_no_days_ask_nothing(api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget) -> None:
    fetched = fetch_days(client, source, [], landing)

    assert (fetched, api.requests) == (FetchResult(), [])


class TestAFailureAmongManyDays:
    """Two windows are answered, then the account is refused."""

    @pytest.fixture(autouse=True)
    def fetched(self, api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget) -> FetchResult:
        api.answers_with(NOTHING, NOTHING)
        api.answers_with({"message": "expired", "truto_is_remote_error": True}, status=401)
        return fetch_days(client, source, MANY_DAYS, landing, now=lambda: NOW)

    def test_it_is_told(self, fetched: FetchResult) -> None:
        assert isinstance(fetched.error, NeedsReconnecting)

    def test_nothing_new_is_asked(self, fetched: FetchResult, api: ScriptedApi) -> None:
        assert len(api.requests) < len(MANY_DAYS)

    def test_what_landed_stays(self, fetched: FetchResult, landing: Landing) -> None:
        kept = [manifest.window_start for manifest in landing.manifests("a-1")]

        assert len(kept) == 2
        assert kept == fetched.days()

    def test_the_account_is_free_again(self, fetched: FetchResult, landing: Landing) -> None:
        with landing.account_lock("a-1"):
            pass


def test_a_refused_day_lets_the_others_go_on(
    api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget
) -> None:
    api.answers_with({"message": "no such report"}, status=404)
    api.answers_with(NOTHING)

    fetched = fetch_days(client, source, MANY_DAYS, landing, now=lambda: NOW)

    assert isinstance(fetched.error, RequestRejected)
    assert len(fetched.landed) == len(MANY_DAYS) - 1


def test_a_day_that_was_answered_for_another_is_told(
    api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget
) -> None:
    api.answers_with(page(row(1, "2026-11-19", "2026-11-20")))

    fetched = fetch_days(client, source, [DAY], landing)

    assert isinstance(fetched.error, WindowMismatch)


def test_an_account_is_not_fetched_while_another_process_fetches_it(
    api: ScriptedApi, client: TrutoClient, landing: Landing, source: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    waiting = threading.Thread(target=fetch_days, args=(client, source, [DAY], landing))

    with held_elsewhere(landing.root / "locks" / "a-1.lock") as holder:
        waiting.start()
        waiting.join(0.2)
        asked_early = len(api.requests)
        holder.kill()
        waiting.join(5)

    assert (asked_early, len(api.requests)) == (0, 1)


# Several reports


TWO_REPORTS = [Report("activity", {"report_type": "activity"}), Report("cost", {"report_type": "cost"})]


@pytest.fixture
def two_reports(profile: Profile) -> FetchTarget:
    return FetchTarget("a-1", msgspec.structs.replace(profile, report_list=TWO_REPORTS))


def test_each_report_is_a_file_of_its_own(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)

    fetch_days(client, two_reports, [DAY], landing)

    assert landing.reports() == [("a-1", "activity"), ("a-1", "cost")]


def test_a_day_counts_once_all_its_reports_landed(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)

    assert fetch_days(client, two_reports, [DAY], landing).days() == [DAY]


def test_a_day_of_which_a_report_failed_does_not_count(
    api: ScriptedApi, client: TrutoClient, landing: Landing, two_reports: FetchTarget
) -> None:
    api.answers_with(NOTHING)
    api.answers_with({"message": "no"}, status=403)

    fetched = fetch_days(client, two_reports, [DAY], landing)

    assert (len(fetched.landed), fetched.days()) == (1, [])


def test_a_month_counts_with_all_its_days(api: ScriptedApi, client: TrutoClient, landing: Landing) -> None:
    api.answers_with(NOTHING)
    datadog = load_profiles().of("datadog")

    fetched = fetch_days(client, FetchTarget("a-1", datadog), [DAY], landing)

    assert fetched.days() == window_of(DAY, datadog).days
