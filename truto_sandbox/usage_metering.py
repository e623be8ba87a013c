"""The unified endpoints, `/unified/usage-metering/...`: access checks, listing, paging and formatting."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from truto_sandbox.companies import Account, Directory
from truto_sandbox.errors import missing_parameter, not_found, revoked_credentials
from truto_sandbox.formats import envelope, format_of, json_response, lines_response, single
from truto_sandbox.items import Row
from truto_sandbox.limits import RateLimiter
from truto_sandbox.listings import LISTINGS, find_user
from truto_sandbox.paging import Cursors, Position, limit_of, page_of
from truto_sandbox.query import Query
from truto_sandbox.schema import usage_list_schema

_PREFIX = "/unified/usage-metering"
_WITH_GET = {"organizations", "workspaces", "users"}


@dataclass(frozen=True, slots=True)
class UsageMeteringEndpoints:
    """The unified resources of every account.

    Attributes:
        directory: The accounts and the clock.
        limiter: The request limit per account.
    """

    directory: Directory
    limiter: RateLimiter

    def routes(self) -> list[Route]:
        """Return the routes of these endpoints."""
        return [
            Route(f"{_PREFIX}/usage/meta/list", self.describe, methods=["GET"]),
            Route(f"{_PREFIX}/{{resource}}", self.list_rows, methods=["GET"]),
            Route(f"{_PREFIX}/{{resource}}/{{id}}", self.get_row, methods=["GET"]),
        ]

    async def describe(self, _request: Request) -> Response:
        """Return the schema of a usage row; it needs no account."""
        return json_response(usage_list_schema())

    async def list_rows(self, request: Request) -> Response:
        """Return one page of a resource."""
        resource = request.path_params["resource"]
        if resource not in LISTINGS:
            raise not_found(f"{request.url.path} does not exist")
        query = Query(request.url.query)
        account = self._account(query)
        headers = self._admit(account)
        listing = LISTINGS[resource](account, query, self.directory.settings.now())
        cursors = Cursors(f"{account.id} {resource} {query.selection()}")
        start, limit = cursors.start_of(query), limit_of(query)
        if format_of(query) == "stream":
            return lines_response((row for _, row in listing.rows_from(start)), query, headers)
        is_skipped = query.flag("truto_skip_api_call")
        page = page_of(listing, start, 0 if is_skipped else limit)
        next_cursor = None if is_skipped else cursors.encode(page.next_start)
        return json_response(envelope(page.rows, next_cursor, query, str(request.url)), headers)

    async def get_row(self, request: Request) -> Response:
        """Return one organization, workspace or user without an envelope."""
        resource, row_id = request.path_params["resource"], request.path_params["id"]
        if resource not in _WITH_GET:
            raise not_found(f"{request.url.path} does not exist")
        query = Query(request.url.query)
        account = self._account(query)
        headers = self._admit(account)
        row = self._find(account, resource, row_id, query)
        if row is None:
            raise not_found(f"{resource} has no {row_id!r}")
        return json_response(single(row, query), headers)

    def _find(self, account: Account, resource: str, row_id: str, query: Query) -> Row | None:
        if resource == "users":
            return find_user(account, row_id, self.directory.settings.now())
        listing = LISTINGS[resource](account, query, self.directory.settings.now())
        rows = (row for _, row in listing.rows_from(Position()))
        return next((row for row in rows if row["id"] == row_id), None)

    def _account(self, query: Query) -> Account:
        account_id = query.text("integrated_account_id")
        if account_id is None:
            raise missing_parameter("integrated_account_id")
        account = self.directory.find(account_id)
        if account is None:
            raise not_found(f"Integrated account {account_id!r} was not found")
        return account

    def _admit(self, account: Account) -> dict[str, str]:
        headers = self.limiter.admit(account.id)
        if account.status == "needs_reauth":
            raise revoked_credentials(account.integration)
        return headers
