"""Runs the queries that look for doubtful data; what a finding means is said where the checks are declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.statements import statement
from usage_assets.warehouse.temp_tables import create_temp_table

PARAMETERS = ("default_lag",)


@dataclass(frozen=True)
class Doubts:
    """What a check found: findings, the rows behind them, their money by currency, their tokens, first examples."""

    count: int
    rows: int
    money: dict[str, Decimal]
    tokens: int
    examples: list[dict[str, str]]


def find_doubts(connection: duckdb.DuckDBPyConnection, name: str, profiles: Profiles, examples: int) -> Doubts:
    """Returns what `sql/checks/{name}.sql` finds.

    Its columns `affected_rows`, `currency`, `amount` and `tokens` are summed up where it has them; without
    `affected_rows` a finding counts as one row.
    """
    lags = [(profile.name, profile.lag) for profile in profiles.all]
    create_temp_table(connection, "integration_lags", ["integration", "lag"], lags)
    text = statement(f"checks/{name}")
    given = {"default_lag": profiles.of("default").lag}
    result = connection.execute(text, {one: given[one] for one in PARAMETERS if f"${one}" in text})
    columns = [column[0] for column in result.description]
    return doubts_of([dict(zip(columns, row, strict=True)) for row in result.fetchall()], examples)


def doubts_of(findings: list[Mapping[str, Any]] | list[dict[str, Any]], examples: int) -> Doubts:
    """Sums findings up; currencies stay apart."""
    money: dict[str, Decimal] = defaultdict(Decimal)
    for finding in findings:
        if finding.get("amount") is not None:
            money[finding.get("currency") or "(none)"] += finding["amount"]
    return Doubts(
        count=len(findings),
        rows=sum(finding.get("affected_rows", 1) for finding in findings),
        money=dict(sorted(money.items())),
        tokens=sum(finding.get("tokens") or 0 for finding in findings),
        examples=[{name: str(value) for name, value in finding.items()} for finding in findings[:examples]],
    )
