"""Define the aggregates of `cost`. Table, statements, invariant and column lineage follow from an aggregate's entry.

To add an aggregate, add an entry to `AGGREGATES` and a section to `docs/tables.md`. A new dimension needs a
column in `sql/schema/aggregate.sql` and an entry in `DIMENSIONS`. An aggregate with labels needs a statement
`sql/aggregates/insert_NAME.sql` that adds them to the sums, and a call in `derive` that passes its inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

MONEY = ("cost", "billed_cost", "estimated_cost", "list_cost", "tax", "cost_usd")
COUNTS = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "requests")
MEASURES = (*MONEY, *COUNTS)
DIMENSIONS = (
    "provider",
    "model",
    "surface",
    "product_id",
    "metric_name",
    "organization_id",
    "workspace_id",
    "resource_id",
    "user_key",
    "team",
    "cost_centre",
)
LABELS = ("tenant_id", "user_email", "user_name")


@dataclass(frozen=True)
class Aggregate:
    """A table of daily sums of `cost`.

    Attributes:
        dimensions: The columns that rows are grouped by, besides `usage_date`, `account_id` and `currency`.
        labels: The columns that describe a dimension; rows are not grouped by them.
        measures: The columns whose sums equal those of `cost`.
    """

    dimensions: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    measures: tuple[str, ...] = MEASURES

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return ("usage_date", "account_id", *self.dimensions, "currency")


COST_BY_TEAM, COST_BY_METER = "cost_by_team", "cost_by_meter"
AGGREGATES = {
    "cost_by_model": Aggregate(("provider", "model")),
    "cost_by_provider": Aggregate(("provider",)),
    "cost_by_surface": Aggregate(("provider", "surface")),
    "cost_by_user": Aggregate(("provider", "user_key"), labels=("user_email", "user_name")),
    "cost_by_account": Aggregate(labels=("tenant_id",)),
    "cost_by_resource": Aggregate(("provider", "product_id", "workspace_id", "resource_id")),
    COST_BY_TEAM: Aggregate(("provider", "team", "cost_centre")),
    COST_BY_METER: Aggregate(("provider", "model", "meter"), measures=("cost", "cost_usd")),
}
PRICE_VARIANCE = "price_variance"
COST_DEPENDENTS = (*AGGREGATES, PRICE_VARIANCE)
