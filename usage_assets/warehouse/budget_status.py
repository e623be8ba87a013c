"""Derive `budget_status`: for each budget and day, what was spent of it and what was expected the next morning.

A status is derived again when cost, coverage or teams changed on a day that it depends on, or when the lines of its
budget changed, and at no other time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.integrations.windows import ONE_DAY, days_between
from usage_assets.user_files.budgets import FILE_NAME, Budget, Period, read_budgets
from usage_assets.user_files.csv_lines import UserFileError
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.applied_files import applied_content, note_applied
from usage_assets.warehouse.budget_costs import keep_scopes, write_budget_costs
from usage_assets.warehouse.daily_spend import ALL_KEY, Span, spending_accounts
from usage_assets.warehouse.dated_budgets import BudgetHistory, DatedStatus, dated_statuses
from usage_assets.warehouse.stale_days import forget_stale_days, published_name, record_stale_days, stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import BUDGET_STATUS
from usage_assets.warehouse.temp_tables import create_temp_table

STATUS_COLUMNS = (
    "usage_date",
    "budget",
    "owner",
    "scope",
    "period",
    "period_start",
    "period_end",
    "currency",
    "amount",
    "counted_from",
    "complete_through",
    "spent",
    "share",
    "projected",
    "low",
    "high",
    "thresholds",
    "spent_on",
    "reason",
)


@dataclass(frozen=True)
class WrittenBudgetDays(TempTable):
    """The budgets and days whose status is written. Key: budget, usage_date."""

    name: ClassVar[str] = "written_budget_days"


@dataclass(frozen=True)
class NewBudgetStatus(TempTable):
    """The statuses that a step derived. Key: budget, usage_date."""

    name: ClassVar[str] = "new_budget_status"


@dataclass(frozen=True)
class NewCrossings(TempTable):
    """The thresholds that they have reached. Key: budget, usage_date, threshold."""

    name: ClassVar[str] = "new_crossings"


def derive_budget_status(
    connection: duckdb.DuckDBPyConnection,
    requested: Collection[date],
    profiles: Profiles,
    in_force: FileInForce[tuple[Budget, ...]],
) -> None:
    """Write the statuses of the requested days and of the days whose statuses changed.

    Args:
        connection: A connection inside a transaction, after the aggregates and coverage.
        requested: Days to derive in any case, where they can be.
        profiles: The integration profiles, which know the lags of the vendors.
        in_force: The content of `budgets.csv` that counts.
    """
    changed_days = stale_days(connection, BUDGET_STATUS) | set(requested)
    forget_stale_days(connection, BUDGET_STATUS)
    budgets, before = in_force.value, _applied_budgets(connection)
    _write_costs(connection, changed_days, before, budgets)
    note_applied(connection, FILE_NAME, in_force)
    accounts = spending_accounts(connection, profiles)
    [(first_day, _)] = execute(connection, "insights/first_day").fetchall()
    if first_day is None or not accounts:
        return
    history = BudgetHistory(accounts, Span(first_day, max(account.last_as_of for account in accounts)))
    changed = changed_names(before, budgets)
    dated = _lines_to_write(connection, budgets, history, changed_days, changed)
    statuses = list(dated_statuses(connection, dated, history))
    _write_statuses(connection, statuses, changed, budgets, history.span)


def changed_names(before: Iterable[Budget], after: Iterable[Budget]) -> set[str]:
    """Return the names of the budgets whose lines differ."""
    old, new = _by_name(before), _by_name(after)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def affected_days(changed: Iterable[date], period: Period, reach: int, last_day: date) -> set[date]:
    """Return the days up to `last_day` whose statuses depend on a changed day.

    These are the later days of its period, and the days whose forecast reads it.
    """
    days, after = set[date](), date.min
    for day in sorted(changed):
        last = min(max(day + ONE_DAY * reach, period.last_day(day)), last_day)
        days.update(days_between(max(day, after), last))
        after = max(after, last + ONE_DAY)
    return days


def _applied_budgets(connection: duckdb.DuckDBPyConnection) -> tuple[Budget, ...]:
    """Return the budgets by which the table is derived; none if this version of the program refuses them."""
    content = applied_content(connection, FILE_NAME)
    try:
        return () if content is None else read_budgets(Path(FILE_NAME), content)
    except UserFileError:
        return ()


def _write_costs(
    connection: duckdb.DuckDBPyConnection,
    changed_days: Iterable[date],
    before: Iterable[Budget],
    after: Iterable[Budget],
) -> None:
    """Write the costs of changed days for all scopes, and those of all days for new scopes."""
    scopes = {budget.scope for budget in after}
    keep_scopes(connection, scopes & {budget.scope for budget in before})
    new = scopes.difference(budget.scope for budget in before)
    write_budget_costs(connection, changed_days, sorted(scopes - new))
    if new:
        days = [day for (day,) in execute(connection, "budgets/cost_days").fetchall()]
        write_budget_costs(connection, days, sorted(new))


def _lines_to_write(
    connection: duckdb.DuckDBPyConnection,
    budgets: Iterable[Budget],
    history: BudgetHistory,
    changed_days: Iterable[date],
    changed_budgets: Collection[str],
) -> list[tuple[date, Budget]]:
    """Return the days whose statuses are written, each with the line of a budget that is valid on it, in order."""
    held, span = _held_days(connection), history.span
    lines = list[tuple[date, Budget]]()
    for name, of_name in _by_name(budgets).items():
        period = of_name[0].period
        if name in changed_budgets or name not in held:
            days = set(days_between(span.first, span.last))
        else:
            first, last = held[name]
            days = affected_days(changed_days, period, history.reach, span.last)
            days.update(days_between(span.first, first - ONE_DAY), days_between(last + ONE_DAY, span.last))
            open_days = days_between(span.last - ONE_DAY * history.longest_lag, span.last)
            days.update(day for day in open_days if day == period.last_day(day))
        lines += [(day, line) for day in days for line in of_name if day >= span.first and line.is_valid_on(day)]
    return sorted(lines, key=lambda dated: (dated[0], dated[1].name))


def _held_days(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[date, date]]:
    """Return the first and the last day of each budget that have a status."""
    rows = execute(connection, "budgets/held_days").fetchall()
    return {name: (first, last) for name, first, last in rows}


def _by_name(budgets: Iterable[Budget]) -> dict[str, list[Budget]]:
    by_name = dict[str, list[Budget]]()
    for budget in budgets:
        by_name.setdefault(budget.name, []).append(budget)
    return by_name


def _write_statuses(
    connection: duckdb.DuckDBPyConnection,
    statuses: Sequence[DatedStatus],
    changed: Iterable[str],
    budgets: Iterable[Budget],
    span: Span,
) -> None:
    written = create_temp_table(
        connection,
        WrittenBudgetDays(),
        ("budget", "usage_date"),
        [(status.budget.name, status.usage_date) for status in statuses],
    )
    names = sorted({budget.name for budget in budgets})
    limits = {"changed": sorted(changed), "budgets": names, "first_day": span.first, "last_day": span.last}
    deleted = {day for (day,) in execute(connection, "budgets/delete_status", written, **limits).fetchall()}
    new = create_temp_table(
        connection, NewBudgetStatus(), STATUS_COLUMNS, [_status_row(status, span.first) for status in statuses]
    )
    crossings = create_temp_table(
        connection,
        NewCrossings(),
        ("budget", "usage_date", "threshold", "crossed_on"),
        [
            (status.budget.name, status.usage_date, crossing.threshold, crossing.crossed_on)
            for status in statuses
            for crossing in status.status.crossings
        ],
    )
    execute(connection, "budgets/insert_status", new, crossings)
    record_stale_days(connection, [published_name(BUDGET_STATUS)], deleted | {status.usage_date for status in statuses})


def _status_row(dated: DatedStatus, first_day: date) -> tuple[object, ...]:
    day, budget, status = dated.usage_date, dated.budget, dated.status
    return (
        day,
        budget.name,
        budget.owner or None,
        scope_text(budget),
        budget.period.value,
        budget.period.first_day(day),
        budget.period.last_day(day),
        budget.currency,
        budget.amount,
        max(budget.period.first_day(day), first_day),
        dated.complete_through,
        status.spent,
        status.share,
        status.projected,
        status.low,
        status.high,
        [f"{threshold:f}" for threshold in budget.thresholds],
        status.spent_on,
        dated.reason,
    )


def scope_text(budget: Budget) -> str:
    """Return what a budget counts, for people."""
    return ", ".join(f"{column}={value}" for column, value in budget.scope) or ALL_KEY
