"""Run the queries of the data checks. `data_checks` declares the meaning of a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.statements import execute

ACCOUNTS = ("account_id", "other_account_id")
DAYS = ("usage_date", "last_day", "window_start", "last_window")


@dataclass(frozen=True)
class CheckFindings:
    """The result of a check: the number of findings, their rows, money by currency and tokens, and first examples.

    Money is added row by row without its sign, so that a refund does not hide a charge of the same amount; money that
    counts twice is added with its sign, because that is what the cost has too much.
    `newest_day` is the latest day that a finding names, `account_ids` are the accounts that findings name;
    `counts_rows` is whether findings say how many rows they affect.
    """

    count: int
    rows: int
    money: dict[str, Decimal]
    tokens: int
    examples: list[dict[str, str]]
    newest_day: date | None = None
    account_ids: tuple[str, ...] = ()
    counts_rows: bool = False


def run_check(connection: duckdb.DuckDBPyConnection, check: str, profiles: Profiles, *, examples: int) -> CheckFindings:
    """Return what `sql/checks/{check}.sql` finds, with at most `examples` examples.

    The columns `affected_rows`, `amount` (by `currency`) and `tokens` are summed if the query has them. A finding
    without `affected_rows` counts as one row.
    """
    result = execute(
        connection,
        f"checks/{check}",
        integrations=[profile.name for profile in profiles.all],
        lags=[profile.lag for profile in profiles.all],
        default_lag=profiles.of("default").lag,
    )
    columns = [column[0] for column in result.description]
    return summed([dict(zip(columns, row, strict=True)) for row in result.fetchall()], examples)


def summed(rows: Sequence[Mapping[str, Any]], examples: int) -> CheckFindings:
    """Sum the rows of a check; money is summed by currency."""
    money: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.get("amount") is not None:
            money[row.get("currency") or "(none)"] += row["amount"]
    return CheckFindings(
        count=len(rows),
        rows=sum(row.get("affected_rows", 1) for row in rows),
        money=dict(sorted(money.items())),
        tokens=sum(row.get("tokens") or 0 for row in rows),
        examples=[{name: str(value) for name, value in row.items()} for row in rows[:examples]],
        newest_day=max((day for row in rows for name in DAYS if (day := row.get(name)) is not None), default=None),
        account_ids=tuple(sorted({row[name] for row in rows for name in ACCOUNTS if row.get(name) is not None})),
        counts_rows=any("affected_rows" in row for row in rows),
    )
