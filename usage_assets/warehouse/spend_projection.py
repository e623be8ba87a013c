"""Derive `spend_projection`: for each day and key, where its month was expected to end on the next morning.

A day is projected again when cost or coverage changed on a day that its projection depends on, and at no other time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import duckdb

from usage_assets.insights.daily_costs import DailyCosts
from usage_assets.insights.projection import Projection, Projector, reach_days
from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import ONE_DAY, days_between
from usage_assets.warehouse.daily_spend import (
    ALL,
    CURRENCY,
    MODEL,
    TEAM,
    USER,
    Span,
    SpendingAccount,
    read_daily_costs,
    read_known_days,
    spending_accounts,
    top_users,
)
from usage_assets.warehouse.stale_days import (
    create_days,
    forget_stale_days,
    published_name,
    record_stale_days,
    stale_days,
)
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import SPEND_PROJECTION
from usage_assets.warehouse.temp_tables import create_temp_table

COLUMNS = ("usage_date", *Projection._fields)
MOST_DAYS_AT_ONCE = 400
"""So many days are projected from one reading, which bounds memory."""


@dataclass(frozen=True)
class NewProjections(TempTable):
    """The projections of the days of the step. Key: usage_date, scope, scope_key."""

    name: ClassVar[str] = "new_projections"


def derive_spend_projection(
    connection: duckdb.DuckDBPyConnection, requested: Collection[date], profiles: Profiles
) -> None:
    """Write the projections of the requested days and of the days whose projections changed.

    Args:
        connection: A connection inside a transaction, after the aggregates and coverage.
        requested: Days to project in any case, where they can be.
        profiles: The integration profiles, which know the lags of the vendors.
    """
    changed = stale_days(connection, SPEND_PROJECTION)
    forget_stale_days(connection, SPEND_PROJECTION)
    accounts = spending_accounts(connection, profiles)
    [(first_day, last_projected)] = execute(connection, "insights/first_day").fetchall()
    if not accounts or first_day is None:
        return
    span = Span(first_day, max(account.last_as_of for account in accounts))
    reach = reach_days(max(account.lag for account in accounts))
    as_of = days_to_project(requested, changed, span, reach, last_projected)
    if not as_of:
        return
    rows = list(_projections(connection, accounts, as_of, reach))
    execute(
        connection,
        "insights/delete_projections",
        create_days(connection, as_of),
        first_day=span.first,
        last_day=span.last,
    )
    new = create_temp_table(connection, NewProjections(), COLUMNS, rows)
    execute(connection, "insights/insert_projections", new, currency=CURRENCY)
    record_stale_days(connection, [published_name(SPEND_PROJECTION)], as_of)


def days_to_project(
    requested: Iterable[date], changed: Iterable[date], span: Span, reach: int, last_projected: date | None
) -> list[date]:
    """Return the days to project, in order.

    Args:
        requested: Days that are projected in any case.
        changed: Days whose figures changed.
        span: The days that can be projected.
        reach: How many days after a changed day projections depend on it.
        last_projected: The last day that has a projection.
    """
    days = set(requested)
    for day in changed:
        days.update(days_between(day, min(day + ONE_DAY * reach, span.last)))
    new = span.first if last_projected is None else last_projected + ONE_DAY
    days.update(days_between(new, span.last))
    return sorted(day for day in days if span.first <= day <= span.last)


def _projections(
    connection: duckdb.DuckDBPyConnection, accounts: Sequence[SpendingAccount], as_of: Sequence[date], reach: int
) -> Iterator[tuple[object, ...]]:
    for first in range(0, len(as_of), MOST_DAYS_AT_ONCE):
        days = as_of[first : first + MOST_DAYS_AT_ONCE]
        span = Span(days[0] - ONE_DAY * reach, days[-1])
        known = read_known_days(connection, accounts, span)
        users = top_users(connection, days)
        for scope in (ALL, MODEL, USER, TEAM):
            costs = read_daily_costs(connection, scope, known, set[str]().union(*users.values()))
            if costs is not None:
                yield from _of_scope(costs, days, users if scope == USER else None)


def _of_scope(
    costs: DailyCosts, days: Iterable[date], users: Mapping[date, Set[str]] | None
) -> Iterator[tuple[object, ...]]:
    projector = Projector(costs)
    for day in days:
        is_chosen = None if users is None else costs.scopes[USER].are_among(users[day])
        for projection in projector.project(day, is_chosen):
            yield day, *projection
