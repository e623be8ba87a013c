"""Read what the rules of a file would do with the loaded cost; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from usage_assets.allocation.matching import RuleMatcher
from usage_assets.allocation.preview import CombinationSums, CostSums, Money, Preview, rule_previews
from usage_assets.allocation.rules import DIMENSIONS, Allocation
from usage_assets.warehouse.allocation import (
    TeamLines,
    applied_allocation,
    changed_days,
    create_team_lines,
    distinct_combinations,
)
from usage_assets.warehouse.cost_lines import create_cost_lines
from usage_assets.warehouse.stale_days import create_days
from usage_assets.warehouse.statements import execute

MOST_COMBINATIONS = 10


def read_preview(connection: duckdb.DuckDBPyConnection, allocation: Allocation) -> Preview:
    """Return what `allocation` does with all the cost of the warehouse.

    Args:
        connection: A connection that may create temporary tables.
        allocation: The rules of the file as it is.
    """
    days = sorted(day for (day,) in execute(connection, "version/cost_days").fetchall())
    changed = _changed_days(connection, days, allocation)
    combinations = distinct_combinations(connection, days, allocation)
    matching = RuleMatcher(allocation.rules, combinations.dimensions).rules_matching_any(combinations.values)
    step = create_days(connection, days)
    team_lines = create_team_lines(connection, step, create_cost_lines(connection, step), allocation)
    top = list(_unallocated_combinations(connection, team_lines))
    return Preview(
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        rules=rule_previews(allocation.rules, _line_sums(connection, team_lines), matching, days[-1] if days else None),
        unallocated=_unallocated(connection, team_lines),
        combinations=tuple(sums for sums, _ in top),
        combination_count=top[0][1] if top else 0,
        with_rules=_known(execute(connection, "allocation/team_totals", team_lines).fetchall()),
        without_rules=_known(execute(connection, "allocation/cost_totals").fetchall()),
        changed_days=tuple(changed),
    )


def _changed_days(connection: duckdb.DuckDBPyConnection, days: list[date], allocation: Allocation) -> list[date]:
    in_force = applied_allocation(connection)
    return days if in_force is None else changed_days(connection, days, in_force, allocation)


def _line_sums(connection: duckdb.DuckDBPyConnection, team_lines: TeamLines) -> dict[int, CostSums]:
    by_line: dict[int, list[tuple[str, int, Decimal | None]]] = {}
    for line, *sums in execute(connection, "allocation/line_sums", team_lines).fetchall():
        by_line.setdefault(line, []).append((sums[0], sums[1], sums[2]))
    return {line: _summed(sums) for line, sums in by_line.items()}


def _unallocated(connection: duckdb.DuckDBPyConnection, team_lines: TeamLines) -> CostSums:
    return _summed(execute(connection, "allocation/unallocated_sums", team_lines).fetchall())


def _unallocated_combinations(
    connection: duckdb.DuckDBPyConnection, team_lines: TeamLines
) -> Iterator[tuple[CombinationSums, int]]:
    result = execute(
        connection, "allocation/unallocated_combinations", team_lines, dimensions=DIMENSIONS, most=MOST_COMBINATIONS
    )
    names = [column[0] for column in result.description]
    for row in result.fetchall():
        values: dict[str, Any] = dict(zip(names, row, strict=True))
        sums = _summed([(values["currency"], values["cost_rows"], values["cost"])])
        yield CombinationSums({name: values[name] for name in DIMENSIONS}, sums), values["combination_count"]


def _summed(sums: Iterable[tuple[str, int, Decimal | None]]) -> CostSums:
    found = list(sums)
    return CostSums(sum(rows for _, rows, _ in found), _known((currency, cost) for currency, _, cost in found))


def _known(amounts: Iterable[tuple[str, Decimal | None]]) -> Money:
    return {currency: amount for currency, amount in amounts if amount is not None}
