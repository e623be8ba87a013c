"""The client with a real server on loopback: resources, pages, retries, errors."""

import gzip
import socket
import threading
from collections.abc import Callable

import msgspec
import pytest

from usage_assets.truto import (
    AccountBlocked,
    BadToken,
    IntegratedAccount,
    InvalidBaseURL,
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

QUERY = UsageQuery(account_id="a-1", date="2026-11-20")
EMPTY_PAGE: dict[str, object] = {"result": [], "next_cursor": None}
ACCOUNT = {"id": "a-1", "integration": {"name": "confluent"}, "status": "active"}


def usage(client: TrutoClient, query: UsageQuery = QUERY) -> list[bytes]:
    return [bytes(row) for page in client.usage_pages(query) for row in page.rows]


def failure(client: TrutoClient, kind: type[TrutoError]) -> TrutoError:
    with pytest.raises(kind) as caught:
        usage(client)
    return caught.value


# Usage


def test_a_request_carries_the_token(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(EMPTY_PAGE)
    usage(client)
    assert api.requests[0].authorization == f"Bearer {TOKEN}"


def test_usage_is_requested_at_its_path(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(EMPTY_PAGE)
    usage(client)
    assert api.requests[0].path == "/unified/usage-metering/usage"


def test_a_query_arrives_unchanged(client: TrutoClient, api: ScriptedApi) -> None:
    query = UsageQuery(account_id="a 1&b", exclude_fields=("é", "[x]"), extra={"surfaces": ["chat", "api"]})
    api.answers_with(EMPTY_PAGE)
    usage(client, query)
    assert api.requests[0].query == query.parameters()


def test_the_base_url_may_carry_a_path(api: ScriptedApi, retry: RetryPolicy) -> None:
    api.answers_with(EMPTY_PAGE)
    with TrutoClient(token=TOKEN, base_url=f"{api.url}/proxy/truto/", retry=retry) as client:
        usage(client)
    assert api.requests[0].path == "/proxy/truto/unified/usage-metering/usage"


def test_usage_is_paged(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [{"id": 1}], "next_cursor": "b/+= "}, {"result": [{"id": 2}]})
    usage(client)
    assert api.requests[1].query == [*QUERY.parameters(), ("next_cursor", "b/+= ")]


def test_rows_keep_their_text(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b'{"result":[{"amount": 0.10000000000000000001}]}')
    assert usage(client) == [b'{"amount": 0.10000000000000000001}']


def test_paging_a_stream_raises(client: TrutoClient) -> None:
    with pytest.raises(ValueError, match="usage_lines"):
        client.usage_pages(UsageQuery(account_id="a-1", response_format="stream"))


def test_a_stream_yields_its_lines_without_empty_lines(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with('{"a":"\u2028"}\r\n\n{"b":2}'.encode())
    assert list(client.usage_lines(QUERY)) == ['{"a":"\u2028"}'.encode(), b'{"b":2}']


def test_lines_are_requested_as_a_stream(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b"")
    list(client.usage_lines(QUERY))
    assert ("truto_response_format", "stream") in api.requests[0].query


def test_a_rejected_stream_raises(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"message": "no such account"}, status=404)
    with pytest.raises(RequestRejected, match="no such account"):
        list(client.usage_lines(QUERY))


def test_a_stream_that_breaks_off_raises(client: TrutoClient, api: ScriptedApi) -> None:
    api.cuts_an_answer_short(b'{"a":1}\n')
    with pytest.raises(Unreachable):
        list(client.usage_lines(QUERY))


def test_a_document_is_the_unchanged_body(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b"  [1,\n2]")
    assert client.usage_document(QUERY) == b"  [1,\n2]"


def test_a_document_is_requested_raw(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b"")
    client.usage_document(QUERY)
    assert ("truto_response_format", "raw") in api.requests[0].query


def test_the_schema_is_an_object(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"schema": {"id": "string"}})
    assert client.usage_schema("a-1") == {"schema": {"id": "string"}}


def test_the_schema_is_requested_at_its_path(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({})
    client.usage_schema("a-1")
    assert api.requests[0].target == "/unified/usage-metering/usage/meta/list?integrated_account_id=a-1"


# Sibling resources


LISTS = ["products", "organizations", "workspaces", "users"]
ROWS = ["organization", "workspace", "user"]


@pytest.mark.parametrize("resource", LISTS)
def test_a_resource_is_listed_over_all_pages(client: TrutoClient, api: ScriptedApi, resource: str) -> None:
    api.answers_with({"result": [{"id": "1"}], "next_cursor": "b"}, {"result": [{"id": "2"}]})
    assert list(getattr(client, resource)("a-1")) == [{"id": "1"}, {"id": "2"}]


@pytest.mark.parametrize("resource", LISTS)
def test_a_resource_is_requested_at_its_path_with_its_parameters(
    client: TrutoClient, api: ScriptedApi, resource: str
) -> None:
    api.answers_with(EMPTY_PAGE)
    list(getattr(client, resource)("a-1", date="2026-11-20", limit=5))
    expected = f"/unified/usage-metering/{resource}?integrated_account_id=a-1&date=2026-11-20&limit=5"
    assert api.requests[0].target == expected


@pytest.mark.parametrize("resource", LISTS)
def test_a_list_without_result_raises_with_its_account(client: TrutoClient, api: ScriptedApi, resource: str) -> None:
    api.answers_with({})
    with pytest.raises(InvalidResponse, match="no `result` for account a-1"):
        list(getattr(client, resource)("a-1"))


@pytest.mark.parametrize("resource", ROWS)
def test_a_row_of_a_resource_is_returned(client: TrutoClient, api: ScriptedApi, resource: str) -> None:
    api.answers_with({"id": "x", "name": "X"})
    assert getattr(client, resource)("a-1", "x") == {"id": "x", "name": "X"}


@pytest.mark.parametrize("resource", ROWS)
def test_a_row_of_a_resource_is_requested_by_its_id(client: TrutoClient, api: ScriptedApi, resource: str) -> None:
    api.answers_with({"id": "x/1 é"})
    getattr(client, resource)("a-1", "x/1 é")
    expected = f"/unified/usage-metering/{resource}s/x%2F1%20%C3%A9?integrated_account_id=a-1"
    assert api.requests[0].target == expected


@pytest.mark.parametrize("resource", ROWS)
def test_an_unknown_row_of_a_resource_is_rejected(client: TrutoClient, api: ScriptedApi, resource: str) -> None:
    api.answers_with({"message": "not found"}, status=404)
    with pytest.raises(RequestRejected, match="not found"):
        getattr(client, resource)("a-1", "x")


@pytest.mark.parametrize("row_id", ["", ".", ".."])
def test_an_id_that_a_path_cannot_carry_is_rejected_without_a_request(client: TrutoClient, row_id: str) -> None:
    with pytest.raises(RequestRejected, match="is not an id"):
        client.user("a-1", row_id)


# Integrated accounts


def test_integrated_accounts_are_listed_over_all_pages(client: TrutoClient, api: ScriptedApi) -> None:
    other = {**ACCOUNT, "id": "a-2"}
    api.answers_with({"result": [ACCOUNT], "next_cursor": "b", "limit": 1}, {"results": [other]})
    assert [account.id for account in client.integrated_accounts()] == ["a-1", "a-2"]


def test_an_account_listed_twice_is_returned_once(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [ACCOUNT], "next_cursor": "b"}, {"result": [ACCOUNT]})
    assert len(client.integrated_accounts()) == 1


def test_integrated_accounts_are_filtered(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(EMPTY_PAGE)
    client.integrated_accounts(**{"integration.name": "confluent"}, is_sandbox=False, created_at={"gt": "2026"})
    expected = [("integration.name", "confluent"), ("is_sandbox", "false"), ("created_at[gt]", "2026")]
    assert api.requests[0].query == expected


def test_a_list_of_accounts_that_fails_on_a_later_page_raises(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [ACCOUNT], "next_cursor": "b"})
    api.answers_with({"message": "down"}, status=500)
    with pytest.raises(ProviderFailed):
        client.integrated_accounts()


def test_an_invalid_account_in_a_list_raises(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [ACCOUNT, {"id": "a-2"}]})
    with pytest.raises(InvalidResponse, match="missing required field"):
        client.integrated_accounts()


