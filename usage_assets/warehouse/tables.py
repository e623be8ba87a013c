"""List the tables of the warehouse, in the order of the documents."""

from __future__ import annotations

from usage_assets.warehouse.aggregates import COST_DEPENDENTS

TABLES = (
    "accounts",
    "users",
    "usage",
    "cost",
    *COST_DEPENDENTS,
    "prices",
    "exchange_rates",
    "loads",
    "restatements",
    "rejected_rows",
)
BOOKKEEPING = (
    "ignored_days",
    "stale_days",
    "long_spans",
    "user_observations",
    "replaced_windows",
    "cost_before",
    "load_findings",
    "cost_findings",
    "outside_rows",
    "windows_set_aside",
    "publications",
    "shown_currencies",
    "schema_version",
)

MONTHLY_TABLES = {
    "usage": "usage_date",
    "cost": "usage_date",
    **dict.fromkeys(COST_DEPENDENTS, "usage_date"),
    "restatements": "window_start",
}
"""Published tables with one file per month, and the column that determines the month."""

WHOLE_TABLES = {
    "accounts": None,
    "users": None,
    "loads": "window_start",
    "prices": "usage_date",
    "exchange_rates": "usage_date",
    "rejected_rows": "window_start",
}
"""Published tables with one file, and the column of their days, if they have one."""

NOT_PUBLISHED = {"usage": ("usage_json",)}
"""Columns that are not published: the raw `usage` objects are larger than all other columns together."""
