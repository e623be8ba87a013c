"""Checks: queries that return what is doubtful, none expected, and the invariants, which must hold.

A doubtful figure never stops a run; it turns a check yellow or red, with counts, money and examples. An invariant is
asserted before anything is committed; its check shows that it was, and would show damage done to the file since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import dagster as dg
import duckdb

from usage_assets.defs.assets import ProjectResource
from usage_assets.defs.partitions import days_in_date_tags
from usage_assets.defs.resources import WAREHOUSE_POOL, Project
from usage_assets.warehouse.aggregates import AGGREGATES
from usage_assets.warehouse.checks import CheckFindings, run_check
from usage_assets.warehouse.derive import disagreements
from usage_assets.warehouse.invariants import violations

EXAMPLES_SHOWN = 10
RED, YELLOW = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN
LOADED_ONCE = "windows_loaded_once"
SPLITS_SUM = "split_rows_sum_to_their_row"
EQUALS_COST = "sums_equal_cost"


@dataclass(frozen=True)
class DataCheck:
    """A check: the asset it stands at, its query's name, how bad a finding is, and what it says."""

    asset: str
    name: str
    severity: dg.AssetCheckSeverity
    description: str


DATA_CHECKS = [
    DataCheck("usage", "rejected_rows", RED, "Rows that could not be read; their money is missing everywhere."),
    DataCheck(
        "usage", "unknown_token_fields", RED, "Fields that look like tokens and that the profile does not count."
    ),
    DataCheck("usage", "unreadable_counts", RED, "Counts that are no whole number below 1e15; they are missing."),
    DataCheck("usage", "rows_longer_than_window", RED, "This vendor answers by month: set window = month."),
    DataCheck("usage", "rows_of_other_windows", YELLOW, "Rows dropped because they start outside their window."),
    DataCheck("usage", "cached_beyond_input", YELLOW, "Cached tokens beyond an input said to hold them."),
    DataCheck("usage", "negative_counts", YELLOW, "Tokens below zero; they lower estimates."),
    DataCheck("usage", "dimensions_of_other_shape", YELLOW, "Dimensions that are no objects, read as missing."),
    DataCheck("usage", "accounts_to_reconnect", YELLOW, "Accounts whose owner has to connect them again."),
    DataCheck("usage", "missing_days", YELLOW, "Days without a load between an account's first and last."),
    DataCheck("cost", "bill_and_tokens_twice", RED, "A product with charged rows and token rows counts twice."),
    DataCheck("cost", "currencies_without_rate", RED, "Cost that has no rate to USD and is not in cost_usd."),
    DataCheck("cost", "stale_rates", YELLOW, "Cost converted at an older rate than the day's own would be."),
    DataCheck("cost", "components_that_disagree", YELLOW, "Charges whose total and parts differ by more than 0.01."),
    DataCheck("cost", "unknown_charge_types", YELLOW, "Charge types that are not summed into any cost."),
    DataCheck("cost_by_model", "unpriced_models", YELLOW, "Tokens whose model is in no price book; they cost NULL."),
    DataCheck("cost_by_account", "silent_accounts", YELLOW, "Active accounts without usage beyond their vendor's lag."),
]
INVARIANTS = [
    DataCheck("usage", LOADED_ONCE, RED, "No two loaded windows of an account share a day."),
    DataCheck("cost", SPLITS_SUM, RED, "The days of a row that is split sum to it, money and counts."),
    *(
        DataCheck(table, EQUALS_COST, RED, f"The sums of {table} are those of cost, to the last digit.")
        for table in AGGREGATES
    ),
]


def checks_of(name: str, data: list[DataCheck], invariants: list[DataCheck]) -> dg.AssetChecksDefinition:
    """Returns checks that run together, in one look at the warehouse."""
    specs = [
        dg.AssetCheckSpec(check.name, asset=check.asset, description=check.description)
        for check in [*data, *invariants]
    ]

    @dg.multi_asset_check(name=name, specs=specs, pool=WAREHOUSE_POOL, can_subset=True)
    def found(context: dg.AssetCheckExecutionContext, project: ProjectResource) -> Iterator[dg.AssetCheckResult]:
        asked = {(key.asset_key.to_user_string(), key.name) for key in context.selected_asset_check_keys}
        days = set(days_in_date_tags(context.run.tags))
        with project.warehouse().transaction() as warehouse:
            for check in _asked(data, asked):
                yield result_of(check, run_check(warehouse, check.name, project.profiles, EXAMPLES_SHOWN))
            for check in _asked(invariants, asked):
                yield verdict_on(check, _disagreeing(warehouse, check, days, project))

    return found


def result_of(check: DataCheck, findings: CheckFindings) -> dg.AssetCheckResult:
    """Turns findings into Dagster's result: counts, tokens, money by currency as exact text, examples."""
    return dg.AssetCheckResult(
        asset_key=check.asset,
        check_name=check.name,
        passed=findings.count == 0,
        severity=check.severity,
        metadata={
            "count": findings.count,
            "rows": findings.rows,
            **({"tokens": findings.tokens} if findings.tokens else {}),
            **{f"amount_{currency.lower()}": f"{amount:f}" for currency, amount in findings.money.items()},
            "examples": dg.MetadataValue.json(findings.examples),
        },
    )


def verdict_on(check: DataCheck, disagreeing: int) -> dg.AssetCheckResult:
    """Turns the number of figures that do not agree into Dagster's result."""
    return dg.AssetCheckResult(
        asset_key=check.asset,
        check_name=check.name,
        passed=disagreeing == 0,
        severity=check.severity,
        metadata={"count": disagreeing},
    )


def _disagreeing(warehouse: duckdb.DuckDBPyConnection, check: DataCheck, days: set[date], project: Project) -> int:
    if check.name == LOADED_ONCE:
        return len(violations(warehouse, "windows_loaded_twice", first_day=date.min))
    return disagreements(warehouse, check.asset, days, project.profiles)


def _asked(checks: list[DataCheck], asked: set[tuple[str, str]]) -> list[DataCheck]:
    return [check for check in checks if (check.asset, check.name) in asked]


def _at(checks: list[DataCheck], *assets: str) -> list[DataCheck]:
    return [check for check in checks if check.asset in assets]


CHECKS = [
    checks_of("usage_checks", _at(DATA_CHECKS, "usage"), _at(INVARIANTS, "usage")),
    checks_of("cost_checks", _at(DATA_CHECKS, "cost"), _at(INVARIANTS, "cost")),
    checks_of("aggregate_checks", _at(DATA_CHECKS, *AGGREGATES), _at(INVARIANTS, *AGGREGATES)),
]
