"""The errors: which status raises which, which are permanent, and the sentence of each."""

import pytest

from usage_assets.errors import UsageAssetsError
from usage_assets.truto import (
    AccountBlocked,
    BadToken,
    InvalidBaseURL,
    InvalidResponse,
    NeedsReconnecting,
    PagesChanged,
    PartialResponse,
    ProviderFailed,
    RateLimited,
    RequestRejected,
    TrutoError,
    Unreachable,
)
from usage_assets.truto.errors import error_class


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, InvalidResponse),
        (400, RequestRejected),
        (401, BadToken),
        (403, RequestRejected),
        (404, RequestRejected),
        (405, RequestRejected),
        (408, ProviderFailed),
        (409, RequestRejected),
        (418, RequestRejected),
        (422, RequestRejected),
        (429, RateLimited),
        (500, ProviderFailed),
        (501, RequestRejected),
        (502, ProviderFailed),
        (503, AccountBlocked),
        (504, ProviderFailed),
    ],
)
def test_a_status_maps_to_an_error(status: int, error: type[TrutoError]) -> None:
    assert error_class(status, is_remote=False) is error


def test_a_401_of_the_provider_means_reconnecting() -> None:
    assert error_class(401, is_remote=True) is NeedsReconnecting


@pytest.mark.parametrize(
    "error", [BadToken, NeedsReconnecting, AccountBlocked, RequestRejected, InvalidResponse, InvalidBaseURL]
)
def test_an_error_that_somebody_must_act_on_is_permanent(error: type[TrutoError]) -> None:
    assert error().is_permanent


@pytest.mark.parametrize("error", [RateLimited, ProviderFailed, Unreachable, PagesChanged, PartialResponse])
def test_a_temporary_error_is_not_permanent(error: type[TrutoError]) -> None:
    assert not error().is_permanent


def test_an_error_says_in_one_sentence_what_happened_to_which_account_and_what_to_do() -> None:
    error = RequestRejected(
        status=404, account_id="a-1", request="GET /usage?limit=5", provider_message="No such account."
    )
    assert str(error) == (
        "Truto or the provider rejected the request (HTTP 404) for account a-1 on GET /usage?limit=5, "
        'with the message "No such account."; '
        "correct the request, its parameters or the account's permissions."
    )


def test_a_sentence_is_a_single_line_without_control_characters() -> None:
    error = TrutoError("one\ntwo", account_id="a\x1b[31m", provider_message="\x9b31m")
    assert str(error).isprintable()


def test_every_error_is_an_expected_error_of_the_project() -> None:
    assert issubclass(TrutoError, UsageAssetsError)


def test_an_error_without_details_is_a_sentence() -> None:
    assert str(PartialResponse()) == ("The provider gave Truto incomplete data, which was discarded; try again later.")
