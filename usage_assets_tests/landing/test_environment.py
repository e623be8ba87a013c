"""A landing folder takes accounts of the Truto environment that it knows, and refuses those of another."""

from datetime import UTC, datetime

import pytest

from usage_assets.landing.accounts import ACTIVE, Account
from usage_assets.landing.environment import check_environment, record_environment, recorded_environments
from usage_assets.landing.manifest import LandingError
from usage_assets.landing.store import Landing
from usage_assets.truto import IntegratedAccount, ListedAccounts, UnreadableAccount
from usage_assets_tests.landing.files import names

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


def listed(account_id: str, environment_id: str | None) -> IntegratedAccount:
    return IntegratedAccount(
        account_id, "cursor", None, ACTIVE, is_sandbox=False, created_at=None, last_error=None,
        environment_id=environment_id,
    )  # fmt: skip


def list_of(*accounts: IntegratedAccount, unreadable_id: str | None = None) -> ListedAccounts:
    return ListedAccounts(list(accounts), [UnreadableAccount(1, unreadable_id, "?")] if unreadable_id else [])


def known(account_id: str, *, deleted_at: datetime | None = None, environment_id: str | None = None) -> Account:
    return Account(
        account_id=account_id, integration="cursor", tenant_id=None, status=ACTIVE, is_sandbox=False, connected_at=None,
        first_seen_at=MONDAY, last_seen_at=MONDAY, deleted_at=deleted_at, environment_id=environment_id,
    )  # fmt: skip


PRODUCTION, STAGING = list_of(listed("p-1", "production")), list_of(listed("s-1", "staging"))


@pytest.fixture(autouse=True)
def _folder(landing: Landing) -> None:
    landing.root.mkdir(parents=True, exist_ok=True)


def test_accounts_of_another_environment_are_refused(landing: Landing) -> None:
    record_environment(landing.root, PRODUCTION)

    with pytest.raises(LandingError) as refused:
        check_environment(landing.root, STAGING, [known("p-1")])

    assert str(refused.value) == (
        f"{landing.root.parent} holds the data of the environment production, and the accounts that TRUTO_API_TOKEN "
        "lists are of the environment staging: set TRUTO_API_TOKEN back, or set USAGE_DATA_DIR to another folder."
    )


def test_an_account_known_by_the_same_id_in_another_environment_is_refused(landing: Landing) -> None:
    record_environment(landing.root, list_of(listed("a-1", "production")))

    with pytest.raises(LandingError, match="of the environment staging"):
        check_environment(landing.root, list_of(listed("a-1", "staging")), [known("a-1")])


def test_checking_writes_nothing(landing: Landing) -> None:
    check_environment(landing.root, PRODUCTION, [])

    assert names(landing.root) == set()


def test_a_token_of_several_environments_adds_them(landing: Landing) -> None:
    record_environment(landing.root, PRODUCTION)
    both = list_of(*PRODUCTION.accounts, *STAGING.accounts)
    check_environment(landing.root, both, [])

    record_environment(landing.root, both)

    assert recorded_environments(landing.root) == {"production", "staging"}


def test_the_environment_of_a_known_account_counts_where_the_file_is_missing(landing: Landing) -> None:
    with pytest.raises(LandingError, match="holds the data of the environment production"):
        check_environment(landing.root, STAGING, [known("p-1", environment_id="production")])


def test_an_api_that_names_no_environment_is_accepted(landing: Landing) -> None:
    record_environment(landing.root, PRODUCTION)

    check_environment(landing.root, list_of(listed("x", None)), [known("p-1")])


def test_an_older_folder_takes_the_environment_of_an_account_that_it_knows(landing: Landing) -> None:
    check_environment(landing.root, list_of(listed("p-1", "production"), listed("p-2", "production")), [known("p-1")])
    check_environment(landing.root, list_of(listed("p-2", "production"), unreadable_id="p-1"), [known("p-1")])


def test_an_older_folder_refuses_a_list_without_any_account_that_it_knows(landing: Landing) -> None:
    with pytest.raises(LandingError) as refused:
        check_environment(landing.root, STAGING, [known("p-1")])

    assert str(refused.value).endswith(f"write its id into {landing.root / 'environment'}.")


def test_an_id_that_a_person_wrote_into_the_file_is_accepted(landing: Landing) -> None:
    (landing.root / "environment").write_text("staging\n")

    check_environment(landing.root, STAGING, [known("p-1")])


def test_an_older_folder_without_present_accounts_takes_any_environment(landing: Landing) -> None:
    check_environment(landing.root, STAGING, [known("p-1", deleted_at=MONDAY)])


def test_an_id_with_control_characters_stays_one_line(landing: Landing) -> None:
    record_environment(landing.root, list_of(listed("a", "pro\n\x1bduction")))

    assert recorded_environments(landing.root) == {"pro duction"}
    check_environment(landing.root, list_of(listed("a", "pro\n\x1bduction")), [])
