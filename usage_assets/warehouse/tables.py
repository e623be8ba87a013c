"""List the tables of the warehouse, in the order of the documents."""

from __future__ import annotations

from usage_assets.warehouse.aggregates import COST_DEPENDENTS

ACTIVITY_BY_USER, SEATS = "activity_by_user", "seats"
SPEND_PROJECTION, SPEND_ANOMALIES, BUDGET_STATUS = "spend_projection", "spend_anomalies", "budget_status"
INSIGHTS = (SPEND_PROJECTION, SPEND_ANOMALIES, BUDGET_STATUS)
"""The tables that statistics give, from the aggregates and coverage."""

TABLES = (
    "accounts",
    "users",
    "usage",
    "cost",
    *COST_DEPENDENTS,
    "coverage",
    ACTIVITY_BY_USER,
    SEATS,
    *INSIGHTS,
    "prices",
    "exchange_rates",
    "loads",
    "restatements",
    "rejected_rows",
)
BOOKKEEPING = (
    "applied_files",
    "ignored_days",
    "stale_days",
    "long_spans",
    "user_observations",
    "active_users",
    "user_lists",
    "listed_users",
    "seat_rules",
    "replaced_windows",
    "cost_before",
    "load_findings",
    "cost_findings",
    "outside_rows",
    "windows_set_aside",
    "budget_costs",
    "unusual_days",
    "judged_days",
    "publications",
    "coverage_inputs",
    "shown_currencies",
    "schema_version",
)

MONTHLY_TABLES = {
    "usage": "usage_date",
    "cost": "usage_date",
    **dict.fromkeys(COST_DEPENDENTS, "usage_date"),
    "coverage": "usage_date",
    ACTIVITY_BY_USER: "usage_date",
    SEATS: "month",
    SPEND_PROJECTION: "usage_date",
    BUDGET_STATUS: "usage_date",
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
    SPEND_ANOMALIES: "first_day",
}
"""Published tables with one file, and the column of their days, if they have one."""

NOT_PUBLISHED = {"usage": ("usage_json",)}
"""Columns that are not published: the raw `usage` objects are larger than all other columns together."""
