"""Name the tables of the warehouse, in the order in which documents list them."""

from __future__ import annotations

from usage_assets.warehouse.aggregates import COST_DEPENDENTS

TABLES = (
    "accounts",
    "users",
    "usage",
    "cost",
    *COST_DEPENDENTS,
    "prices",
    "loads",
    "restatements",
    "rejected_rows",
)
BOOKKEEPING = (
    "stale_days",
    "long_spans",
    "user_observations",
    "replaced_windows",
    "cost_before",
    "load_findings",
    "cost_findings",
    "schema_version",
)