def test_an_integrated_account_is_returned_by_its_id(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(ACCOUNT)
    expected = IntegratedAccount("a-1", "confluent", None, "active", False, None, None)
    assert client.integrated_account("a-1") == expected


# Retries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 504])
def test_a_temporary_failure_is_retried(
    client: TrutoClient, api: ScriptedApi, delays: list[float], status: int
) -> None:
    api.answers_with({}, {}, status=status)
    api.answers_with(EMPTY_PAGE)
    usage(client)
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
    usage(client)
    assert delays == [delay]


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, RateLimited), (408, ProviderFailed), (500, ProviderFailed), (504, ProviderFailed)],
)
def test_a_temporary_failure_raises_after_five_attempts(
    client: TrutoClient, api: ScriptedApi, status: int, error: type[TrutoError]
) -> None:
    api.answers_with({}, status=status)
    failure(client, error)
    assert len(api.requests) == 5


@pytest.mark.parametrize(
    ("status", "error"),
    [(302, InvalidResponse), (401, BadToken), (404, RequestRejected), (503, AccountBlocked)],
)
def test_a_permanent_failure_is_not_retried(
    client: TrutoClient, api: ScriptedApi, status: int, error: type[TrutoError]
) -> None:
    api.answers_with({}, status=status)
    failure(client, error)
    assert len(api.requests) == 1


