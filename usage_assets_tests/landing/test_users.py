"""Fetches of the list of an account's users: whole or not at all, and what each bad answer leaves behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from usage_assets.integrations.profiles import load_profiles
from usage_assets.landing.fetch import FetchResult, FetchTarget
from usage_assets.landing.lines import lines_in
from usage_assets.landing.users import EmptyUserList, NoUserList, UserLists, fetch_users
from usage_assets.planning import is_list_due
from usage_assets.truto import InvalidResponse, NeedsReconnecting, PagesChanged, RequestRejected, TrutoClient
from usage_assets_tests.landing.responses import NOTHING
from usage_assets_tests.landing.windows import NOW
from usage_assets_tests.truto.scripted_api import ScriptedApi

ANN, BOB = {"id": "1", "name": "Ann"}, {"id": "2", "name": "Bob"}
NEXT_DAY = NOW + timedelta(days=1)

FetchUsers = Callable[..., FetchResult]


@pytest.fixture
def lists(tmp_path: Path) -> UserLists:
    return UserLists(tmp_path / "users")


@pytest.fixture
def fetch(client: TrutoClient, lists: UserLists) -> FetchUsers:
    """Return a function that fetches the list of an account of an integration at a time."""

    def fetched(integration: str = "cursor", at: datetime = NOW) -> FetchResult:
        target = FetchTarget("a-1", load_profiles().of(integration))
        return fetch_users(client, target, lists, now=lambda: at)

    return fetched


def users(*rows: object, cursor: str | None = None) -> dict[str, object]:
    return {"result": list(rows), "next_cursor": cursor}


def landed_rows(lists: UserLists) -> list[object]:
    """Return the rows of the newest list."""
    manifest = lists.newest("a-1")
    assert manifest is not None
    return [msgspec.json.decode(line) for line in lines_in(lists.landing.verified_pages(manifest))]


def test_every_page_lands_untouched(api: ScriptedApi, fetch: FetchUsers, lists: UserLists) -> None:
    api.answers_with(users(ANN, cursor="x"), users(BOB, {"odd": 1}))

    result = fetch()

    assert (result.error, landed_rows(lists)) == (None, [ANN, BOB, {"odd": 1}])
    assert [key.window_start for key in lists.landing.pending()] == [NOW.date()]


def test_the_request_names_the_account_and_nothing_else(api: ScriptedApi, fetch: FetchUsers) -> None:
    api.answers_with(users(ANN))
    fetch()

    [request] = api.requests
    assert (request.path, request.query) == (
        "/unified/usage-metering/users",
        [("integrated_account_id", "a-1")],
    )


def test_claude_is_asked_for_its_last_ready_day(api: ScriptedApi, fetch: FetchUsers) -> None:
    api.answers_with(users(ANN))
    fetch("claude")

    assert ("date", str(NOW.date() - timedelta(days=3))) in api.requests[0].query


def test_a_later_list_of_the_day_replaces_the_earlier_one(
    api: ScriptedApi, fetch: FetchUsers, lists: UserLists
) -> None:
    api.answers_with(users(ANN), users(BOB))
    fetch()
    fetch(at=NOW + timedelta(hours=1))

    assert (len(lists.landing.windows()), landed_rows(lists)) == (1, [BOB])


@pytest.mark.parametrize(
    "body",
    [
        {"result": "no list"},
        {"result": 5},
        {"users": [ANN]},
        {"result": {"error": "broken"}},
        {"result": [{"name": "without id"}, "text", 7, None]},
        b"<html>maintenance</html>",
        b"",
        b'{"result": [{"id"',
    ],
)
def test_an_answer_that_is_no_list_of_users_lands_nothing(
    api: ScriptedApi, fetch: FetchUsers, lists: UserLists, body: object
) -> None:
    api.answers_with(users(ANN))
    fetch()
    api.answers.clear()
    api.answers_with(body)

    result = fetch(at=NEXT_DAY)

    assert isinstance(result.error, InvalidResponse)
    assert landed_rows(lists) == [ANN]
    assert list((lists.landing.root / "windows").rglob(".arriving*")) == []


def test_a_cursor_that_repeats_lands_nothing(api: ScriptedApi, fetch: FetchUsers, lists: UserLists) -> None:
    api.answers_with(users(ANN, cursor="x"))

    assert isinstance(fetch().error, PagesChanged)
    assert lists.landing.windows() == []


def test_pages_that_change_while_they_are_read_are_read_again(
    api: ScriptedApi, fetch: FetchUsers, lists: UserLists
) -> None:
    api.answers_with(users(ANN, cursor="x"))
    api.answers_with({"message": "cursor expired"}, status=410)
    api.answers_with(users(ANN), users(BOB))

    assert (fetch().error, landed_rows(lists)) == (None, [ANN])


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_vendor_without_a_list_is_named_and_not_asked_again_before_the_next_day(
    api: ScriptedApi, fetch: FetchUsers, lists: UserLists, status: int
) -> None:
    api.answers_with({"message": "users is not supported"}, status=status)

    result = fetch()

    assert isinstance(result.error, NoUserList)
    assert f"(HTTP {status}, users is not supported)" in str(result.error)
    assert len(api.requests) == 1
    due = [is_list_due(lists.listed_at("a-1"), NOW + timedelta(hours=hours)) for hours in (1, 23, 24)]
    assert due == [False, False, True]


def test_a_vendor_that_has_a_list_later_is_no_longer_without(
    api: ScriptedApi, fetch: FetchUsers, lists: UserLists
) -> None:
    api.answers_with({"message": "no"}, status=404)
    fetch()
    api.answers.clear()
    api.answers_with(users(ANN))
    fetch(at=NEXT_DAY)

    assert (lists.unsupported("a-1"), landed_rows(lists)) == (None, [ANN])


def test_a_list_that_is_forbidden_is_a_failure(api: ScriptedApi, fetch: FetchUsers, lists: UserLists) -> None:
    api.answers_with({"message": "missing scope"}, status=403)

    result = fetch()

    assert isinstance(result.error, RequestRejected)
    assert (result.has_account_failure, lists.listed_at("a-1")) == (True, None)


def test_an_account_without_credentials_needs_reconnecting(api: ScriptedApi, fetch: FetchUsers) -> None:
    api.answers_with({"message": "expired", "truto_is_remote_error": True}, status=401)

    assert isinstance(fetch().error, NeedsReconnecting)


def test_a_list_of_members_does_not_become_empty(api: ScriptedApi, fetch: FetchUsers, lists: UserLists) -> None:
    api.answers_with(users(ANN), NOTHING)
    fetch()

    result = fetch(at=NEXT_DAY)

    assert isinstance(result.error, EmptyUserList)
    assert "on 2026-11-23 it listed 1" in str(result.error)
    assert landed_rows(lists) == [ANN]


def test_a_list_of_active_users_may_be_empty(api: ScriptedApi, fetch: FetchUsers, lists: UserLists) -> None:
    api.answers_with(users(ANN), NOTHING)
    fetch("claude")

    assert fetch("claude", at=NEXT_DAY).error is None
    assert len(lists.landing.windows()) == 2


@pytest.mark.parametrize(
    ("listed_at", "due"),
    [(None, True), ("2026-11-23T05:59", True), ("2026-11-23T06:00", False), ("2026-11-22T23:00", True)],
)
def test_a_list_is_due_when_it_was_not_fetched_since_the_last_schedule(listed_at: str | None, *, due: bool) -> None:
    at = datetime.fromisoformat(f"{listed_at}:00+00:00") if listed_at else None

    assert is_list_due(at, NOW) is due


def test_an_unreadable_note_of_a_vendor_counts_as_none(lists: UserLists) -> None:
    note = lists.landing.root / "unsupported" / "a-1.json"
    note.parent.mkdir(parents=True)
    note.write_text("half")

    assert lists.listed_at("a-1") is None
