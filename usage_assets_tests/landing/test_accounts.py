"""The account list: who is new, gone, back, and who is fetched."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.accounts import ACTIVE, NEEDS_RECONNECTING, Account, AccountList, merged
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.truto import IntegratedAccount
from usage_assets_tests.landing.files import names

CONNECTED = datetime(2026, 11, 1, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 6, tzinfo=UTC)
PROFILES: Profiles = load_profiles()


def listed(account_id: str = "a-1", **said: Any) -> IntegratedAccount:
    usual: dict[str, Any] = {
        "integration": "cursor",
        "tenant_id": "acme",
        "status": ACTIVE,
        "is_sandbox": False,
        "created_at": CONNECTED,
        "last_error": None,
    }
    return IntegratedAccount(id=account_id, **{**usual, **said})


def account(account_id: str = "a-1", **known: Any) -> Account:
    usual: dict[str, Any] = {
        "integration": "cursor",
        "tenant_id": "acme",
        "status": ACTIVE,
        "is_sandbox": False,
        "connected_at": CONNECTED,
        "first_seen_at": MONDAY,
        "last_seen_at": MONDAY,
    }
    return Account(account_id=account_id, **{**usual, **known})


# Merging


def test_an_account_of_the_list_is_known_from_then_on() -> None:
    assert merged([], [listed()], PROFILES, MONDAY) == [account()]


def test_an_account_seen_again_keeps_when_it_was_first_seen() -> None:
    assert merged([account()], [listed()], PROFILES, TUESDAY) == [account(last_seen_at=TUESDAY)]


def test_an_account_that_is_gone_is_marked_deleted_and_stays() -> None:
    assert merged([account()], [], PROFILES, TUESDAY) == [account(deleted_at=TUESDAY)]


def test_an_account_that_stays_gone_keeps_when_it_was_deleted() -> None:
    gone = account(deleted_at=TUESDAY)

    assert merged([gone], [], PROFILES, WEDNESDAY) == [gone]


def test_an_account_that_is_back_is_not_deleted() -> None:
    gone = account(deleted_at=TUESDAY)

    assert merged([gone], [listed()], PROFILES, WEDNESDAY) == [account(last_seen_at=WEDNESDAY)]


def test_a_status_that_changed_is_taken_over() -> None:
    (now,) = merged([account()], [listed(status=NEEDS_RECONNECTING)], PROFILES, TUESDAY)

    assert now.status == NEEDS_RECONNECTING


@pytest.mark.parametrize(
    ("slug", "integration"), [("openai", "openai_codex"), ("anthropic", "claude"), ("snowflake", "snowflake")]
)
def test_the_integration_is_the_name_of_its_profile(slug: str, integration: str) -> None:
    (now,) = merged([], [listed(integration=slug)], PROFILES, MONDAY)

    assert now.integration == integration


def test_accounts_come_in_the_order_of_their_ids() -> None:
    accounts = merged([account("b")], [listed("c"), listed("a")], PROFILES, TUESDAY)

    assert [one.account_id for one in accounts] == ["a", "b", "c"]


# Who is fetched


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
def test_an_account_that_cannot_be_fetched_is_not(why: dict[str, Any]) -> None:
    assert not msgspec.structs.replace(account(), **why).is_fetched(include_sandbox=True)


@pytest.mark.parametrize("include_sandbox", [False, True])
def test_a_sandbox_account_is_fetched_on_request(*, include_sandbox: bool) -> None:
    assert account(is_sandbox=True).is_fetched(include_sandbox=include_sandbox) is include_sandbox


# The file


@pytest.fixture
def known(landing: Landing) -> AccountList:
    return AccountList(landing)


def test_before_the_first_list_no_account_is_known(known: AccountList) -> None:
    assert known.read() == []


def test_what_was_taken_in_is_read_again(known: AccountList) -> None:
    known.update([listed(), listed("a-2", created_at=None, tenant_id=None)], PROFILES, MONDAY)

    assert known.read() == [account(), account("a-2", connected_at=None, tenant_id=None)]


def test_a_list_is_merged_with_the_one_before(known: AccountList) -> None:
    known.update([listed(), listed("a-2")], PROFILES, MONDAY)

    known.update([listed("a-2")], PROFILES, TUESDAY)

    assert known.read() == [account(deleted_at=TUESDAY), account("a-2", last_seen_at=TUESDAY)]


def test_an_update_gives_what_it_wrote(known: AccountList) -> None:
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
def test_a_file_that_cannot_be_read_is_named(known: AccountList, landing: Landing, text: str) -> None:
    known.update([], PROFILES, MONDAY)
    landing.root.joinpath("accounts.json").write_text(text)

    with pytest.raises(LandingError, match=r"accounts\.json cannot be read"):
        known.read()
