"""The listings of the unified resources: all rows, before paging and formatting."""

from collections.abc import Callable
from datetime import datetime

from truto_sandbox.companies import Account
from truto_sandbox.errors import not_found
from truto_sandbox.items import Row
from truto_sandbox.paging import Listing
from truto_sandbox.query import Query
from truto_sandbox.vendors import VENDORS, confluent
from truto_sandbox.vendors.users import member_json

ListingOf = Callable[[Account, Query, datetime], Listing]


def usage(account: Account, query: Query, now: datetime) -> Listing:
    """Return the vendor's rows, one block per period and source."""
    vendor, today = VENDORS[account.integration], now.date()
    scope, sources = vendor.scope(query, now), vendor.source_count(account)

    def rows_of(block: int) -> list[Row]:
        period, source = divmod(block, sources)
        if scope.user_id and vendor.user_id(account, account.person(source)) != scope.user_id:
            return []
        return [item.row for item in vendor.items(account, scope.periods[period], source, today)]

    return Listing(len(scope.periods) * sources, rows_of)


def products(account: Account, _query: Query, _now: datetime) -> Listing:
    """Return the vendor's products."""
    names = VENDORS[account.integration].products.items()
    return _listing([{"id": key, "name": name, "remote_data": {"product": key}} for key, name in names])


def organizations(account: Account, _query: Query, _now: datetime) -> Listing:
    """Return the company as an organization of Confluent."""
    _require(account, "organizations", {"confluent"})
    row = confluent.organization(account)
    return _listing([{**row, "remote_data": {"id": row["id"], "display_name": row["name"]}}])


def workspaces(account: Account, _query: Query, _now: datetime) -> Listing:
    """Return the environments of Confluent."""
    _require(account, "workspaces", {"confluent"})
    parent = {"organization": {"id": confluent.organization(account)["id"]}}
    rows = confluent.workspaces(account)
    return _listing([{**row, **parent, "remote_data": {"display_name": row["name"]}} for row in rows])


def users(account: Account, query: Query, now: datetime) -> Listing:
    """Return the people of the company; for Claude, only people who were active on the requested day."""
    _require(account, "users", {"claude", "openai_codex", "cursor"})
    vendor, today = VENDORS[account.integration], now.date()
    days = vendor.scope(query, now).periods if account.integration == "claude" else []

    def rows_of(block: int) -> list[Row]:
        person = account.person(block)
        is_active = not days or any(vendor.items(account, day, block, today) for day in days)
        return [member_json(account, person, vendor.user_id(account, person) or "")] if is_active else []

    return Listing(vendor.source_count(account), rows_of)


def find_user(account: Account, user_id: str) -> Row | None:
    """Return a member by id, None if there is none."""
    _require(account, "users", {"claude", "openai_codex", "cursor"})
    vendor = VENDORS[account.integration]
    people = (account.person(index) for index in range(vendor.source_count(account)))
    found = next((person for person in people if vendor.user_id(account, person) == user_id), None)
    return member_json(account, found, user_id) if found else None


LISTINGS: dict[str, ListingOf] = {
    "usage": usage,
    "products": products,
    "organizations": organizations,
    "workspaces": workspaces,
    "users": users,
}


def _listing(rows: list[Row]) -> Listing:
    return Listing(len(rows), lambda block: [rows[block]])


def _require(account: Account, resource: str, integrations: set[str]) -> None:
    if account.integration not in integrations:
        raise not_found(f"{resource} is not supported by the integration {account.integration}")
