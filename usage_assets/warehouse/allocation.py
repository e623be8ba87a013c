"""Allocate cost to teams: write `cost_by_team`, and find the days that a changed `allocation.csv` changes.

The rules are matched in Python, once for each distinct combination of values; SQL shares the money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from usage_assets.allocation.changes import changed_combinations
from usage_assets.allocation.matching import Combination, RuleMatcher
from usage_assets.allocation.reading import parse_allocation
from usage_assets.allocation.rules import FILE_NAME, Allocation, Rule, period_starts
from usage_assets.user_files.csv_lines import UserFileError
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.aggregates import COST_BY_TEAM, COUNTS, MONEY
from usage_assets.warehouse.applied_files import applied_content, is_applied, note_applied
from usage_assets.warehouse.cost_lines import CostLines
from usage_assets.warehouse.stale_days import Days, record_stale_days
from usage_assets.warehouse.statements import TempTable, execute
from usage_assets.warehouse.tables import INSIGHTS
from usage_assets.warehouse.temp_tables import create_temp_table

PERIOD = "period_start"
SHARE_COLUMNS = ("rule", "line", "team", "cost_centre", "weight", "other_weights", "is_first")


@dataclass(frozen=True)
class RuleDays(TempTable):
    """The days to allocate, with the first day of the period in which the same rules are valid. Key: usage_date."""

    name: ClassVar[str] = "rule_days"


@dataclass(frozen=True)
class Combinations(TempTable):
    """The distinct combinations of a period and of the values that rules match by. Key: combination."""

    name: ClassVar[str] = "combinations"


@dataclass(frozen=True)
class DistinctCombinations:
    """The combinations with their temp tables.

    Attributes:
        rule_days: The days.
        table: The combinations, which are numbered from 1.
        dimensions: The names of their values.
        values: The combinations in the order of their numbers: a value for each dimension, and a day of their period.
    """

    rule_days: RuleDays
    table: Combinations
    dimensions: list[str]
    values: list[Combination]


@dataclass(frozen=True)
class Assignments(TempTable):
    """The first rule that matches each combination. Key: combination."""

    name: ClassVar[str] = "assignments"


@dataclass(frozen=True)
class RuleShares(TempTable):
    """The lines of the rules. Key: rule, line."""

    name: ClassVar[str] = "rule_shares"


@dataclass(frozen=True)
class RuledLines(TempTable):
    """The cost rows of the days of a step with the number of the rule that matches, as a view."""

    name: ClassVar[str] = "ruled_lines"


@dataclass(frozen=True)
class ChangedCombinations(TempTable):
    """The combinations that other rules allocate differently. Key: combination."""

    name: ClassVar[str] = "changed_combinations"


@dataclass(frozen=True)
class TeamLines(TempTable):
    """The cost rows of the days of a step with team, cost centre and line of `allocation.csv`, as a view.

    A row that several lines share has a line for each of them; money and counts sum to those of the row. Counts of rows
    are flagged on the first: `counts_row`, `is_unpriced`, `is_unconverted`. Key: usage_key, part, currency, usage_date,
    line.
    """

    name: ClassVar[str] = "team_lines"


def apply_allocation(connection: duckdb.DuckDBPyConnection, in_force: FileInForce[Allocation]) -> None:
    """Note that `cost_by_team` is derived by the rules in force; mark the days that they change as stale.

    What statistics say of teams is stale on these days too.

    Args:
        connection: A connection inside the transaction that derives `cost_by_team`.
        in_force: The content of `allocation.csv` that counts.
    """
    if is_applied(connection, FILE_NAME, in_force):
        return
    days = [day for (day,) in execute(connection, "allocation/unsettled_days").fetchall()]
    before = applied_allocation(connection)
    changed = days if before is None else changed_days(connection, days, before, in_force.value)
    record_stale_days(connection, [COST_BY_TEAM, *INSIGHTS], changed)
    note_applied(connection, FILE_NAME, in_force)


def applied_allocation(connection: duckdb.DuckDBPyConnection) -> Allocation | None:
    """Return the rules by which `cost_by_team` is derived, None if this version of the program refuses them."""
    content = applied_content(connection, FILE_NAME)
    try:
        return Allocation() if content is None else parse_allocation(Path(FILE_NAME), content)
    except UserFileError:
        return None


def changed_days(
    connection: duckdb.DuckDBPyConnection, days: Iterable[date], before: Allocation, after: Allocation
) -> list[date]:
    """Return those of `days` with cost that `after` allocates differently than `before`."""
    found = distinct_combinations(connection, days, before, after)
    numbers = [(place + 1,) for place in changed_combinations(before, after, found.dimensions, found.values)]
    changed = create_temp_table(connection, ChangedCombinations(), ["combination"], numbers)
    rows = execute(connection, "allocation/changed_days", found.rule_days, found.table, changed).fetchall()
    return sorted(day for (day,) in rows)


def insert_cost_by_team(
    connection: duckdb.DuckDBPyConnection, days: Days, cost_lines: CostLines, allocation: Allocation
) -> None:
    """Insert the rows of `cost_by_team` for `days`. Its sums equal those of `cost` to the last digit."""
    ruled_lines, rule_shares = _create_ruled_lines(connection, days, cost_lines, allocation)
    measures = [*MONEY, "provisional_cost", *COUNTS]
    inputs = (ruled_lines, rule_shares)
    execute(connection, "allocation/insert_cost_by_team", *inputs, money=MONEY, counts=COUNTS, measures=measures)


def create_team_lines(
    connection: duckdb.DuckDBPyConnection, days: Days, cost_lines: CostLines, allocation: Allocation
) -> TeamLines:
    """Create the temp view `team_lines`.

    Args:
        connection: An open connection.
        days: The days to allocate.
        cost_lines: The cost rows of these days.
        allocation: The rules.
    """
    ruled_lines, rule_shares = _create_ruled_lines(connection, days, cost_lines, allocation)
    execute(connection, "allocation/team_lines", ruled_lines, rule_shares)
    return TeamLines()


def _create_ruled_lines(
    connection: duckdb.DuckDBPyConnection, days: Days, cost_lines: CostLines, allocation: Allocation
) -> tuple[RuledLines, RuleShares]:
    found = distinct_combinations(connection, days.days, allocation)
    matched = RuleMatcher(allocation.rules, found.dimensions).first_rules(found.values)
    assignments = create_temp_table(connection, Assignments(), ["rule"], [(rule,) for rule in matched])
    execute(connection, "allocation/ruled_lines", cost_lines, found.rule_days, found.table, assignments)
    used = sorted({rule for rule in matched if rule is not None})
    shares = [line for number in used for line in _share_lines(number, allocation.rules[number])]
    return RuledLines(), create_temp_table(connection, RuleShares(), SHARE_COLUMNS, shares)


def distinct_combinations(
    connection: duckdb.DuckDBPyConnection, days: Iterable[date], *allocations: Allocation
) -> DistinctCombinations:
    """Return the distinct combinations of the values in `cost` that any of the rules match by, on `days`."""
    rule_days = _create_rule_days(connection, days, *allocations)
    combinations = _create_combinations(connection, rule_days, *allocations)
    result = execute(connection, "allocation/combination_values", combinations)
    *dimensions, _ = (column[0] for column in result.description)
    return DistinctCombinations(rule_days, combinations, dimensions, result.fetchall())


def _create_rule_days(
    connection: duckdb.DuckDBPyConnection, days: Iterable[date], *allocations: Allocation
) -> RuleDays:
    boundaries = frozenset[date]().union(*(allocation.boundaries for allocation in allocations))
    starts = period_starts(boundaries, days)
    return create_temp_table(connection, RuleDays(), ["usage_date", PERIOD], sorted(starts.items()))


def _create_combinations(
    connection: duckdb.DuckDBPyConnection, rule_days: RuleDays, *allocations: Allocation
) -> Combinations:
    dimensions = frozenset[str]().union(*(allocation.dimensions for allocation in allocations))
    execute(connection, "allocation/combinations", rule_days, columns=[PERIOD, *sorted(dimensions)])
    return Combinations()


def _share_lines(number: int, rule: Rule) -> Iterator[tuple[Any, ...]]:
    *others, last = rule.shares
    for share in rule.shares:
        weight = share.weight if others else None
        other_weights = [other.weight for other in others] if others and share is last else None
        is_first = share is rule.shares[0]
        yield number, share.line, share.team, share.cost_centre, weight, other_weights, is_first
