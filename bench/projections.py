"""Back-test the projections: those of past days against what the months came to, over a year of several sandboxes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from bench.inside.projects import bench_project
from bench.measure import report_progress
from bench.sandbox_year import FIRST_DAY, SandboxYear, sandbox_year
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.tables import SPEND_PROJECTION

SCOPES = ("all", "account", "provider", "model", "user")
MONTHS_PROJECTED = """
    select
        projection.scope,
        day(projection.usage_date) as day,
        projection.projected::double as projected,
        projection.low <= truth.cost and truth.cost <= projection.high as is_held,
        (projection.high - projection.low)::double / 2 as half_width,
        truth.cost::double as cost
    from spend_projection as projection
    inner join truth using (scope, scope_key, month)
    where
        projection.projected is not null
        and projection.month > $first_day
        and truth.cost > 0
        and day(projection.usage_date) in $days
"""
TRUTH = """
    create or replace temp table truth as
    with lines as (
        select *, date_trunc('month', usage_date)::date as month from cost
        where cost_usd is not null
    )
    select 'all' as scope, '(all)' as scope_key, month, sum(cost_usd) as cost from lines group by all
    union all
    select 'account', account_id, month, sum(cost_usd) from lines group by all
    union all
    select 'provider', provider, month, sum(cost_usd) from lines group by all
    union all
    select 'model', model, month, sum(cost_usd) from lines group by all
    union all
    select 'user', user_key, month, sum(cost_usd) from lines group by all
"""


@dataclass(frozen=True)
class ProjectedMonth:
    """One projection and what its month came to.

    Attributes:
        scope: Its scope.
        day: The day of the month from which it was made.
        error: The projection less the cost, as a share of the cost.
        is_held: Whether the range holds the cost.
        half_width: Half of the range, as a share of the cost.
    """

    scope: str
    day: int
    error: float
    is_held: bool
    half_width: float


@dataclass(frozen=True)
class BackTest:
    """The projected months of several sandboxes."""

    seeds: Sequence[int]
    months: list[ProjectedMonth]

    def of(self, scope: str, day: int) -> list[ProjectedMonth]:
        """Return the months of a scope that were projected from a day of the month."""
        return [month for month in self.months if month.scope == scope and month.day == day]


@dataclass(frozen=True)
class Accuracy:
    """How good the projections of some months are: medians as shares of the cost."""

    months: int
    error: float
    held: float
    half_width: float

    @classmethod
    def of(cls, months: Sequence[ProjectedMonth]) -> Accuracy:
        """Return the accuracy of `months`."""
        return cls(
            len(months),
            median(abs(month.error) for month in months),
            sum(month.is_held for month in months) / len(months),
            median(month.half_width for month in months),
        )


def back_test(seeds: Iterable[int], days: Sequence[int], home: Path, cache: Path | None = None) -> BackTest:
    """Project every month of each seed's year again, from `days` of the month."""
    tested = BackTest(list(seeds), [])
    for seed in tested.seeds:
        year = sandbox_year(seed, cache) if cache else sandbox_year(seed)
        report_progress(f"back-test of seed {seed}")
        tested.months.extend(_projected_months(year, days, home / f"seed-{seed}"))
    return tested


def _projected_months(year: SandboxYear, days: Sequence[int], home: Path) -> list[ProjectedMonth]:
    """Derive the projections of a copy of the warehouse by the present code; return those of months that are known."""
    home.mkdir(parents=True)
    shutil.copy(year.warehouse, home)
    project = bench_project(home, "http://localhost", FIRST_DAY)
    try:
        with project.warehouse.transaction() as connection:
            connection.execute("delete from spend_projection")
            derive_insights(connection, [SPEND_PROJECTION], [], project.profiles, {})
            return _months(connection, days)
    finally:
        shutil.rmtree(home)


def _months(connection: duckdb.DuckDBPyConnection, days: Sequence[int]) -> list[ProjectedMonth]:
    """Return the projected months, without the first month of the year, which is history alone."""
    connection.execute(TRUTH)
    rows = connection.execute(MONTHS_PROJECTED, {"days": list(days), "first_day": FIRST_DAY}).fetchall()
    return [
        ProjectedMonth(scope, day, projected / cost - 1, is_held, half_width / cost)
        for scope, day, projected, is_held, half_width, cost in rows
    ]
