"""Names of accounts for people: the display name, and the account that a text names."""

from datetime import UTC, datetime

import pytest

from usage_assets.errors import WRONG_CALL
from usage_assets.landing.account_search import AccountNotFound, find_account
from usage_assets.landing.accounts import ACTIVE, Account

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)


def account(account_id: str, integration: str, tenant_id: str | None) -> Account:
    return Account(
        account_id=account_id,
        integration=integration,
        tenant_id=tenant_id,
        status=ACTIVE,
        is_sandbox=False,
        connected_at=MONDAY,
        first_seen_at=MONDAY,
        last_seen_at=MONDAY,
    )


CLAUDE_ACME = account("7c9e6679-7425", "claude", "acme")
CURSOR_ACME = account("16fd2706-8baf", "cursor", "acme")
CURSOR_GLOBEX = account("886313e1-3b8a", "cursor", "Globex Corp")
DATADOG = account("6fa459ea-ee8a", "datadog", None)
ACCOUNTS = [CLAUDE_ACME, CURSOR_ACME, CURSOR_GLOBEX, DATADOG]


# How an account is shown


def test_an_account_is_shown_by_integration_and_tenant() -> None:
    assert CLAUDE_ACME.display_name == "claude · acme"


@pytest.mark.parametrize("tenant_id", [None, "", "  "])
def test_an_account_without_tenant_is_shown_by_its_integration(tenant_id: str | None) -> None:
    assert account("a-1", "datadog", tenant_id).display_name == "datadog"


@pytest.mark.parametrize("tenant_id", ["ac\x1b[2Jme", "a\nc\tm\re", "ac\u202eme", "\x00acme\x07"])
def test_control_characters_are_not_shown(tenant_id: str) -> None:
    shown = account("a-1", "cl\x1baude", tenant_id).display_name

    assert shown.isprintable()


def test_a_long_tenant_is_truncated() -> None:
    assert len(account("a-1", "claude", "x" * 10_000).display_name) == 80


def test_markup_is_shown_as_it_is() -> None:
    assert account("a-1", "claude", "<b>[red]acme").display_name == "claude · <b>[red]acme"


# Which account a text names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("7c9e6679-7425", CLAUDE_ACME),
        ("7C9E6679-7425", CLAUDE_ACME),
        ("7c9e", CLAUDE_ACME),
        ("claude", CLAUDE_ACME),
        ("Datadog", DATADOG),
        ("DATA", DATADOG),
        ("Globex Corp", CURSOR_GLOBEX),
        ("globex", CURSOR_GLOBEX),
        (" globex ", CURSOR_GLOBEX),
        ("cursor acme", CURSOR_ACME),
        ("cursor · acme", CURSOR_ACME),
        ("8baf cursor", CURSOR_ACME),
    ],
)
def test_an_unambiguous_part_names_an_account(text: str, named: Account) -> None:
    assert find_account(ACCOUNTS, text) == named


@pytest.mark.parametrize("named", ACCOUNTS)
def test_every_id_names_its_account(named: Account) -> None:
    assert find_account(ACCOUNTS, named.account_id) == named


def test_an_exact_id_wins_over_ids_that_contain_it() -> None:
    short, long = account("a-1", "claude", "acme"), account("a-10", "claude", "acme")

    assert find_account([long, short], "a-1") == short


def test_an_exact_id_wins_over_an_exact_tenant() -> None:
    by_id, by_tenant = account("acme", "claude", "globex"), account("a-2", "claude", "acme")

    assert find_account([by_tenant, by_id], "acme") == by_id


def test_an_id_in_the_same_case_wins_over_one_in_another_case() -> None:
    lower, upper = account("abc", "claude", None), account("ABC", "claude", None)

    assert find_account([upper, lower], "abc") == lower


def test_an_exact_tenant_wins_over_a_tenant_that_contains_it() -> None:
    acme, acme_eu = account("a-1", "claude", "acme"), account("a-2", "claude", "acme-eu")

    assert find_account([acme_eu, acme], "ACME") == acme


def test_an_exact_integration_wins_over_a_tenant_that_contains_it() -> None:
    claude, fan = account("a-1", "claude", "acme"), account("a-2", "cursor", "claude fans")

    assert find_account([fan, claude], "claude") == claude


# Texts that name no account


@pytest.mark.parametrize("text", ["initech", "", "  ", "·", "acme claude", "7c9e6679-74250"])
def test_a_text_that_names_no_account_is_an_error(text: str) -> None:
    with pytest.raises(AccountNotFound, match=r"^No account matches "):
        find_account(ACCOUNTS, text)


def test_the_error_names_a_few_accounts() -> None:
    with pytest.raises(AccountNotFound) as caught:
        find_account(ACCOUNTS, "initech")

    assert str(caught.value) == (
        'No account matches "initech", but there are claude · acme (7c9e6679-7425), cursor · Globex Corp '
        "(886313e1-3b8a), cursor · acme (16fd2706-8baf) and 1 more: `usage-assets accounts` lists all."
    )


def test_where_no_account_is_known_the_error_says_so() -> None:
    with pytest.raises(AccountNotFound, match="because no account is known yet: run `usage-assets sync` first"):
        find_account([], "acme")


def test_a_text_that_names_several_accounts_is_an_error_that_lists_them() -> None:
    with pytest.raises(AccountNotFound) as caught:
        find_account(ACCOUNTS, "acme")

    assert str(caught.value) == (
        '"acme" matches 2 accounts: claude · acme (7c9e6679-7425), cursor · acme (16fd2706-8baf); '
        "name one of them by its id."
    )


def test_at_most_ten_accounts_are_listed() -> None:
    many = [account(f"a-{number}", "claude", "acme") for number in range(12)]

    with pytest.raises(AccountNotFound) as caught:
        find_account(many, "acme")

    assert str(caught.value).count("claude · acme") == 10
    assert "and 2 more; name one" in str(caught.value)


def test_the_error_is_a_wrong_call() -> None:
    assert AccountNotFound.exit_code == WRONG_CALL


@pytest.mark.parametrize("text", ["\x1b[2Jacme", "acme", "ini\ntech\u202e"])
def test_an_error_holds_no_control_characters(text: str) -> None:
    hostile = [account(f"a\x1b[2J\n{number}", "clau\x07de", "ac\u202eme acme") for number in range(2)]

    with pytest.raises(AccountNotFound) as caught:
        find_account(hostile, text)

    assert str(caught.value).isprintable()
