"""Read the daily spend of accounts, surfaces, models and users as matrices, without fees and rows of several days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar

import duckdb
import numpy as np

from usage_assets.insights.baselines import Bools, Floats
from usage_assets.insights.unusual_days import ACCOUNT, AccountSpend, PartSpend
from usage_assets.warehouse.statements import TempTable, execute

FEE_DAYS = 90
"""A fee came before in so many days."""


@dataclass(frozen=True)
class CompleteDays(TempTable):
    """The days of accounts whose usage is complete. Key: account_id, usage_date."""

    name: ClassVar[str] = "complete_days"


@dataclass(frozen=True)
class FeeDays(TempTable):
    """The days on which a product has a fee. Key: account_id, provider, product_id, usage_date."""

    name: ClassVar[str] = "fee_days"


@dataclass(frozen=True)
class LeftOut(TempTable):
    """The cost that is not judged. Key: usage_date, account_id, provider, model, surface, user_key."""

    name: ClassVar[str] = "left_out"


@dataclass(frozen=True)
class JudgedSpend(TempTable):
    """The spend of each scope. Key: scope, account_id, provider, scope_key, usage_date."""

    name: ClassVar[str] = "judged_spend"


@dataclass(frozen=True)
class JudgedSeries(TempTable):
    """The series of daily spend by number. Key: series."""

    name: ClassVar[str] = "judged_series"


@dataclass(frozen=True)
class DaySpan:
    """Days from a first to a last day, both included; the first has number 0."""

    first_day: date
    last_day: date

    def __len__(self) -> int:
        return (self.last_day - self.first_day).days + 1


def create_complete_days(connection: duckdb.DuckDBPyConnection) -> CompleteDays:
    """Create the temp table of complete days, by `coverage`."""
    execute(connection, "anomalies/complete_days")
    return CompleteDays()


def create_left_out(connection: duckdb.DuckDBPyConnection, span: DaySpan) -> LeftOut:
    """Create the temp table of the cost that is not judged on the days of `span`."""
    days = {"first_day": span.first_day, "last_day": span.last_day}
    execute(connection, "anomalies/fee_days", fee_days=FEE_DAYS, **days)
    execute(connection, "anomalies/left_out", FeeDays(), **days)
    return LeftOut()


def read_judged_spend(
    connection: duckdb.DuckDBPyConnection, span: DaySpan, complete_days: CompleteDays, left_out: LeftOut
) -> list[AccountSpend]:
    """Return the spend of each account with complete days in `span`, in the order of account ids."""
    days = {"first_day": span.first_day, "last_day": span.last_day}
    execute(connection, "anomalies/judged_spend", left_out, **days)
    execute(connection, "anomalies/judged_series", JudgedSpend())
    series = execute(connection, "anomalies/series_names", JudgedSeries()).fetchall()
    amounts = _amounts(connection, len(series), span)
    numbered = [(account_id, scope, (provider, key)) for account_id, scope, provider, key in series]
    parts: dict[str, dict[str, PartSpend]] = {}
    start = 0
    for (account_id, scope), group in groupby(numbered, key=lambda row: row[:2]):
        keys = [names for _, _, names in group]
        parts.setdefault(account_id, {})[scope] = PartSpend(keys, amounts[:, start : start + len(keys)])
        start += len(keys)
    complete = _complete(connection, complete_days, span)
    return [
        _account_spend(account_id, complete[account_id], parts.get(account_id, {})) for account_id in sorted(complete)
    ]


def _account_spend(account_id: str, is_complete: Bools, parts: dict[str, PartSpend]) -> AccountSpend:
    whole = parts.pop(ACCOUNT, None)
    amounts = np.zeros(len(is_complete)) if whole is None else whole.amounts[:, 0]
    return AccountSpend(account_id, is_complete, amounts, parts)


def _amounts(connection: duckdb.DuckDBPyConnection, series: int, span: DaySpan) -> Floats:
    columns = execute(
        connection, "anomalies/series_amounts", JudgedSpend(), JudgedSeries(), first_day=span.first_day
    ).fetchnumpy()
    days, numbers = (np.asarray(columns[name], dtype=np.int64) for name in ("day", "series"))
    amounts = np.zeros((len(span), series))
    amounts[days, numbers] = np.asarray(columns["amount"], dtype=np.float64)
    return amounts


def _complete(connection: duckdb.DuckDBPyConnection, complete_days: CompleteDays, span: DaySpan) -> dict[str, Bools]:
    rows = execute(
        connection,
        "anomalies/complete_of_accounts",
        complete_days,
        first_day=span.first_day,
        last_day=span.last_day,
    ).fetchall()
    complete: dict[str, Bools] = {}
    for account_id, day in rows:
        complete.setdefault(account_id, np.zeros(len(span), dtype=np.bool_))[day] = True
    return complete
