"""The account list: new, deleted and returned accounts, which are fetched, and the file."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from usage_assets.integrations.profiles import Profiles, load_profiles
from usage_assets.landing.accounts import (
    ACTIVE,
    NEEDS_RECONNECTING,
    Account,
    AccountList,
    EmptyAccountList,
    merge_accounts,
    unreadable_name,
)
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.truto import IntegratedAccount, ListedAccounts, UnreadableAccount
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


def list_of(*accounts: IntegratedAccount, unreadable: Iterable[UnreadableAccount] = ()) -> ListedAccounts:
    return ListedAccounts(list(accounts), list(unreadable))


# Merging


def test_a_listed_account_becomes_known() -> None:
    assert merge_accounts([], list_of(listed()), PROFILES, MONDAY) == [account()]


def test_an_account_listed_again_keeps_its_first_sighting() -> None:
    assert merge_accounts([account()], list_of(listed()), PROFILES, TUESDAY) == [account(last_seen_at=TUESDAY)]


def test_an_account_that_is_no_longer_listed_is_marked_as_deleted() -> None:
    assert merge_accounts([account()], list_of(), PROFILES, TUESDAY) == [account(deleted_at=TUESDAY)]


def test_a_deleted_account_keeps_the_time_of_its_deletion() -> None:
    deleted = account(deleted_at=TUESDAY)

    assert merge_accounts([deleted], list_of(), PROFILES, WEDNESDAY) == [deleted]


def test_a_deleted_account_that_is_listed_again_is_not_deleted() -> None:
    deleted = account(deleted_at=TUESDAY)

    assert merge_accounts([deleted], list_of(listed()), PROFILES, WEDNESDAY) == [account(last_seen_at=WEDNESDAY)]


def test_a_changed_status_is_updated() -> None:
    (now,) = merge_accounts([account()], list_of(listed(status=NEEDS_RECONNECTING)), PROFILES, TUESDAY)

    assert now.status == NEEDS_RECONNECTING


@pytest.mark.parametrize(
    ("slug", "integration"), [("openai", "openai_codex"), ("OpenAI Codex", "openai_codex"), ("snowflake", "snowflake")]
)
def test_the_integration_is_the_name_of_its_profile(slug: str, integration: str) -> None:
    (now,) = merge_accounts([], list_of(listed(integration=slug)), PROFILES, MONDAY)

    assert now.integration == integration


@pytest.mark.parametrize(
    ("has_metering", "integration", "is_fetched"),
    [(True, "claude", True), (None, "claude", True), (False, "anthropic", False)],
)
def test_anthropic_is_claude_unless_its_capabilities_lack_usage_metering(
    *, has_metering: bool | None, integration: str, is_fetched: bool
) -> None:
    answers = {"a-1": has_metering}

    (now,) = merge_accounts([], list_of(listed(integration="anthropic")), PROFILES, MONDAY, answers)

    assert now == account(integration=integration, has_metering=has_metering, asked_at=MONDAY)
    assert now.is_fetched(include_sandbox=False) is is_fetched


def test_an_answer_about_capabilities_is_kept_until_the_next_one() -> None:
    known = account(has_metering=False, asked_at=MONDAY)

    (unasked,) = merge_accounts([known], list_of(listed()), PROFILES, TUESDAY)
    (unanswered,) = merge_accounts([known], list_of(listed()), PROFILES, TUESDAY, {"a-1": None})
    (answered,) = merge_accounts([known], list_of(listed()), PROFILES, TUESDAY, {"a-1": True})

    assert (unasked.has_metering, unasked.asked_at) == (False, MONDAY)
    assert (unanswered.has_metering, unanswered.asked_at) == (False, TUESDAY)
    assert (answered.has_metering, answered.asked_at) == (True, TUESDAY)


def test_accounts_are_sorted_by_id() -> None:
    accounts = merge_accounts([account("b")], list_of(listed("c"), listed("a")), PROFILES, TUESDAY)

    assert [merged.account_id for merged in accounts] == ["a", "b", "c"]


# Rows that cannot be read


NO_STATUS = UnreadableAccount(1, "a-1", "it has no `status`")
NO_ID = UnreadableAccount(1, None, "it has no `id`")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (NO_STATUS, "its row in Truto's account list cannot be read (it has no `status`)"),
        (NO_ID, "Truto's account list does not name it, but has a row whose id cannot be read"),
    ],
)
def test_an_account_whose_row_cannot_be_read_is_left_out_and_not_deleted(row: UnreadableAccount, reason: str) -> None:
    (now,) = merge_accounts([account()], list_of(unreadable=[row]), PROFILES, TUESDAY)

    assert now == account(left_out=reason)
    assert not now.is_fetched(include_sandbox=True)


def test_an_account_beside_another_row_that_cannot_be_read_is_deleted_as_ever() -> None:
    (now,) = merge_accounts([account("a-2")], list_of(unreadable=[NO_STATUS]), PROFILES, TUESDAY)

    assert now == account("a-2", deleted_at=TUESDAY)


def test_an_account_whose_row_can_be_read_again_is_fetched_again() -> None:
    (now,) = merge_accounts([account(left_out="unreadable")], list_of(listed()), PROFILES, TUESDAY)

    assert now == account(last_seen_at=TUESDAY)


def test_rows_that_cannot_be_read_are_kept_until_the_next_list(known: AccountList) -> None:
    known.update(list_of(listed(), unreadable=[NO_ID]), PROFILES, MONDAY)
    assert known.unreadable() == [NO_ID]

    known.update(list_of(listed()), PROFILES, TUESDAY)
    assert known.unreadable() == []


def test_an_unreadable_row_is_named_by_its_id_else_by_its_place() -> None:
    assert unreadable_name(NO_STATUS) == "Account a-1"
    assert unreadable_name(NO_ID) == "Row 1 of Truto's account list"


# Several environments


def test_an_account_of_an_environment_that_the_list_lacks_is_left_out_and_not_deleted() -> None:
    known = [account(environment_id="production"), account("a-2", environment_id="staging")]

    (production, staging) = merge_accounts(known, list_of(listed("a-2", environment_id="staging")), PROFILES, TUESDAY)

    assert production.left_out == "Truto's account list has no account of its environment, production"
    assert (production.deleted_at, staging.last_seen_at) == (None, TUESDAY)


# An empty list


def test_an_empty_list_where_accounts_are_known_is_refused(known: AccountList, landing: Landing) -> None:
    known.update(list_of(listed(), listed("a-2")), PROFILES, MONDAY)

    with pytest.raises(EmptyAccountList) as refused:
        known.update(list_of(), PROFILES, TUESDAY)

    assert str(refused.value) == (
        "Truto lists no account, and until 2026-11-23 06:00 UTC it listed cursor · acme (a-1) and 1 more, so nothing "
        "is marked as deleted: check that TRUTO_API_TOKEN is of the environment that holds your accounts; if all of "
        f"them are deleted in Truto, remove {landing.root / 'accounts.json'}, and their landed usage is kept."
    )
    assert known.read() == [account(), account("a-2")]


def test_an_empty_list_is_no_surprise_where_every_account_is_deleted(known: AccountList) -> None:
    landed = list_of(listed(), listed("a-2"))
    known.update(landed, PROFILES, MONDAY)
    known.path.write_bytes(msgspec.json.encode([account(deleted_at=MONDAY)]))

    assert known.update(list_of(), PROFILES, TUESDAY) == [account(deleted_at=MONDAY)]


# Names of the user


def test_the_users_name_is_the_display_name_and_is_not_stored(landing: Landing) -> None:
    named = AccountList(landing, lambda: {"a-1": "Research"})

    (written,) = named.update(list_of(listed()), PROFILES, MONDAY)

    assert written.display_name == named.read()[0].display_name == "Research"
    assert AccountList(landing).read()[0].display_name == "cursor · acme"


# Which accounts are fetched


def test_an_active_account_is_fetched() -> None:
    assert account().is_fetched(include_sandbox=False)


@pytest.mark.parametrize(
    "why",
    [
        {"status": NEEDS_RECONNECTING},
        {"status": "connecting"},
        {"deleted_at": TUESDAY},
        {"left_out": "its row cannot be read"},
        {"has_metering": False},
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
    known.update(list_of(listed(), listed("a-2", created_at=None, tenant_id=None)), PROFILES, MONDAY)

    assert known.read() == [account(), account("a-2", connected_at=None, tenant_id=None)]


def test_a_list_is_merged_with_the_previous_one(known: AccountList) -> None:
    known.update(list_of(listed(), listed("a-2")), PROFILES, MONDAY)

    known.update(list_of(listed("a-2")), PROFILES, TUESDAY)

    assert known.read() == [account(deleted_at=TUESDAY), account("a-2", last_seen_at=TUESDAY)]


def test_an_update_returns_the_accounts_that_it_wrote(known: AccountList) -> None:
    assert known.update(list_of(listed()), PROFILES, MONDAY) == known.read()


def test_an_update_leaves_one_file(known: AccountList, landing: Landing) -> None:
    known.update(list_of(listed()), PROFILES, MONDAY)

    assert names(landing.root) == {"accounts.json"}


@pytest.mark.parametrize("text", ["", "{}", '[{"account_id": "a-1"}]'])
def test_a_file_that_cannot_be_read_is_named_in_the_error(known: AccountList, landing: Landing, text: str) -> None:
    known.update(list_of(), PROFILES, MONDAY)
    landing.root.joinpath("accounts.json").write_text(text)

    with pytest.raises(LandingError, match=r"accounts\.json cannot be read"):
        known.read()
