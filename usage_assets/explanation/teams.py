"""The parts of cost rows that teams get: by the rules of `allocation.csv` by which `cost_by_team` is derived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from usage_assets.allocation.rules import FILE_NAME, Allocation, Rule, Share
from usage_assets.allocation.words import conditions_text
from usage_assets.errors import UsageAssetsError
from usage_assets.explanation.facts import TeamShare
from usage_assets.warehouse.allocation import applied_allocation, create_team_lines
from usage_assets.warehouse.cost_lines import create_cost_lines
from usage_assets.warehouse.stale_days import create_days

LinesOfRules = Mapping[int, tuple[Rule, Share]]


class RulesUnreadable(UsageAssetsError):
    """The rules by which the table is derived are not readable by this version."""


def create_applied_team_lines(connection: duckdb.DuckDBPyConnection, days: Iterable[date]) -> None:
    """Create the temp view `team_lines` for `days`, by the rules by which `cost_by_team` is derived.

    Raises:
        RulesUnreadable: This version of the program refuses these rules.
    """
    step = create_days(connection, days)
    create_team_lines(connection, step, create_cost_lines(connection, step), _applied(connection))


def shares_by_line(connection: duckdb.DuckDBPyConnection) -> LinesOfRules:
    """Return each line of the rules by which `cost_by_team` is derived, with its rule.

    Raises:
        RulesUnreadable: This version of the program refuses these rules.
    """
    return {share.line: (rule, share) for rule in _applied(connection).rules for share in rule.shares}


def team_shares_of(parts: Iterable[Mapping[str, Any]], lines: LinesOfRules) -> tuple[TeamShare, ...]:
    """Return the parts of one cost row with the rule of each.

    Args:
        parts: The parts as `sql/cost_rows.sql` has them.
        lines: The lines of the rules.
    """
    return tuple(TeamShare(**part, **_of_rule(lines, part["line"])) for part in parts)


def _of_rule(lines: LinesOfRules, line: int | None) -> dict[str, Any]:
    if line is None:
        return {"rule": "no rule matches", "share": Decimal(1)}
    rule, share = lines[line]
    *others, last = rule.shares
    other_shares = tuple(other.share for other in others) if share is last else ()
    return {"rule": conditions_text(rule), "share": share.share, "other_shares": other_shares}


def _applied(connection: duckdb.DuckDBPyConnection) -> Allocation:
    allocation = applied_allocation(connection)
    if allocation is None:
        raise RulesUnreadable(
            f"The {FILE_NAME} by which cost_by_team is derived has mistakes by this version of the program: "
            "run `usage-assets sync`, which derives it by the present file."
        )
    return allocation
