"""The platform's endpoints, `/integrated-account...`: accounts listed, filtered, got by id; capabilities."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from truto_sandbox.companies import ENVIRONMENT, Account, Directory
from truto_sandbox.draws import fixed_uuid
from truto_sandbox.errors import bad_request, not_found
from truto_sandbox.formats import json_response
from truto_sandbox.items import Row
from truto_sandbox.paging import Cursors, Listing, limit_of, page_of
from truto_sandbox.query import Query, parse_moment
from truto_sandbox.vendors import VENDORS

_STATUSES = ("active", "connecting", "post_install_error", "validation_error", "needs_reauth")
_MOST = 5000
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
}
_PEOPLE_VENDORS = {"claude", "openai_codex", "cursor"}


@dataclass(frozen=True, slots=True)
class IntegratedAccounts:
    """The connections that the token's environment holds.

    Attributes:
        directory: The accounts that can be seen by now.
    """

    directory: Directory

    def routes(self) -> list[Route]:
        """Their routes."""
        return [
            Route("/integrated-account", self.list_accounts, methods=["GET"]),
            Route("/integrated-account/{id}", self.get_account, methods=["GET"]),
            Route("/integrated-account/{id}/capabilities", self.capabilities, methods=["GET"]),
        ]

    async def list_accounts(self, request: Request) -> Response:
        """A page of the accounts that pass the filters."""
        query = Query(request.url.query)
        rows = [row for row in map(self._row, self.directory.visible()) if _passes(row, query)]
        cursors = Cursors(f"integrated-account {query.selection()}")
        limit = min(limit_of(query, _MOST, _MOST), _MOST)
        page = page_of(Listing(len(rows), lambda block: [rows[block]]), cursors.read(query), limit)
        return json_response({"result": page.rows, "next_cursor": cursors.write(page.following), "limit": limit})

    async def get_account(self, request: Request) -> Response:
        """One account, bare."""
        return json_response(self._row(self._found(request)))

    async def capabilities(self, request: Request) -> Response:
        """What the account can be asked for."""
        account = self._found(request)
        told: Row = {
            "id": account.id,
            "status": account.status,
            "authentication_method": _authentication(account),
            "is_blocked": False,
        }
        return json_response({"unified": _unified(account), "account": told})

    def _found(self, request: Request) -> Account:
        account = self.directory.find(request.path_params["id"])
        if account is None:
            raise not_found(f"Integrated account {request.path_params['id']!r} was not found")
        return account

    def _row(self, account: Account) -> Row:
        connected = self.directory.connected_at(account)
        broken = account.status == "needs_reauth"
        return {
            "id": account.id,
            "tenant_id": account.tenant,
            "environment_id": fixed_uuid(account.seed, ENVIRONMENT),
            "environment_integration_id": fixed_uuid(account.seed, ENVIRONMENT, account.integration),
            "status": account.status,
            "last_error": "credentials were revoked" if broken else None,
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
    texts = {name: query.text(name) for name in ("status", "tenant_id", "environment_id", "id")}
    plain = all(wanted is None or row[name] == wanted for name, wanted in texts.items())
    named = integration is None or row["integration"]["name"] == integration
    return plain and named and _passes_operators(row, query)


def _passes_operators(row: Row, query: Query) -> bool:
    for name in ("id", "tenant_id", "status"):
        among = query.members(name).get("in")
        if among is not None and row[name] not in among.split(","):
            return False
    return all(_compares(row, query, name) for name in ("created_at", "updated_at"))


def _compares(row: Row, query: Query, name: str) -> bool:
    stamped = datetime.fromisoformat(row[name])
    asked = {"eq": value} if (value := query.text(name)) else {}
    asked |= query.members(name)
    if unknown := asked.keys() - _COMPARISONS.keys():
        raise bad_request(f"{name} knows no operator {min(unknown)!r}")
    return all(_COMPARISONS[sign](stamped, parse_moment(name, value)) for sign, value in asked.items())


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
    pages = "https://truto.one/docs/api-reference/unified-usage-metering-api"
    return [
        {
            "model": "usage-metering",
            "resource": resource,
            "methods": methods,
            "docs_url": f"{pages}/{resource}",
            "env_overridden": False,
        }
        for resource, methods in resources.items()
    ]


def _authentication(account: Account) -> str:
    return "oauth2" if account.integration == "claude" else "api_key"


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
