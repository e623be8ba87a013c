"""The client: one method for each resource of the API.

`transport` sends requests, `query` encodes their parameters, `pagination` follows pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from usage_assets.truto.accounts import (
    IntegratedAccount,
    ListedAccounts,
    parse_account,
    parse_accounts,
    parse_has_usage_metering,
)
from usage_assets.truto.api_request import ApiRequest, redactor
from usage_assets.truto.connection import DEFAULT_TIMEOUT, connect, validate_base_url, validate_token
from usage_assets.truto.errors import RequestRejected
from usage_assets.truto.limits import RequestLimits
from usage_assets.truto.models import Envelope, Page, parse_accounts_envelope, parse_envelope, parse_object
from usage_assets.truto.pagination import iter_pages, parse_errors
from usage_assets.truto.query import Parameters, QueryValue, UsageQuery, encode
from usage_assets.truto.retry import RetryPolicy
from usage_assets.truto.transport import Transport

METERING_PATH = "/unified/usage-metering"
USAGE_PATH = f"{METERING_PATH}/usage"
ACCOUNTS_PATH = "/integrated-account"


class TrutoClient:
    """Client of Truto's usage-metering API; threads may share it. Every method raises `TrutoError` on failure.

    Example:
        with TrutoClient(token=token) as client:
            for page in client.usage_pages(UsageQuery(account_id=account_id, date="2026-11-20")):
                print(page.rows)

    Args:
        token: API token of the environment that holds the accounts.
        base_url: Address of the API; it may have a path.
        retry: The number of attempts and the delays between them.
        limits: The rate limits, to be shared between clients of the same token; by default the client's own.
        transport: Replaces the network, for example in a test.
        timeout: Seconds, or an `httpx.Timeout`.

    Raises:
        BadToken: The token is empty or cannot be sent in an HTTP header.
        InvalidBaseURL: Requests cannot be sent to the base URL.
    """

    def __init__(
        self,
        *,
        token: str,
        base_url: str = "https://api.truto.one",
        retry: RetryPolicy | None = None,
        limits: RequestLimits | None = None,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout | float = DEFAULT_TIMEOUT,
    ) -> None:
        token = validate_token(token)
        self.base_url = validate_base_url(base_url)
        self._redact = redactor(token)
        http = connect(token=token, base_url=self.base_url, transport=transport, timeout=timeout)
        self._transport = Transport(http, retry or RetryPolicy(), limits or RequestLimits())

    def __repr__(self) -> str:
        return f"TrutoClient(base_url={self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def usage_pages(self, query: UsageQuery) -> Iterator[Page]:
        """Yield the pages of List Usage, each row as the API's own text, in a response format with an envelope."""
        if query.response_format == "stream":
            raise ValueError("a stream has no pages; usage_lines yields its lines")
        return self._pages(self._usage_request(query))

    def usage_lines(self, query: UsageQuery) -> Iterator[bytes]:
        """Yield the lines of List Usage in the response format `stream` as they arrive, without empty lines."""
        return self._transport.lines(self._usage_request(replace(query, response_format="stream")))

    def usage_document(self, query: UsageQuery) -> bytes:
        """Return the unchanged body of one List Usage request in the response format `raw`."""
        return self._transport.body(self._usage_request(replace(query, response_format="raw")))

    def usage_schema(self, account_id: str) -> dict[str, Any]:
        """Return Truto's description of an account's usage: its schema, query parameters and mapping."""
        return self._object(self._request(f"{USAGE_PATH}/meta/list", account_id))

    def products(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """Yield the products that the account's usage is billed under, over all pages."""
        return self._rows("products", account_id, parameters)

    def organizations(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """Yield the organizations of the account, over all pages."""
        return self._rows("organizations", account_id, parameters)

    def workspaces(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """Yield the workspaces of the account, over all pages."""
        return self._rows("workspaces", account_id, parameters)

    def users(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """Yield the users of the account, over all pages; some providers list only users active on a `date`."""
        return self._rows("users", account_id, parameters)

    def users_pages(self, account_id: str, **parameters: QueryValue) -> Iterator[Page]:
        """Yield the pages of the account's users, each row as the API's own text."""
        return self._pages(self._request(f"{METERING_PATH}/users", account_id, encode(parameters)))

    def organization(self, account_id: str, organization_id: str) -> dict[str, Any]:
        """Return the organization with that id; raise `RequestRejected` if there is none."""
        return self._row("organizations", account_id, organization_id)

    def workspace(self, account_id: str, workspace_id: str) -> dict[str, Any]:
        """Return the workspace with that id; raise `RequestRejected` if there is none."""
        return self._row("workspaces", account_id, workspace_id)

    def user(self, account_id: str, user_id: str) -> dict[str, Any]:
        """Return the user with that id; raise `RequestRejected` if there is none."""
        return self._row("users", account_id, user_id)

    def integrated_accounts(self, **filters: QueryValue) -> ListedAccounts:
        """Return every integrated account that the token sees and the filters match; never an incomplete list.

        A row that cannot be read costs its own account: it is among the unreadable ones.

        Args:
            **filters: As Truto documents them: `status`, `tenant_id`, `is_sandbox`, `created_at={"gt": ...}`; a name
                with a dot as `**{"integration.name": "confluent"}`.
        """
        request = ApiRequest(ACCOUNTS_PATH, encode(filters), redact=self._redact)
        return parse_accounts(row for page in self._pages(request, parse_accounts_envelope) for row in page.rows)

    def integrated_account(self, account_id: str) -> IntegratedAccount:
        """Return the integrated account with that id; raise `RequestRejected` if there is none."""
        request = self._with_id(ApiRequest(ACCOUNTS_PATH, [], account_id, self._redact), account_id)
        body = self._transport.body(request)
        with parse_errors(request):
            return parse_account(body)

    def has_usage_metering(self, account_id: str) -> bool | None:
        """Return whether usage metering is among an account's unified capabilities; None if the response has no list.

        Only List Usage itself proves that usage can be fetched.
        """
        request = self._with_id(ApiRequest(ACCOUNTS_PATH, [("type", "unified")], account_id, self._redact), account_id)
        body = self._transport.body(replace(request, path=f"{request.path}/capabilities"))
        return parse_has_usage_metering(body)

    def _usage_request(self, query: UsageQuery) -> ApiRequest:
        return ApiRequest(USAGE_PATH, query.parameters(), query.account_id, self._redact)

    def _request(self, path: str, account_id: str, parameters: Parameters | None = None) -> ApiRequest:
        named = [("integrated_account_id", account_id), *(parameters or [])]
        return ApiRequest(path, named, account_id, self._redact)

    def _with_id(self, request: ApiRequest, row_id: str) -> ApiRequest:
        """Return the request for a single row of a list; reject an id that a path cannot hold."""
        if row_id in ("", ".", ".."):
            raise request.error(RequestRejected, f"'{row_id}' is not an id")
        return replace(request, path=f"{request.path}/{quote(row_id, safe='')}")

    def _pages(self, request: ApiRequest, parse: Callable[[bytes], Envelope] = parse_envelope) -> Iterator[Page]:
        return iter_pages(request, self._transport.body, parse)

    def _rows(self, resource: str, account_id: str, parameters: dict[str, QueryValue]) -> Iterator[dict[str, Any]]:
        request = self._request(f"{METERING_PATH}/{resource}", account_id, encode(parameters))
        for page in self._pages(request):
            with parse_errors(request):
                rows = [parse_object(row) for row in page.rows]
            yield from rows

    def _row(self, resource: str, account_id: str, row_id: str) -> dict[str, Any]:
        return self._object(self._with_id(self._request(f"{METERING_PATH}/{resource}", account_id), row_id))

    def _object(self, request: ApiRequest) -> dict[str, Any]:
        body = self._transport.body(request)
        with parse_errors(request):
            return parse_object(body)
