"""The client: which path answers which question, and in what form the answer is handed out.

How a request is sent is in `sender`, what a query says in `query`, how pages follow in `pagination`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from usage_assets.truto.call import Call, hider
from usage_assets.truto.errors import RequestRejected
from usage_assets.truto.limits import RequestLimits
from usage_assets.truto.models import (
    Envelope,
    IntegratedAccount,
    Page,
    parse_account,
    parse_accounts_envelope,
    parse_envelope,
    parse_object,
)
from usage_assets.truto.pagination import follow, understood
from usage_assets.truto.query import Parameters, QueryValue, UsageQuery, encode
from usage_assets.truto.retry import RetryPolicy
from usage_assets.truto.sender import TIMEOUT, Sender, checked_address, checked_token, connect

METERING = "/unified/usage-metering"
USAGE = f"{METERING}/usage"
ACCOUNTS = "/integrated-account"


class TrutoClient:
    """Truto's usage-metering API; one client serves all threads.

    Args:
        token: API token of the environment that holds the accounts.
        base_url: Where the API is; it may carry a path.
        retry: How often and how patiently a request is repeated.
        limits: Share one between clients of the same token; without, the client keeps its own.
        transport: Another way to send than the network.
        timeout: Seconds, or httpx's own set of them.
    """

    def __init__(
        self,
        *,
        token: str,
        base_url: str = "https://api.truto.one",
        retry: RetryPolicy | None = None,
        limits: RequestLimits | None = None,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout | float = TIMEOUT,
    ) -> None:
        token = checked_token(token)
        self.base_url = checked_address(base_url)
        self._hide = hider(token)
        http = connect(token=token, base_url=self.base_url, transport=transport, timeout=timeout)
        self._sender = Sender(http, retry or RetryPolicy(), limits or RequestLimits())

    def __repr__(self) -> str:
        return f"TrutoClient(base_url={self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._sender.close()

    def usage_pages(self, query: UsageQuery) -> Iterator[Page]:
        """The pages of List Usage, rows untouched, in every response format that has an envelope."""
        if query.response_format == "stream":
            raise ValueError("a stream has no pages; usage_lines gives its lines")
        return self._pages(self._usage(query))

    def usage_lines(self, query: UsageQuery) -> Iterator[bytes]:
        """The lines of List Usage as a stream, as they arrive, empty ones left out."""
        return self._sender.lines(self._usage(replace(query, response_format="stream")))

    def usage_document(self, query: UsageQuery) -> bytes:
        """The provider's own answer to List Usage, one request, the body as it is."""
        return self._sender.body(self._usage(replace(query, response_format="raw")))

    def usage_schema(self, account_id: str) -> dict[str, Any]:
        """What Truto knows of an account's usage: its schema, its query parameters, its mapping."""
        return self._object(self._call(f"{USAGE}/meta/list", account_id))

    def products(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """What the account's usage is billed as."""
        return self._rows("products", account_id, parameters)

    def organizations(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """The organizations of the account."""
        return self._rows("organizations", account_id, parameters)

    def workspaces(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """The workspaces of the account."""
        return self._rows("workspaces", account_id, parameters)

    def users(self, account_id: str, **parameters: QueryValue) -> Iterator[dict[str, Any]]:
        """The users of the account; some providers list only those active on the `date` asked for."""
        return self._rows("users", account_id, parameters)

    def organization(self, account_id: str, organization_id: str) -> dict[str, Any]:
        """One organization of the account."""
        return self._one("organizations", account_id, organization_id)

    def workspace(self, account_id: str, workspace_id: str) -> dict[str, Any]:
        """One workspace of the account."""
        return self._one("workspaces", account_id, workspace_id)

    def user(self, account_id: str, user_id: str) -> dict[str, Any]:
        """One user of the account."""
        return self._one("users", account_id, user_id)

    def integrated_accounts(self, **filters: QueryValue) -> list[IntegratedAccount]:
        """Every integrated account that the token sees and the filters let through; complete, or an error.

        Args:
            **filters: As documented: `status`, `tenant_id`, `is_sandbox`, `created_at={"gt": ...}`; one with
                a dot as `**{"integration.name": "confluent"}`.
        """
        call = Call(ACCOUNTS, encode(filters), hide=self._hide)
        rows = [row for page in self._pages(call, parse_accounts_envelope) for row in page.rows]
        with understood(call):
            accounts = [parse_account(row) for row in rows]
        # A list that grows while it is paged may show an account twice.
        return list({account.id: account for account in accounts}.values())

    def integrated_account(self, account_id: str) -> IntegratedAccount:
        """One integrated account."""
        call = self._by_id(Call(ACCOUNTS, [], account_id, self._hide), account_id)
        body = self._sender.body(call)
        with understood(call):
            return parse_account(body)

    def _usage(self, query: UsageQuery) -> Call:
        return Call(USAGE, query.parameters(), query.account_id, self._hide)

    def _call(self, path: str, account_id: str, parameters: Parameters | None = None) -> Call:
        named = [("integrated_account_id", account_id), *(parameters or [])]
        return Call(path, named, account_id, self._hide)

    def _by_id(self, call: Call, row_id: str) -> Call:
        """The call for one row of a list; a path cannot carry every id."""
        if row_id in ("", ".", ".."):
            raise call.failure(RequestRejected, f"'{row_id}' is not an id")
        return replace(call, path=f"{call.path}/{quote(row_id, safe='')}")

    def _pages(self, call: Call, parse: Callable[[bytes], Envelope] = parse_envelope) -> Iterator[Page]:
        return follow(call, self._sender.body, parse)

    def _rows(self, resource: str, account_id: str, parameters: dict[str, QueryValue]) -> Iterator[dict[str, Any]]:
        call = self._call(f"{METERING}/{resource}", account_id, encode(parameters))
        for page in self._pages(call):
            with understood(call):
                rows = [parse_object(row) for row in page.rows]
            yield from rows

    def _one(self, resource: str, account_id: str, row_id: str) -> dict[str, Any]:
        return self._object(self._by_id(self._call(f"{METERING}/{resource}", account_id), row_id))

    def _object(self, call: Call) -> dict[str, Any]:
        body = self._sender.body(call)
        with understood(call):
            return parse_object(body)
