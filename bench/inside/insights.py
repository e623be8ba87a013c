"""Measure projection, anomalies and budgets over a year of many users and accounts.

The first call makes a warehouse of one cost row per user and day, with its aggregates; the next calls measure.
"""

from __future__ import annotations

import resource
import time
from datetime import timedelta
from pathlib import Path

import duckdb

from bench.inside.projects import bench_project
from bench.inside.tasks import InsightsTask, Seconds, answer_task
from bench.pages import FIRST_DAY
from usage_assets.allocation.rules import Allocation
from usage_assets.project import Project
from usage_assets.user_files.budgets import read_budgets
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.aggregates import AGGREGATES, COST_BY_METER
from usage_assets.warehouse.derive import derive_aggregates
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.tables import INSIGHTS

COST = """
    insert into cost by name
    select
        $first_day::date + day::integer as usage_date,
        format('{}-{}', person, day) as usage_key,
        1 as part,
        format('account-{}', person % $accounts) as account_id,
        case person % 2 when 0 then 'claude' else 'cursor' end as integration,
        'default' as report,
        usage_date as window_start,
        'r' as row_id,
        format('provider-{}', person % 2) as provider,
        format('model-{}', (person + day) % 7) as model,
        format('surface-{}', person % 3) as surface,
        format('person{}@northwind.example', person) as user_key,
        format('product-{}', person % 5) as product_id,
        'tokens' as metric_name,
        '(none)' as organization_id,
        '(none)' as workspace_id,
        '(none)' as resource_id,
        '(none)' as price_context,
        'USD' as currency,
        amount::decimal(38, 12) as cost,
        amount::decimal(38, 12) as cost_usd,
        'billed' as cost_basis,
        'net' as cost_rule,
        'exact' as allocation,
        false as is_provisional
    from (
        select
            *,
            (hash(person, day) % 1000 / 1000 + 0.2) * exp(sin(person))
            * case when isodow($first_day::date + day::integer) <= 5 then 1 else 0.2 end as amount
        from range($people) as people (person), range($days) as days (day)
    )
    order by day, person
"""
COVERAGE = """
    insert into coverage by name
    select distinct usage_date, account_id, integration, 'final' as state from cost_by_account
"""
BUDGETS = "\n".join(
    [
        "name,period,amount,currency,provider,account_id,user_key",
        "all,month,100000,USD,,,",
        "year,year,1000000,USD,,,",
        *(f"account {number},quarter,10000,USD,,account-{number}," for number in range(16)),
        "provider,year,500000,USD,provider-0,,",
        "people,month,900,USD,,,person77*",
    ]
)


def measure_insights(task: InsightsTask) -> Seconds:
    """Return the CPU seconds of each table for all days, then for one day, and the peak memory in GB."""
    project = bench_project(Path(task.folder), "http://localhost", FIRST_DAY)
    if not project.warehouse.path.exists():
        _build(project, task)
        return {}
    content = BUDGETS.encode()
    budgets = FileInForce(read_budgets(Path("budgets.csv"), content), content)
    seconds = Seconds()
    last_day = FIRST_DAY + timedelta(days=task.days - 1)
    for name, days in (("all days", []), ("the last day again", [last_day])):
        with project.warehouse.transaction() as connection:
            for table in INSIGHTS:
                started = time.process_time()
                derive_insights(connection, [table], days, project.profiles, {}, budgets)
                seconds[f"{table}, {name}"] = time.process_time() - started
    return {**seconds, "peak memory, GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def _build(project: Project, task: InsightsTask) -> None:
    given = {"first_day": FIRST_DAY, "days": task.days, "people": task.people, "accounts": task.accounts}
    with project.warehouse.transaction() as connection:
        _execute(connection, COST, given)
        days = [day for (day,) in connection.execute("select distinct usage_date from cost").fetchall()]
        # `cost_by_meter` needs the meters of usage rows, and none of these statistics reads it.
        aggregates = [table for table in AGGREGATES if table != COST_BY_METER]
        derive_aggregates(connection, aggregates, days, FileInForce(Allocation()))
        _execute(connection, COVERAGE, given)


def _execute(connection: duckdb.DuckDBPyConnection, text: str, given: dict[str, object]) -> None:
    [parsed] = connection.extract_statements(text)
    connection.execute(parsed, {name: given[name] for name in parsed.named_parameters})


if __name__ == "__main__":
    answer_task(InsightsTask, measure_insights)
