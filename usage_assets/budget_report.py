"""Show the budgets: the published statuses of the last day that has one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from rich.table import Table
from rich.text import Text

from usage_assets.published import current_generation, files_of
from usage_assets.truto.display_text import single_line
from usage_assets.user_files.budgets import Period
from usage_assets.warehouse.daily_spend import ALL_KEY
from usage_assets.warehouse.statements import execute
from usage_assets.warehouse.tables import BUDGET_STATUS

LEFT = ("budget", "owner", "period")
RIGHT = ("spent", "amount", "share", "projected", "80 % range")
DAYS = ("crossed", "used up")


class ShownBudget(NamedTuple):
    """One row of `budget_status`; its columns are described there."""

    usage_date: date
    budget: str
    owner: str | None
    scope: str
    period: str
    period_start: date
    period_end: date
    currency: str
    amount: Decimal
    counted_from: date
    complete_through: date | None
    spent: Decimal
    share: Decimal
    projected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    thresholds: Sequence[Decimal]
    crossed: Sequence[Mapping[str, Any]]
    spent_on: date | None
    reason: str | None


def last_budgets(published: Path) -> list[ShownBudget]:
    """Return the published budgets as of the last day, and their periods that ended in the week before.

    The one with the highest share comes first; without budgets there is none.

    Raises:
        NothingPublished: Nothing has been published yet.
    """
    files = [str(file) for file in files_of(current_generation(published), BUDGET_STATUS)[-2:]]
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = execute(connection, "published/last_budgets", files=files).fetchall()
    return [ShownBudget(*row) for row in rows]


def budget_table(budgets: Sequence[ShownBudget]) -> Table:
    """Return the budgets as a table."""
    table = Table(title=f"Budgets as of {max(budget.usage_date for budget in budgets)}", title_justify="left")
    for column in LEFT:
        table.add_column(column)
    for column in RIGHT:
        table.add_column(column, justify="right")
    for column in DAYS:
        table.add_column(column)
    for budget in budgets:
        table.add_row(*map(Text, _cells(budget)))
    return table


def budgets_json(budgets: Sequence[ShownBudget]) -> str:
    """Return the budgets as a JSON list; amounts are texts, so that no digit is lost."""
    return json.dumps([budget._asdict() for budget in budgets], default=str, indent=2)


def budget_lines(budgets: Sequence[ShownBudget]) -> Iterator[str]:
    """Yield what each budget counts and why one has no projection."""
    for budget in budgets:
        since = f", from {budget.counted_from} because there are no earlier days" if _is_cut(budget) else ""
        through = f", complete through {budget.complete_through}" if budget.complete_through else ""
        reason = f"; no projection: {budget.reason}" if budget.reason else ""
        counted = "all cost" if budget.scope == ALL_KEY else budget.scope
        yield f"{budget.budget} counts {counted}{since}{through}{reason}"


def _is_cut(budget: ShownBudget) -> bool:
    return budget.counted_from > budget.period_start


def _cells(budget: ShownBudget) -> tuple[str, ...]:
    period = _period(Period(budget.period), budget.period_start)
    known = (single_line(budget.budget), single_line(budget.owner or ""), period)
    spent = (f"{budget.spent:,.2f}", f"{budget.amount:,.2f} {budget.currency}", f"{budget.share * 100:.1f} %")
    expected = ("", "")
    if budget.projected is not None:
        expected = (f"{budget.projected:,.2f}", f"{budget.low:,.2f} to {budget.high:,.2f}")
    last = budget.crossed[-1] if budget.crossed else None
    crossed = f"{last['threshold'].normalize():f} % on {last['crossed_on']}" if last else ""
    return *known, *spent, *expected, crossed, _used_up(budget)


def _used_up(budget: ShownBudget) -> str:
    if budget.spent_on is None:
        return ""
    return f"{budget.spent_on}" if budget.spent >= budget.amount else f"{budget.spent_on}, expected"


def _period(period: Period, first_day: date) -> str:
    if period is Period.year:
        return f"{first_day:%Y}"
    return f"{first_day:%Y-%m}" if period is Period.month else f"{first_day:%Y} Q{(first_day.month + 2) // 3}"
