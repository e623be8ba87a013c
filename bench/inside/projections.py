"""Project every month of a sandbox year by the present code, and compare with what the months came to."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from bench.inside.projects import bench_project
from bench.inside.tasks import ProjectedMonth, ProjectionTask, answer_task
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.tables import SPEND_PROJECTION

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
MONTHS = """
    select
        projection.scope,
        day(projection.usage_date) as day,
        (projection.projected / truth.cost - 1)::double as error,
        projection.low <= truth.cost and truth.cost <= projection.high as is_held,
        ((projection.high - projection.low) / truth.cost / 2)::double as half_range
    from spend_projection as projection
    inner join truth using (scope, scope_key, month)
    where
        projection.projected is not null
        and projection.month >= $first_month
        and truth.cost > 0
        and day(projection.usage_date) in $days
"""


def project_months(task: ProjectionTask) -> list[ProjectedMonth]:
    """Derive the projections in a copy of the warehouse, and return those of months that are known."""
    folder = Path(task.folder)
    folder.mkdir(parents=True)
    shutil.copy(task.warehouse, folder)
    project = bench_project(folder, "http://localhost", task.first_month)
    with project.warehouse.transaction() as connection:
        connection.execute("delete from spend_projection")
        derive_insights(connection, [SPEND_PROJECTION], [], project.profiles, {}, FileInForce(()))
        return _months(connection, task)


def _months(connection: duckdb.DuckDBPyConnection, task: ProjectionTask) -> list[ProjectedMonth]:
    connection.execute(TRUTH)
    rows = connection.execute(MONTHS, {"days": task.days, "first_month": task.first_month}).fetchall()
    return [ProjectedMonth(*row) for row in rows]


if __name__ == "__main__":
    answer_task(ProjectionTask, project_months)
