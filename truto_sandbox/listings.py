"""The listings of the unified resources: all rows, before paging and formatting."""

from collections.abc import Callable
from datetime import datetime

from truto_sandbox.companies import Account
from truto_sandbox.errors import not_found
from truto_sandbox.items import Row
from truto_sandbox.paging import Listing
from truto_sandbox.query import Query
from truto_sandbox.vendors import VENDORS, confluent
from truto_sandbox.vendors.members import active_rows, member_id, member_json, members

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
    """Return the members of the company; for Claude, only people who were active on the requested day."""
    _require(account, "users", {"claude", "openai_codex", "cursor"})
    vendor, today = VENDORS[account.integration], now.date()
    if account.integration == "claude":
        days = vendor.scope(query, now).periods
        return Listing(vendor.source_count(account), lambda block: active_rows(account, vendor, block, days, today))
    people = members(account, today)
    return Listing(len(people), lambda block: [member_json(account, vendor, people[block], today)])


def find_user(account: Account, user_id: str, now: datetime) -> Row | None:
    """Return a member by id, None if there is none."""
    _require(account, "users", {"claude", "openai_codex", "cursor"})
    vendor, today = VENDORS[account.integration], now.date()
    found = (member for member in members(account, today) if member_id(account, vendor, member) == user_id)
    return next((member_json(account, vendor, member, today) for member in found), None)


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
