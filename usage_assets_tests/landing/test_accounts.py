"""The account list: new, deleted and returned accounts, which are fetched, and the file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.accounts import ACTIVE, NEEDS_RECONNECTING, Account, AccountList, merge_accounts
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.truto import IntegratedAccount
from usage_assets_tests.landing.files import names

CONNECTED = datetime(2026, 11, 1, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 6, tzinfo=UTC)
PROFILES: Profiles = load_profiles()


def listed(account_id: str = "a-1", **members: Any) -> IntegratedAccount:
    usual: dict[str, Any] = {
        "integration": "cursor",
        "tenant_id": "acme",
        "status": ACTIVE,
        "is_sandbox": False,
        "created_at": CONNECTED,
        "last_error": None,
    }
    return IntegratedAccount(id=account_id, **{**usual, **members})


def account(account_id: str = "a-1", **members: Any) -> Account:
    usual: dict[str, Any] = {
        "integration": "cursor",
        "tenant_id": "acme",
        "status": ACTIVE,
        "is_sandbox": False,
        "connected_at": CONNECTED,
        "first_seen_at": MONDAY,
        "last_seen_at": MONDAY,
    }
    return Account(account_id=account_id, **{**usual, **members})


# Merging


def test_a_listed_account_becomes_known() -> None:
    assert merge_accounts([], [listed()], PROFILES, MONDAY) == [account()]


def test_an_account_listed_again_keeps_its_first_sighting() -> None:
    assert merge_accounts([account()], [listed()], PROFILES, TUESDAY) == [account(last_seen_at=TUESDAY)]


def test_an_account_that_is_no_longer_listed_is_marked_as_deleted() -> None:
    assert merge_accounts([account()], [], PROFILES, TUESDAY) == [account(deleted_at=TUESDAY)]


def test_a_deleted_account_keeps_the_time_of_its_deletion() -> None:
    deleted = account(deleted_at=TUESDAY)

    assert merge_accounts([deleted], [], PROFILES, WEDNESDAY) == [deleted]


def test_a_deleted_account_that_is_listed_again_is_not_deleted() -> None:
    deleted = account(deleted_at=TUESDAY)

    assert merge_accounts([deleted], [listed()], PROFILES, WEDNESDAY) == [account(last_seen_at=WEDNESDAY)]


def test_a_changed_status_is_updated() -> None:
    (now,) = merge_accounts([account()], [listed(status=NEEDS_RECONNECTING)], PROFILES, TUESDAY)

    assert now.status == NEEDS_RECONNECTING


@pytest.mark.parametrize(
    ("slug", "integration"), [("openai", "openai_codex"), ("anthropic", "claude"), ("snowflake", "snowflake")]
)
def test_the_integration_is_the_name_of_its_profile(slug: str, integration: str) -> None:
    (now,) = merge_accounts([], [listed(integration=slug)], PROFILES, MONDAY)

    assert now.integration == integration


def test_accounts_are_sorted_by_id() -> None:
    accounts = merge_accounts([account("b")], [listed("c"), listed("a")], PROFILES, TUESDAY)

    assert [merged.account_id for merged in accounts] == ["a", "b", "c"]


# Which accounts are fetched


def test_an_active_account_is_fetched() -> None:
    assert account().is_fetched(include_sandbox=False)


@pytest.mark.parametrize(
    "why",
    [
        {"status": NEEDS_RECONNECTING},
        {"status": "connecting"},
        {"deleted_at": TUESDAY},
        {"account_id": "a|b"},
        {"account_id": ".."},
    ],
)
def test_an_account_that_cannot_be_fetched_is_not_fetched(why: dict[str, Any]) -> None:
    assert not msgspec.structs.replace(account(), **why).is_fetched(include_sandbox=True)


@pytest.mark.parametrize("include_sandbox", [False, True])
def test_a_sandbox_account_is_fetched_where_sandboxes_are_included(*, include_sandbox: bool) -> None:
    assert account(is_sandbox=True).is_fetched(include_sandbox=include_sandbox) is include_sandbox


# The file


@pytest.fixture
def known(landing: Landing) -> AccountList:
    return AccountList(landing)


def test_without_a_file_no_account_is_known(known: AccountList) -> None:
    assert known.read() == []


def test_written_accounts_are_read_back(known: AccountList) -> None:
    known.update([listed(), listed("a-2", created_at=None, tenant_id=None)], PROFILES, MONDAY)

    assert known.read() == [account(), account("a-2", connected_at=None, tenant_id=None)]


def test_a_list_is_merged_with_the_previous_one(known: AccountList) -> None:
    known.update([listed(), listed("a-2")], PROFILES, MONDAY)

    known.update([listed("a-2")], PROFILES, TUESDAY)

    assert known.read() == [account(deleted_at=TUESDAY), account("a-2", last_seen_at=TUESDAY)]


def test_an_update_returns_the_accounts_that_it_wrote(known: AccountList) -> None:
    assert known.update([listed()], PROFILES, MONDAY) == known.read()


def test_an_update_leaves_one_file(known: AccountList, landing: Landing) -> None:
    known.update([listed()], PROFILES, MONDAY)

    assert names(landing.root) == {"accounts.json"}


def list_that_breaks_off() -> Iterator[IntegratedAccount]:
    yield listed("a-2")
    raise ConnectionError


def test_a_list_that_breaks_off_changes_nothing(known: AccountList) -> None:
    known.update([listed()], PROFILES, MONDAY)

    with pytest.raises(ConnectionError):
        known.update(list_that_breaks_off(), PROFILES, TUESDAY)

    assert known.read() == [account()]


@pytest.mark.parametrize("text", ["", "{}", '[{"account_id": "a-1"}]'])
def test_a_file_that_cannot_be_read_is_named_in_the_error(known: AccountList, landing: Landing, text: str) -> None:
    known.update([], PROFILES, MONDAY)
    landing.root.joinpath("accounts.json").write_text(text)

    with pytest.raises(LandingError, match=r"accounts\.json cannot be read"):
        known.read()
