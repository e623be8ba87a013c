"""Errors: one tree, one sentence each, never the token."""

import pytest

from usage_assets.truto import (
    AccountBlocked,
    AnswerNotUnderstood,
    BadToken,
    NeedsReconnecting,
    PartialAnswer,
    ProviderFailed,
    RateLimited,
    TrutoError,
    Unreachable,
    WrongAddress,
    WrongRequest,
)
from usage_assets.truto.errors import error_class


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, AnswerNotUnderstood),
        (400, WrongRequest),
        (401, BadToken),
        (403, WrongRequest),
        (404, WrongRequest),
        (405, WrongRequest),
        (408, ProviderFailed),
        (409, WrongRequest),
        (418, WrongRequest),
        (422, WrongRequest),
        (429, RateLimited),
        (500, ProviderFailed),
        (502, ProviderFailed),
        (503, AccountBlocked),
        (504, ProviderFailed),
    ],
)
def test_a_status_stands_for_an_error(status: int, error: type[TrutoError]) -> None:
    assert error_class(status, is_remote=False) is error


def test_the_providers_401_asks_for_reconnecting() -> None:
    assert error_class(401, is_remote=True) is NeedsReconnecting


@pytest.mark.parametrize(
    "error", [BadToken, NeedsReconnecting, AccountBlocked, WrongRequest, AnswerNotUnderstood, WrongAddress]
)
def test_what_somebody_must_act_on_is_permanent(error: type[TrutoError]) -> None:
    assert error().is_permanent


@pytest.mark.parametrize("error", [RateLimited, ProviderFailed, Unreachable, PartialAnswer])
def test_what_may_pass_is_not_permanent(error: type[TrutoError]) -> None:
    assert not error().is_permanent


def test_an_error_is_one_sentence_of_what_happened_where_and_what_to_do() -> None:
    error = WrongRequest(
        status=404, account_id="a-1", request="GET /usage?limit=5", provider_message="No such account."
    )
    assert str(error) == (
        "The request was refused (HTTP 404) for account a-1 on GET /usage?limit=5, "
        'with the message "No such account."; '
        "correct the request, its parameters or the account's permissions."
    )


def test_an_error_about_nothing_in_particular_is_a_sentence_too() -> None:
    assert str(PartialAnswer()) == (
        "The provider gave Truto incomplete data, so nothing of it was used; try again later."
    )
