"""The asset checks: data checks report findings about the data, invariant checks report figures that disagree.

A finding never stops a run; it turns a check yellow or red, with counts, money and examples. An invariant is also
asserted before each transaction commits; its check repeats the test later and so detects damage to the file.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg
import duckdb

from usage_assets.defs.location import CodeLocation
from usage_assets.defs.partitions import days_in_date_tags
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.integrations.profiles import Profiles
from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.coverage import COVERAGE
from usage_assets.warehouse.data_checks import DATA_CHECKS, RED, YELLOW, DataCheck
from usage_assets.warehouse.derive import disagreements
from usage_assets.warehouse.invariants import violations
from usage_assets.warehouse.tables import INSIGHTS, SEATS

EXAMPLES_SHOWN = 10
SEVERITIES = {RED: dg.AssetCheckSeverity.ERROR, YELLOW: dg.AssetCheckSeverity.WARN}
LOADED_ONCE = "windows_loaded_once"
SPLITS_SUM = "split_rows_sum_to_their_row"
EQUALS_COST = "sums_equal_cost"

INVARIANTS = [
    DataCheck("usage", LOADED_ONCE, RED, "No two loaded windows of an account and report share a day."),
    DataCheck("cost", SPLITS_SUM, RED, "The days of a split row sum to the row, in money and counts."),
    *(
        DataCheck(table, EQUALS_COST, RED, f"The sums of {table} equal those of cost, to the last digit.")
        for table in AGGREGATES
    ),
]


def build_checks(location: CodeLocation) -> list[dg.AssetChecksDefinition]:
    """Return the checks of a code location: a step each for usage, cost, aggregates, coverage, seats and statistics."""
    return [
        _check_step(location, "usage_checks", "usage"),
        _check_step(location, "cost_checks", "cost"),
        _check_step(location, "aggregate_checks", *AGGREGATES),
        _check_step(location, "coverage_checks", COVERAGE),
        _check_step(location, "seat_checks", SEATS),
        _check_step(location, "insight_checks", *INSIGHTS),
    ]


def _check_step(location: CodeLocation, name: str, *tables: str) -> dg.AssetChecksDefinition:
    """Return the checks of `tables`, which run together in one transaction."""
    checks = [check for check in [*DATA_CHECKS, *INVARIANTS] if check.table in tables]
    specs = [
        dg.AssetCheckSpec(check.name, asset=location.naming.key(check.table), description=check.description)
        for check in checks
    ]

    @dg.multi_asset_check(name=location.naming.name(name), specs=specs, pool=WAREHOUSE_POOL, can_subset=True)
    def results(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        """Run the data checks and invariants of these tables."""
        selected = {(location.naming.table(key.asset_key), key.name) for key in context.selected_asset_check_keys}
        days = set(days_in_date_tags(context.run.tags))
        with location.project.warehouse.transaction() as connection:
            for check in checks:
                if (check.table, check.name) in selected:
                    yield _result(location, check, connection, days)

    return results


def _result(
    location: CodeLocation, check: DataCheck, connection: duckdb.DuckDBPyConnection, days: set[date]
) -> dg.AssetCheckResult:
    project = location.project
    if check in INVARIANTS:
        return _invariant_result(location, check, _violations(connection, check, days, project.profiles))
    findings = run_check(connection, check.name, project.profiles, examples=EXAMPLES_SHOWN)
    return _data_result(location, check, findings)


def _data_result(location: CodeLocation, check: DataCheck, findings: CheckFindings) -> dg.AssetCheckResult:
    """Return the result of a data check: counts, tokens, money by currency as exact text, examples."""
    return dg.AssetCheckResult(
        asset_key=location.naming.key(check.table),
        check_name=check.name,
        passed=findings.count == 0,
        severity=SEVERITIES[check.severity],
        metadata={
            "count": findings.count,
            "rows": findings.rows,
            **({"tokens": findings.tokens} if findings.tokens else {}),
            **{f"amount_{currency.lower()}": f"{amount:f}" for currency, amount in findings.money.items()},
            "examples": dg.MetadataValue.json(findings.examples),
        },
    )


def _invariant_result(location: CodeLocation, check: DataCheck, violated: int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=location.naming.key(check.table),
        check_name=check.name,
        passed=violated == 0,
        severity=SEVERITIES[check.severity],
        metadata={"count": violated},
    )


def _violations(connection: duckdb.DuckDBPyConnection, check: DataCheck, days: set[date], profiles: Profiles) -> int:
    if check.name == LOADED_ONCE:
        return len(violations(connection, "windows_loaded_twice", first_day=date.min))
    return disagreements(connection, check.table, days, profiles)
