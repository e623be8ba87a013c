"""Requests to a real server on loopback: retries, limits, invalid responses, errors."""

import gzip
import socket
import threading
from collections.abc import Callable

import pytest

from usage_assets.truto import (
    AccountBlocked,
    BadToken,
    InvalidResponse,
    NeedsReconnecting,
    ProviderFailed,
    RateLimited,
    RequestLimits,
    RequestRejected,
    RetryPolicy,
    TrutoClient,
    TrutoError,
    Unreachable,
    UsageQuery,
)
from usage_assets_tests.truto.scripted_api import TOKEN, ScriptedApi
from usage_assets_tests.truto.usage_calls import EMPTY_PAGE, list_usage, usage_error

# Retries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 504])
def test_a_temporary_failure_is_retried(
    client: TrutoClient, api: ScriptedApi, delays: list[float], status: int
) -> None:
    api.answers_with({}, {}, status=status)
    api.answers_with(EMPTY_PAGE)
    list_usage(client)
    assert delays == [0.5, 1.0]


@pytest.mark.parametrize(
    ("header", "delay"),
    [("7", 7.0), ("Mon, 23 Nov 2026 12:00:09 GMT", 9.0), ("3600", 60.0), ("soon", 0.5)],
)
def test_the_delay_follows_the_retry_after_header(
    client: TrutoClient, api: ScriptedApi, delays: list[float], header: str, delay: float
) -> None:
    api.answers_with({}, status=429, Retry_After=header)
    api.answers_with(EMPTY_PAGE)
    list_usage(client)
    assert delays == [delay]


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, RateLimited), (408, ProviderFailed), (500, ProviderFailed), (504, ProviderFailed)],
)
def test_a_temporary_failure_raises_after_five_attempts(
    client: TrutoClient, api: ScriptedApi, status: int, error: type[TrutoError]
) -> None:
    api.answers_with({}, status=status)
    usage_error(client, error)
    assert len(api.requests) == 5


@pytest.mark.parametrize(
    ("status", "error"),
    [(302, InvalidResponse), (401, BadToken), (404, RequestRejected), (503, AccountBlocked)],
)
def test_a_permanent_failure_is_not_retried(
    client: TrutoClient, api: ScriptedApi, status: int, error: type[TrutoError]
) -> None:
    api.answers_with({}, status=status)
    usage_error(client, error)
    assert len(api.requests) == 1


def test_a_dropped_connection_is_retried(client: TrutoClient, api: ScriptedApi) -> None:
    api.drops_a_connection()
    api.answers_with({"result": [{"id": 1}]})
    assert len(list_usage(client)) == 1


def test_a_body_that_breaks_off_is_retried(client: TrutoClient, api: ScriptedApi) -> None:
    api.cuts_an_answer_short(b'{"result":[]}')
    api.answers_with({"result": [{"id": 1}]})
    assert len(list_usage(client)) == 1


def test_a_server_that_does_not_listen_is_unreachable(retry: RetryPolicy) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with TrutoClient(token=TOKEN, base_url=url, retry=retry) as client:
            assert url in usage_error(client, Unreachable).detail


def test_a_server_that_does_not_speak_tls_is_unreachable(api: ScriptedApi, retry: RetryPolicy) -> None:
    with TrutoClient(token=TOKEN, base_url=api.url.replace("http", "https"), retry=retry) as client:
        usage_error(client, Unreachable)


def test_a_server_that_does_not_respond_is_unreachable(retry: RetryPolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with TrutoClient(token=TOKEN, base_url=url, retry=retry, timeout=0.02) as client:
            assert "no response in time" in str(usage_error(client, Unreachable))


# Invalid responses


def test_a_redirect_is_not_followed(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({}, status=307, Location=f"{api.url}/elsewhere")
    assert f"redirects to {api.url}/elsewhere" in str(usage_error(client, InvalidResponse))


def test_a_response_with_broken_compression_is_invalid(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b"not gzip", Content_Encoding="gzip")
    usage_error(client, InvalidResponse)


def test_a_compressed_response_is_decompressed(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(gzip.compress(b'{"result":[{"id":1}]}'), Content_Encoding="gzip")
    assert list_usage(client) == [b'{"id":1}']


def test_a_response_with_endless_nesting_is_invalid(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b'{"result":[{"id":' + b"[" * 100_000)
    usage_error(client, InvalidResponse)


def test_a_query_longer_than_a_url_is_rejected(client: TrutoClient) -> None:
    with pytest.raises(RequestRejected):
        list_usage(client, UsageQuery(account_id="a-1", user_id="x" * 100_000))


def test_a_value_that_cannot_be_encoded_is_rejected(client: TrutoClient) -> None:
    with pytest.raises(RequestRejected):
        list_usage(client, UsageQuery(account_id="a-1", user_id="\udcff"))


# Errors


def test_an_error_carries_status_account_request_and_message(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"message": "expired", "truto_is_remote_error": True}, status=401)
    error = usage_error(client, NeedsReconnecting)
    assert (error.status, error.account_id, error.request, error.provider_message) == (
        401,
        "a-1",
        "GET /unified/usage-metering/usage?integrated_account_id=a-1&date=2026-11-20",
        "expired",
    )


def echo_in_message(api: ScriptedApi) -> None:
    api.answers_with({"message": f"unknown token Bearer {TOKEN}"}, status=401)


def echo_in_text(api: ScriptedApi) -> None:
    api.answers_with(f"{TOKEN}?".encode(), status=400)


def echo_in_location(api: ScriptedApi) -> None:
    api.answers_with({}, status=302, Location=f"/login?token={TOKEN}")


def echo_in_cursor(api: ScriptedApi) -> None:
    api.answers_with({"result": [], "next_cursor": f"x{TOKEN}"})


@pytest.mark.parametrize("echo", [echo_in_message, echo_in_text, echo_in_location, echo_in_cursor])
def test_a_token_in_the_response_is_redacted_from_the_error(
    client: TrutoClient, api: ScriptedApi, echo: Callable[[ScriptedApi], None]
) -> None:
    echo(api)
    error = usage_error(client, TrutoError)
    assert TOKEN not in f"{error} {error!r} {vars(error)}"


def test_a_retry_counts_against_the_limits(api: ScriptedApi, retry: RetryPolicy) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    api.answers_with({}, {}, status=500)
    api.answers_with(EMPTY_PAGE)
    limits = RequestLimits(per_account=1, clock=lambda: now[0], sleep=sleep)
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry, limits=limits) as client:
        list_usage(client)
    assert now[0] == pytest.approx(2 * 10.1)


# Threads


def test_threads_share_a_client(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [{"id": 1}]})
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(list_usage(client)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1] * 8
