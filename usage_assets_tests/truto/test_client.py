"""The client with a real server on loopback: the resources, their paths and parameters."""

import msgspec
import pytest

from usage_assets.truto import (
    IntegratedAccount,
    InvalidResponse,
    ProviderFailed,
    RequestRejected,
    TrutoClient,
    Unreachable,
    UsageQuery,
)
from usage_assets_tests.truto.scripted_api import TOKEN, ScriptedApi
from usage_assets_tests.truto.usage_calls import EMPTY_PAGE, QUERY, list_usage

ACCOUNT = {"id": "a-1", "integration": {"name": "confluent"}, "status": "active"}


# Usage


def test_a_request_carries_the_token(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(EMPTY_PAGE)
    list_usage(client)
    assert api.requests[0].authorization == f"Bearer {TOKEN}"


def test_usage_is_requested_at_its_path(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(EMPTY_PAGE)
    list_usage(client)
    assert api.requests[0].path == "/unified/usage-metering/usage"


def test_a_query_arrives_unchanged(client: TrutoClient, api: ScriptedApi) -> None:
    query = UsageQuery(account_id="a 1&b", exclude_fields=("é", "[x]"), extra={"surfaces": ["chat", "api"]})
    api.answers_with(EMPTY_PAGE)
    list_usage(client, query)
    assert api.requests[0].query == query.parameters()


def test_usage_is_paged(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [{"id": 1}], "next_cursor": "b/+= "}, {"result": [{"id": 2}]})
    list_usage(client)
    assert api.requests[1].query == [*QUERY.parameters(), ("next_cursor", "b/+= ")]


def test_rows_keep_their_text(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(b'{"result":[{"amount": 0.10000000000000000001}]}')
    assert list_usage(client) == [b'{"amount": 0.10000000000000000001}']


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


def test_a_page_carries_the_debug_object(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [], "debug": {"requestUrl": "u"}})
    page = next(client.usage_pages(UsageQuery(account_id="a-1", response_format="debug")))
    assert msgspec.json.decode(page.debug or b"null") == {"requestUrl": "u"}


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
    assert [account.id for account in client.integrated_accounts().accounts] == ["a-1", "a-2"]


def test_an_account_listed_twice_is_returned_once(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with({"result": [ACCOUNT], "next_cursor": "b"}, {"result": [ACCOUNT]})
    assert len(client.integrated_accounts().accounts) == 1


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


@pytest.mark.parametrize(
    ("row", "account_id", "reason"),
    [
        ({"id": "a-2"}, "a-2", "it has no `integration`"),
        ({**ACCOUNT, "id": "a-2", "integration": None}, "a-2", "its `integration` is null"),
        ({**ACCOUNT, "id": "a-2", "integration": {"name": " "}}, "a-2", "its `integration.name` is an empty text"),
        ({**ACCOUNT, "id": "a-2", "status": 5}, "a-2", "its `status` is a number"),
        ({**ACCOUNT, "id": "a-2", "environment_id": 5}, "a-2", "its `environment_id` is a number"),
        ({**ACCOUNT, "id": 7}, None, "its `id` is a number"),
        ({"status": "active"}, None, "it has no `id`"),
        (None, None, "it is null"),
        (7, None, "it is a number"),
        ([], None, "it is a list"),
    ],
)
def test_a_row_that_cannot_be_read_costs_its_own_account(
    row: object, account_id: str | None, reason: str, client: TrutoClient, api: ScriptedApi
) -> None:
    api.answers_with({"result": [row, ACCOUNT]})

    listed = client.integrated_accounts()

    assert [account.id for account in listed.accounts] == ["a-1"]
    [unreadable] = listed.unreadable
    assert (unreadable.number, unreadable.id) == (1, account_id)
    assert reason in unreadable.reason


def test_a_name_that_is_not_utf_8_costs_no_account(client: TrutoClient, api: ScriptedApi) -> None:
    row = b'{"id":"a-1","tenant_id":"caf\xe9","integration":{"name":"cursor"},"status":"active"}'
    api.answers_with(b'{"result":[' + row + b"]}")

    assert [account.tenant_id for account in client.integrated_accounts().accounts] == ["caf\N{REPLACEMENT CHARACTER}"]


# Capabilities


@pytest.mark.parametrize(
    ("answer", "has_metering"),
    [
        ({"unified": [{"model": "usage-metering", "resource": "usage", "methods": ["list"]}]}, True),
        ({"unified": [{"model": "Usage Metering", "resource": "usage"}, {"model": "user-directory"}]}, True),
        ({"unified": [{"model": "user-directory", "resource": "users"}]}, False),
        ({"unified": []}, False),
        ({"unified": None}, None),
        ({"unified": ["usage-metering"]}, None),
        ({"account": {"id": "a-1"}}, None),
        ([], None),
        (b"<html>", None),
    ],
)
def test_capabilities_say_whether_an_account_has_usage_metering(
    answer: object, has_metering: object, client: TrutoClient, api: ScriptedApi
) -> None:
    api.answers_with(answer)

    assert client.has_usage_metering("a-1") is has_metering
    assert (api.requests[0].path, api.requests[0].query) == (
        "/integrated-account/a-1/capabilities",
        [("type", "unified")],
    )


def test_an_integrated_account_is_returned_by_its_id(client: TrutoClient, api: ScriptedApi) -> None:
    api.answers_with(ACCOUNT)
    expected = IntegratedAccount("a-1", "confluent", None, "active", False, None, None)
    assert client.integrated_account("a-1") == expected


def test_the_repr_of_a_client_does_not_hold_the_token(client: TrutoClient) -> None:
    assert TOKEN not in repr(client)
