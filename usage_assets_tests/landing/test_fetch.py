"""Fetches of one window from a real server: it lands whole or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from usage_assets.landing.store import Landing
from usage_assets.truto import NeedsReconnecting, PagesChanged, PartialResponse, RequestRejected, TrutoError
from usage_assets_tests.landing.conftest import Fetch
from usage_assets_tests.landing.files import ids, lines, manifest_of, names
from usage_assets_tests.landing.responses import NOTHING, page, row
from usage_assets_tests.landing.windows import KEY, NOW
from usage_assets_tests.truto.scripted_api import ScriptedApi

# Requests


def test_a_window_is_requested_with_the_parameters_of_its_profile(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert dict(api.requests[0].query) == {"integrated_account_id": "a-1", "limit": "1000", "date": "2026-11-20"}


# Responses


def test_the_rows_of_all_pages_land_in_order(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), row(2), cursor="next"), page(row(3)))

    fetch()

    assert ids(landing, KEY) == [1, 2, 3]


def test_a_row_lands_with_its_own_text(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(b'{"result":[{"start_date": "2026-11-20", "amount": 0.10000000000000000001}]}')

    fetch()

    assert lines(landing, KEY) == [b'{"start_date": "2026-11-20", "amount": 0.10000000000000000001}']


def test_the_manifest_describes_request_and_response(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), row(2), cursor="next"), page(row(3)))

    fetch()

    manifest = manifest_of(landing, KEY)
    assert (manifest.integration, manifest.pages, manifest.rows) == ("openai_codex", 2, 3)
    assert (manifest.fetched_at, manifest.elapsed_days, manifest.is_final) == (NOW, 1, False)
    assert manifest.request.startswith("GET /unified/usage-metering/usage?integrated_account_id=a-1&")
    assert "cursor" not in manifest.request


def test_the_data_files_name_holds_its_hash(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    fetch()

    manifest = manifest_of(landing, KEY)
    assert manifest.data_file == f"2026-11-20_2026-11-21.{manifest.sha256[:16]}.ndjson.zst"


def test_a_window_is_final_after_its_last_re_read(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    fetch(datetime(2026, 11, 28, 6, 30, tzinfo=UTC))

    assert manifest_of(landing, KEY).is_final


@pytest.mark.usefixtures("landed_before")
def test_an_empty_response_replaces_rows(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert ids(landing, KEY) == []


@pytest.mark.usefixtures("landed_before")
def test_an_empty_response_in_place_of_rows_is_pending(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(NOTHING)

    fetch()

    assert landing.pending() == [KEY]


@pytest.mark.usefixtures("landed_before")
def test_an_equal_response_is_no_change(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1)))

    assert not fetch().changed


# Whole or not at all


def test_a_failed_fetch_keeps_the_previous_content(
    api: ScriptedApi, fetch: Fetch, landing: Landing, landed_before: set[str]
) -> None:
    api.answers_with(page(row(2), cursor="next"))
    api.answers_with({"message": "no"}, status=403)

    with pytest.raises(RequestRejected):
        fetch()

    assert (ids(landing, KEY), names(landing.root)) == ([1], landed_before)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"truto_is_remote_error": True, "message": "expired"}, NeedsReconnecting),
        (200, {"result": [], "is_partial_response": True}, PartialResponse),
        (200, {"result": 1}, TrutoError),
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


# Pages that change while they are read

EXPIRED_CURSOR = {"message": "page token expired"}


@pytest.mark.parametrize("status", [400, 404, 409, 410])
def test_a_window_whose_cursor_expires_is_read_again_from_its_first_page(
    api: ScriptedApi, fetch: Fetch, landing: Landing, status: int
) -> None:
    api.answers_with(page(row(1), row(2), cursor="old"))
    api.answers_with(EXPIRED_CURSOR, status=status)
    api.answers_with(page(row(11), cursor="new"), page(row(12)))

    fetch()

    manifest = manifest_of(landing, KEY)
    assert (ids(landing, KEY), manifest.pages, manifest.rows) == ([11, 12], 2, 2)
    assert "cursor" not in manifest.request


def test_a_window_whose_cursor_repeats_is_read_again_from_its_first_page(
    api: ScriptedApi, fetch: Fetch, landing: Landing
) -> None:
    api.answers_with(page(row(1), cursor="a"), page(row(1), cursor="a"))
    api.answers_with(page(row(1), cursor="a"), page(row(2)))

    fetch()

    assert ids(landing, KEY) == [1, 2]


def test_pages_that_keep_changing_are_read_three_times_and_replace_nothing(
    api: ScriptedApi, fetch: Fetch, landing: Landing, landed_before: set[str]
) -> None:
    requested_before = len(api.requests)
    for _ in range(3):
        api.answers_with(page(row(2), cursor="old"))
        api.answers_with(EXPIRED_CURSOR, status=410)

    with pytest.raises(PagesChanged, match=r"account a-1 .*page token expired"):
        fetch()

    assert len(api.requests) - requested_before == 6
    assert (ids(landing, KEY), names(landing.root)) == ([1], landed_before)


# Page sizes


class TestARefusedLimit:
    """The vendor rejects a page of 1000 rows with a message about the limit."""

    @pytest.fixture(autouse=True)
    def refused(self, api: ScriptedApi) -> None:
        api.answers_with({"message": "Limit must be at most 100"}, status=400)
        api.answers_with(page(row(1), cursor="next"), page(row(2)))

    def test_the_request_is_repeated_without_limit(self, api: ScriptedApi, fetch: Fetch) -> None:
        fetch()

        assert dict(api.requests[1].query) == {"integrated_account_id": "a-1", "date": "2026-11-20"}

    def test_the_response_lands(self, fetch: Fetch, landing: Landing) -> None:
        fetch()

        assert ids(landing, KEY) == [1, 2]

    def test_the_manifest_names_the_request_that_succeeded(self, fetch: Fetch, landing: Landing) -> None:
        fetch()

        assert "limit" not in manifest_of(landing, KEY).request


def test_a_limit_rejected_twice_is_a_failure(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with({"message": "limit exceeded"}, status=400)

    with pytest.raises(RequestRejected):
        fetch()

    assert len(api.requests) == 2


def test_another_rejection_is_not_repeated(api: ScriptedApi, fetch: Fetch) -> None:
    api.answers_with({"message": "no such account"}, status=404)

    with pytest.raises(RequestRejected):
        fetch()

    assert len(api.requests) == 1


def test_a_limit_rejected_after_the_first_page_is_a_failure(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1), cursor="next"))
    api.answers_with({"message": "limit exceeded"}, status=422)
    api.answers_with(page(row(1)))

    with pytest.raises(RequestRejected):
        fetch()

    assert landing.manifest(KEY) is None
