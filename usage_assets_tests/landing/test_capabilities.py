"""Which accounts are asked for their capabilities, and what a failed request costs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from usage_assets.landing.accounts import ACTIVE, Account
from usage_assets.landing.capabilities import accounts_to_ask, ask_metering
from usage_assets.truto import IntegratedAccount, RetryPolicy, TrutoClient
from usage_assets_tests.truto.scripted_api import TOKEN, ScriptedApi

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
METERED = {"unified": [{"model": "usage-metering", "resource": "usage"}]}
LISTED = IntegratedAccount("a-1", "cursor", None, ACTIVE, is_sandbox=False, created_at=None, last_error=None)


def known(*, has_metering: bool | None, asked_at: datetime | None, status: str = ACTIVE) -> Account:
    return Account(
        account_id="a-1", integration="cursor", tenant_id=None, status=status, is_sandbox=False, connected_at=None,
        first_seen_at=NOW, last_seen_at=NOW, has_metering=has_metering, asked_at=asked_at,
    )  # fmt: skip


@pytest.fixture
def client(api: ScriptedApi) -> Iterator[TrutoClient]:
    with TrutoClient(token=TOKEN, base_url=api.url, retry=RetryPolicy(max_attempts=1)) as client:
        yield client


def test_a_new_account_is_asked() -> None:
    assert accounts_to_ask([LISTED], [], NOW) == ["a-1"]


@pytest.mark.parametrize(
    "before",
    [
        known(has_metering=None, asked_at=None),
        known(has_metering=None, asked_at=NOW - DAY),
        known(has_metering=False, asked_at=NOW - DAY),
        known(has_metering=True, asked_at=NOW - HOUR, status="needs_reauth"),
    ],
)
def test_an_account_without_a_lasting_answer_is_asked_again(before: Account) -> None:
    assert accounts_to_ask([LISTED], [before], NOW) == ["a-1"]


@pytest.mark.parametrize(
    "before",
    [
        known(has_metering=True, asked_at=NOW - 100 * DAY),
        known(has_metering=None, asked_at=NOW - HOUR),
        known(has_metering=False, asked_at=NOW - HOUR),
    ],
)
def test_an_account_that_was_just_asked_or_has_usage_metering_is_not_asked(before: Account) -> None:
    assert accounts_to_ask([LISTED], [before], NOW) == []


def test_an_account_that_is_not_active_is_not_asked() -> None:
    inactive = IntegratedAccount(
        "a-1", "cursor", None, "connecting", is_sandbox=False, created_at=None, last_error=None
    )

    assert accounts_to_ask([inactive], [], NOW) == []


def test_an_answer_is_kept_by_account(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(METERED)

    assert ask_metering(client, ["a-1", "a-2"]) == {"a-1": True, "a-2": True}


def test_a_route_that_does_not_exist_leaves_every_answer_open(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"message": "no such route"}, status=404)

    assert ask_metering(client, ["a-1", "a-2"]) == {"a-1": None, "a-2": None}


def test_a_failing_route_is_not_asked_for_every_account(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"message": "down"}, status=500)
    accounts = [f"a-{number}" for number in range(200)]

    answers = ask_metering(client, accounts)

    assert set(answers.values()) == {None}
    assert len(answers) == len(api.requests) < len(accounts) / 2
