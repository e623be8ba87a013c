"""The listings behind the unified resources: which rows there are, before pages and formats."""

from collections.abc import Callable
from datetime import datetime

from truto_sandbox.companies import Account
from truto_sandbox.errors import not_found
from truto_sandbox.items import Row
from truto_sandbox.paging import Listing
from truto_sandbox.query import Query
from truto_sandbox.vendors import VENDORS, confluent
from truto_sandbox.vendors.people import member_of

ListingOf = Callable[[Account, Query, datetime], Listing]


def usage(account: Account, query: Query, now: datetime) -> Listing:
    """The vendor's rows: a block per step and slot."""
    vendor, today = VENDORS[account.integration], now.date()
    span, slots = vendor.span(query, now), vendor.slots(account)

    def rows_of(block: int) -> list[Row]:
        step, slot = divmod(block, slots)
        if span.user_id and vendor.user_id(account, account.person(slot)) != span.user_id:
            return []
        return [item.row for item in vendor.items(account, span.steps[step], slot, today)]

    return Listing(len(span.steps) * slots, rows_of)


def products(account: Account, _query: Query, _now: datetime) -> Listing:
    """What the vendor sells."""
    named = VENDORS[account.integration].products.items()
    return _listing([{"id": key, "name": name, "remote_data": {"product": key}} for key, name in named])


def organizations(account: Account, _query: Query, _now: datetime) -> Listing:
    """The company, as Confluent knows it."""
    _only_for(account, "organizations", {"confluent"})
    row = confluent.organization(account)
    return _listing([{**row, "remote_data": {"id": row["id"], "display_name": row["name"]}}])


def workspaces(account: Account, _query: Query, _now: datetime) -> Listing:
    """Confluent's environments."""
    _only_for(account, "workspaces", {"confluent"})
    belongs = {"organization": {"id": confluent.organization(account)["id"]}}
    rows = confluent.workspaces(account)
    return _listing([{**row, **belongs, "remote_data": {"display_name": row["name"]}} for row in rows])


def users(account: Account, query: Query, now: datetime) -> Listing:
    """The company's people; of Claude those who were active on one day."""
    _only_for(account, "users", {"claude", "openai_codex", "cursor"})
    vendor, today = VENDORS[account.integration], now.date()
    days = vendor.span(query, now).steps if account.integration == "claude" else []

    def rows_of(block: int) -> list[Row]:
        person = account.person(block)
        active = not days or any(vendor.items(account, day, block, today) for day in days)
        return [member_of(account, person, vendor.user_id(account, person) or "")] if active else []

    return Listing(vendor.slots(account), rows_of)


def one_user(account: Account, user_id: str) -> Row | None:
    """A member by id, active that day or not."""
    _only_for(account, "users", {"claude", "openai_codex", "cursor"})
    vendor = VENDORS[account.integration]
    people = (account.person(index) for index in range(vendor.slots(account)))
    found = next((person for person in people if vendor.user_id(account, person) == user_id), None)
    return member_of(account, found, user_id) if found else None


LISTINGS: dict[str, ListingOf] = {
    "usage": usage,
    "products": products,
    "organizations": organizations,
    "workspaces": workspaces,
    "users": users,
}


def _listing(rows: list[Row]) -> Listing:
    return Listing(len(rows), lambda block: [rows[block]])


def _only_for(account: Account, resource: str, integrations: set[str]) -> None:
    if account.integration not in integrations:
        raise not_found(f"{resource} is not supported by the integration {account.integration}")