def test_a_dropped_connection_is_retried(client: TrutoClient, api: ScriptedApi) -> None:
    api.drops_a_connection()
    api.answers_with({"result": [{"id": 1}]})
    assert len(usage(client)) == 1


def test_a_body_that_breaks_off_is_retried(client: TrutoClient, api: ScriptedApi) -> None:
    api.cuts_an_answer_short(b'{"result":[]}')
    api.answers_with({"result": [{"id": 1}]})
    assert len(usage(client)) == 1


def test_a_server_that_does_not_listen_is_unreachable(retry: RetryPolicy) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with TrutoClient(token=TOKEN, base_url=url, retry=retry) as client:
            assert url in failure(client, Unreachable).detail


def test_a_server_that_does_not_speak_tls_is_unreachable(api: ScriptedApi, retry: RetryPolicy) -> None:
    with TrutoClient(token=TOKEN, base_url=api.url.replace("http", "https"), retry=retry) as client:
        failure(client, Unreachable)


def test_a_server_that_does_not_respond_is_unreachable(retry: RetryPolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with TrutoClient(token=TOKEN, base_url=url, retry=retry, timeout=0.02) as client:
            assert "no response in time" in str(failure(client, Unreachable))


# Invalid responses


def test_a_redirect_is_not_followed(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({}, status=307, Location=f"{api.url}/elsewhere")
    assert f"redirects to {api.url}/elsewhere" in str(failure(client, InvalidResponse))


def test_a_response_with_broken_compression_is_invalid(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b"not gzip", Content_Encoding="gzip")
    failure(client, InvalidResponse)


def test_a_compressed_response_is_decompressed(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(gzip.compress(b'{"result":[{"id":1}]}'), Content_Encoding="gzip")
    assert usage(client) == [b'{"id":1}']


def test_a_response_with_endless_nesting_is_invalid(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b'{"result":[{"id":' + b"[" * 100_000)
    failure(client, InvalidResponse)


def test_a_query_longer_than_a_url_is_rejected(client: TrutoClient) -> None:
    with pytest.raises(RequestRejected):
        usage(client, UsageQuery(account_id="a-1", user_id="x" * 100_000))


def test_a_value_that_cannot_be_encoded_is_rejected(client: TrutoClient) -> None:
    with pytest.raises(RequestRejected):
        usage(client, UsageQuery(account_id="a-1", user_id="\udcff"))


# Errors


def test_an_error_carries_status_account_request_and_message(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"message": "expired", "truto_is_remote_error": True}, status=401)
    error = failure(client, NeedsReconnecting)
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
    error = failure(client, TrutoError)
    assert TOKEN not in f"{error} {error!r} {vars(error)}"


def test_the_repr_of_a_client_does_not_hold_the_token(client: TrutoClient) -> None:
    assert TOKEN not in repr(client)


@pytest.mark.parametrize("token", ["", "  ", "two words", "new\nline", "tökén", "tab\t.x"])
def test_a_token_that_no_header_can_carry_is_rejected_without_showing_it(token: str) -> None:
    with pytest.raises(BadToken) as caught:
        TrutoClient(token=token)
    assert not token.strip() or token not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.truto.one",
        "ftp://api.truto.one",
        "https://",
        "https://u:p@host",
        "http://h?x=1",
        "http://h:99999",
        "http://h:port",
        "http://a..b",
        "http://" + "x" * 64,
    ],
)
def test_an_invalid_base_url_is_rejected(base_url: str) -> None:
    with pytest.raises(InvalidBaseURL, match="correct TRUTO_BASE_URL"):
        TrutoClient(token=TOKEN, base_url=base_url)


# Threads


def test_threads_share_a_client(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [{"id": 1}]})
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(usage(client)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1] * 8


def test_a_page_carries_the_debug_object(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [], "debug": {"requestUrl": "u"}})
    page = next(client.usage_pages(UsageQuery(account_id="a-1", response_format="debug")))
    assert msgspec.json.decode(page.debug or b"null") == {"requestUrl": "u"}


def test_a_proxy_from_the_environment_is_not_used_for_loopback(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, retry: RetryPolicy
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    api.answers_with({"result": [{"id": 1}]})
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry) as client:
        assert len(usage(client)) == 1


def test_a_retry_counts_against_the_limits(api: ScriptedApi, retry: RetryPolicy) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    api.answers_with({}, {}, status=500)
    api.answers_with(EMPTY_PAGE)
    limits = RequestLimits(per_account=1, clock=lambda: now[0], sleep=sleep)
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry, limits=limits) as client:
        usage(client)
    assert now[0] == pytest.approx(2 * 10.1)
