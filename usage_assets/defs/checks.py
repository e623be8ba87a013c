"""Data checks: each a query in `warehouse/sql/checks` that returns what is doubtful, none expected.

A doubtful figure never stops a run; it turns a check yellow or red, with counts and examples.
"""

from dataclasses import dataclass

import dagster as dg

from usage_assets.defs.costs import WorkplaceResource
from usage_assets.defs.resources import WAREHOUSE_POOL
from usage_assets.warehouse.checks import find_doubts

EXAMPLES_SHOWN = 10
RED, YELLOW = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


@dataclass(frozen=True)
class DataCheck:
    """A check: the asset it stands at, its query's name, how bad a finding is, and what it says."""

    asset: str
    name: str
    severity: dg.AssetCheckSeverity
    description: str


DATA_CHECKS = [
    DataCheck("usage", "rejected_rows", RED, "Rows that could not be read; their money is missing everywhere."),
    DataCheck("usage", "rows_of_other_windows", YELLOW, "Rows dropped because they start outside their window."),
    DataCheck("usage", "rows_longer_than_window", RED, "This vendor answers by month: set window = month."),
    DataCheck("usage", "accounts_to_reconnect", YELLOW, "Accounts whose owner has to connect them again."),
    DataCheck("usage", "missing_days", YELLOW, "Days without a load between an account's first and last."),
    DataCheck("cost", "unpriced_models", YELLOW, "Tokens whose model is in no price book; their cost is NULL."),
    DataCheck("cost", "components_that_disagree", YELLOW, "Charges whose total and parts differ by more than 0.01."),
    DataCheck("cost", "unknown_charge_types", YELLOW, "Charge types that are not summed into any cost."),
    DataCheck("cost", "bill_and_tokens_twice", RED, "A product with charged rows and token rows counts twice."),
    DataCheck("cost_by_account", "currencies_without_rate", YELLOW, "Cost that has no rate to USD that day."),
]


def asset_check(check: DataCheck) -> dg.AssetChecksDefinition:
    """Returns the Dagster check of one query."""

    @dg.asset_check(asset=check.asset, name=check.name, description=check.description, pool=WAREHOUSE_POOL)
    def found(workplace: WorkplaceResource) -> dg.AssetCheckResult:
        with workplace.warehouse().transaction() as warehouse:
            doubts = find_doubts(warehouse, check.name, EXAMPLES_SHOWN)
        return dg.AssetCheckResult(
            passed=doubts.count == 0,
            severity=check.severity,
            metadata={"count": doubts.count, "examples": dg.MetadataValue.json(doubts.examples)},
        )

    return found


CHECKS = [asset_check(check) for check in DATA_CHECKS]
