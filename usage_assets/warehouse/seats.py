"""Derive `seats`: who had a seat in a month, when the person was last active, and what the seat costs.

Seats follow the loaded lists of users, the rows of `usage` and the user's `seats.csv`. Every month that may change is
derived anew and compared, and only the months of accounts that differ are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.user_files.seat_prices import SeatPrice, SeatPrices, SeatRules
from usage_assets.warehouse.stale_days import (
    ACTIVE_USERS,
    PUBLISHED,
    claim_stale_days,
    forget_stale_days,
    record_stale_days,
    stale_days,
)
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import SEATS
from usage_assets.warehouse.temp_tables import create_temp_table

PRICE_COLUMNS = tuple(field.name for field in fields(SeatPrice))


@dataclass(frozen=True)
class Months(TempTable):
    """The months for which seats are derived."""

    name: ClassVar[str] = "months"


@dataclass(frozen=True)
class SeatPriceLines(TempTable):
    """The lines of `seats.csv`."""

    name: ClassVar[str] = "seat_prices"


@dataclass(frozen=True)
class NewSeats(TempTable):
    """The seats of the months of a step. Key: account_id, month, user_id."""

    name: ClassVar[str] = "new_seats"


@dataclass(frozen=True)
class ChangedMonths(TempTable):
    """The months of accounts whose seats differ from those in the table. Key: account_id, month."""

    name: ClassVar[str] = "changed_months"


def derive_seats(connection: duckdb.DuckDBPyConnection, days: Iterable[date], rules: SeatRules) -> set[date]:
    """Write `seats` for the months of `days` and every month that may have changed; return the months that did.

    Args:
        connection: A connection inside a transaction, after the load and after `activity_by_user` is derived.
        days: The requested days.
        rules: The prices of seats, and after how many days a seat is idle.
    """
    listed = {month for (month,) in execute(connection, "seats/list_months").fetchall()}
    months = {day.replace(day=1) for day in (*days, *stale_days(connection, SEATS))}
    forget_stale_days(connection, SEATS)
    changed_from = _derive_active_users(connection)
    if changed_from is not None:
        # The last active day of a month may stand in any month before.
        months |= {month for month in listed if month >= changed_from.replace(day=1)}
    if _replace_rules(connection, rules):
        months = listed
    return _write(connection, months & listed, rules)


def has_new_seat_rules(connection: duckdb.DuckDBPyConnection, rules: SeatRules) -> bool:
    """Return whether there are lists of users and `seats` are derived by other rules."""
    has_lists = bool(execute(connection, "seats/list_months").fetchall())
    return has_lists and _held_rules(connection) != rules.text


def _derive_active_users(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Write who was active on the days whose rows changed; return the first of these days."""
    claimed = claim_stale_days(connection, ACTIVE_USERS, [])
    if claimed.days:
        execute(connection, "seats/delete_active_users", claimed)
        execute(connection, "seats/insert_active_users", claimed)
    return min(claimed.days, default=None)


def _held_rules(connection: duckdb.DuckDBPyConnection) -> str | None:
    return next((str(text) for (text,) in execute(connection, "seats/rules").fetchall()), None)


def _replace_rules(connection: duckdb.DuckDBPyConnection, rules: SeatRules) -> bool:
    """Record the rules, and return whether they differ from those of the last time."""
    if _held_rules(connection) == rules.text:
        return False
    execute(connection, "seats/delete_rules")
    execute(connection, "seats/insert_rules", rules=rules.text)
    return True


def _write(connection: duckdb.DuckDBPyConnection, months: set[date], rules: SeatRules) -> set[date]:
    if not months:
        return set()
    chosen = create_temp_table(connection, Months(), ["month"], [(month,) for month in sorted(months)])
    prices = _create_prices(connection, rules.prices)
    execute(connection, "seats/new_seats", chosen, prices, idle_days=rules.idle_days)
    execute(connection, "seats/changed_months", chosen, NewSeats())
    execute(connection, "seats/delete", ChangedMonths())
    execute(connection, "seats/insert", NewSeats(), ChangedMonths())
    written = {month for (month,) in execute(connection, "seats/months_written", ChangedMonths()).fetchall()}
    record_stale_days(connection, [PUBLISHED], written)
    return written


def _create_prices(connection: duckdb.DuckDBPyConnection, prices: SeatPrices) -> SeatPriceLines:
    return create_temp_table(connection, SeatPriceLines(), PRICE_COLUMNS, map(astuple, prices.lines))
