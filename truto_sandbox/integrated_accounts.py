"""The endpoints `/integrated-account...`: list with filters, get by id, and capabilities."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from truto_sandbox.companies import ENVIRONMENT, Account, Directory
from truto_sandbox.errors import bad_request, not_found
from truto_sandbox.formats import json_response
from truto_sandbox.items import Row
from truto_sandbox.paging import Cursors, Listing, limit_of, page_of
from truto_sandbox.query import Query, parse_moment
from truto_sandbox.seeded_random import fixed_uuid
from truto_sandbox.vendors import VENDORS

_STATUSES = ("active", "connecting", "post_install_error", "validation_error", "needs_reauth")
_MAX_LIMIT = 5000
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
}
_PEOPLE_VENDORS = {"claude", "openai_codex", "cursor"}


@dataclass(frozen=True, slots=True)
class IntegratedAccountEndpoints:
    """The integrated accounts of the token's environment.

    Attributes:
        directory: The accounts and the clock.
    """

    directory: Directory

    def routes(self) -> list[Route]:
        """Return the routes of these endpoints."""
        return [
            Route("/integrated-account", self.list_accounts, methods=["GET"]),
            Route("/integrated-account/{id}", self.get_account, methods=["GET"]),
            Route("/integrated-account/{id}/capabilities", self.capabilities, methods=["GET"]),
        ]

    async def list_accounts(self, request: Request) -> Response:
        """Return a page of the accounts that pass the filters."""
        query = Query(request.url.query)
        rows = [row for row in map(self._row, self.directory.visible()) if _passes(row, query)]
        cursors = Cursors(f"integrated-account {query.selection()}")
        limit = min(limit_of(query, _MAX_LIMIT, _MAX_LIMIT), _MAX_LIMIT)
        page = page_of(Listing(len(rows), lambda block: [rows[block]]), cursors.start_of(query), limit)
        return json_response({"result": page.rows, "next_cursor": cursors.encode(page.next_start), "limit": limit})

    async def get_account(self, request: Request) -> Response:
        """Return one account without an envelope."""
        return json_response(self._row(self._find(request)))

    async def capabilities(self, request: Request) -> Response:
        """Return the resources that the account supports."""
        account = self._find(request)
        summary: Row = {
            "id": account.id,
            "status": account.status,
            "authentication_method": _authentication(account),
            "is_blocked": False,
        }
        return json_response({"unified": _unified(account), "account": summary})

    def _find(self, request: Request) -> Account:
        account = self.directory.find(request.path_params["id"])
        if account is None:
            raise not_found(f"Integrated account {request.path_params['id']!r} was not found")
        return account

    def _row(self, account: Account) -> Row:
        connected = self.directory.connected_at(account)
        is_revoked = account.status == "needs_reauth"
        return {
            "id": account.id,
            "tenant_id": account.tenant,
            "environment_id": fixed_uuid(account.seed, ENVIRONMENT),
            "environment_integration_id": fixed_uuid(account.seed, ENVIRONMENT, account.integration),
            "status": account.status,
            "last_error": "credentials were revoked" if is_revoked else None,
            "last_action_result": {},
            "is_sandbox": account.is_sandbox,
            "authentication_method": _authentication(account),
            "region": "eu" if account.currency == "EUR" else "wnam",
            "context": {"organization_name": account.company},
            "object_store_context_fields": [],
            "unified_model_override": {},
            "integration": _integration(account),
            "environment_integration": {
                "id": fixed_uuid(account.seed, ENVIRONMENT, account.integration),
                "is_active": True,
            },
            "created_at": _timestamp(connected),
            "updated_at": _timestamp(connected),
        }


def _passes(row: Row, query: Query) -> bool:
    status = query.text("status")
    if status and status not in _STATUSES:
        raise bad_request(f"status must be one of {', '.join(_STATUSES)}, not {status!r}")
    if query.text("is_sandbox") and query.flag("is_sandbox") != row["is_sandbox"]:
        return False
    integration = query.text("integration.name") or query.members("integration").get("name")
    wanted_texts = {name: query.text(name) for name in ("status", "tenant_id", "environment_id", "id")}
    texts_match = all(wanted is None or row[name] == wanted for name, wanted in wanted_texts.items())
    integration_matches = integration is None or row["integration"]["name"] == integration
    return texts_match and integration_matches and _passes_operators(row, query)


def _passes_operators(row: Row, query: Query) -> bool:
    for name in ("id", "tenant_id", "status"):
        options = query.members(name).get("in")
        if options is not None and row[name] not in options.split(","):
            return False
    return all(_passes_times(row, query, name) for name in ("created_at", "updated_at"))


def _passes_times(row: Row, query: Query, name: str) -> bool:
    actual = datetime.fromisoformat(row[name])
    wanted = {"eq": value} if (value := query.text(name)) else {}
    wanted |= query.members(name)
    if unknown := wanted.keys() - _COMPARISONS.keys():
        raise bad_request(f"{name} does not support the operator {min(unknown)!r}")
    return all(
        _COMPARISONS[operator_name](actual, parse_moment(name, value)) for operator_name, value in wanted.items()
    )


def _integration(account: Account) -> Row:
    return {
        "id": fixed_uuid("integration", account.integration),
        "name": account.integration,
        "category": "usage-metering",
        "is_beta": False,
        "team_id": fixed_uuid("team"),
        "sharing": "allow",
        "config": {"label": VENDORS[account.integration].label},
    }


def _unified(account: Account) -> list[Row]:
    resources = {"usage": ["list"], "products": ["list"]}
    if account.integration in _PEOPLE_VENDORS:
        resources["users"] = ["list", "get"]
    if account.integration == "confluent":
        resources |= {"organizations": ["list", "get"], "workspaces": ["list", "get"]}
    documentation = "https://truto.one/docs/api-reference/unified-usage-metering-api"
    return [
        {
            "model": "usage-metering",
            "resource": resource,
            "methods": methods,
            "docs_url": f"{documentation}/{resource}",
            "env_overridden": False,
        }
        for resource, methods in resources.items()
    ]


def _authentication(account: Account) -> str:
    return "oauth2" if account.integration == "claude" else "api_key"


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
