"""List the origins of each column of a table, as `table.column`; fields of the API belong to `raw_usage`.

`docs/tables.md` and the SQL statements define how a column is computed.
"""

from __future__ import annotations

from usage_assets.allocation.rules import DIMENSIONS
from usage_assets.warehouse.aggregates import AGGREGATES, COUNTS, MONEY, Aggregate
from usage_assets.warehouse.tables import ACTIVITY_BY_USER, BUDGET_STATUS, SEATS, SPEND_ANOMALIES, SPEND_PROJECTION

Origins = dict[str, list[str]]

CHARGES = ["usage.charges"]
METERS = ["usage.meters"]
RESOURCES = ["usage.resources"]
UNIT_PRICES = ["prices.unit_price"]


def _same(table: str, *columns: str) -> Origins:
    return {column: [f"{table}.{column}"] for column in columns}


USAGE = {
    "row_id": ["raw_usage.id"],
    "usage_date": ["raw_usage.start_date"],
    "last_day": ["raw_usage.end_date"],
    "start_at": ["raw_usage.start_date"],
    "end_at": ["raw_usage.end_date"],
    "metric_name": ["raw_usage.metric_name"],
    "product_id": ["raw_usage.product.id"],
    "product_name": ["raw_usage.product.name"],
    "organization_id": ["raw_usage.organization.id"],
    "organization_name": ["raw_usage.organization.name"],
    "user_id": ["raw_usage.user.id"],
    "user_email": ["raw_usage.user.email"],
    "user_name": ["raw_usage.user.name"],
    "user_key": ["raw_usage.user.email", "raw_usage.user.id"],
    "provider": ["raw_usage.model.provider"],
    "model_id": ["raw_usage.model.id"],
    "model": ["raw_usage.model.id"],
    "surface": ["raw_usage.surface"],
    "quantity": ["raw_usage.usage.quantity"],
    "unit": ["raw_usage.usage.unit"],
    **{
        f"{count}_tokens": ["raw_usage.usage"]
        for count in ("input", "cached_input", "cache_write", "output", "reasoning")
    },
    "requests": ["raw_usage.usage"],
    "sessions": ["raw_usage.usage"],
    "price_context": ["raw_usage.remote_data"],
    "meters": ["raw_usage.usage", "raw_usage.model.id"],
    "is_covered": ["raw_usage.remote_data"],
    "usage_json": ["raw_usage.usage"],
    "charges": ["raw_usage.charges"],
    "resources": ["raw_usage.resources"],
    "created_at": ["raw_usage.created_at"],
    "updated_at": ["raw_usage.updated_at"],
}
PRICES = {
    **_same("usage", "provider", "price_context", "usage_date"),
    "model": METERS,
    "meter": METERS,
}
COST = {
    **_same("usage", "usage_key", "account_id", "integration", "report", "window_start", "row_id", "provider", "model"),
    **_same("usage", "surface", "user_key", "product_id", "metric_name", "organization_id", "price_context"),
    **_same("usage", *COUNTS, "sessions"),
    "workspace_id": RESOURCES,
    "resource_id": RESOURCES,
    "part": METERS,
    "usage_date": ["usage.usage_date", "usage.last_day"],
    "currency": CHARGES,
    "cost": [*CHARGES, *METERS, *UNIT_PRICES],
    "billed_cost": CHARGES,
    "estimated_cost": [*METERS, *UNIT_PRICES],
    "estimated_cost_usd": [*METERS, *UNIT_PRICES],
    "list_cost": CHARGES,
    "tax": CHARGES,
    "cost_usd": [*CHARGES, *METERS, *UNIT_PRICES],
    "cost_basis": [*CHARGES, *METERS, *UNIT_PRICES, "usage.is_covered"],
    "cost_rule": CHARGES,
    "allocation": ["usage.usage_date", "usage.last_day"],
    "is_provisional": ["usage.window_end", "usage.fetched_at"],
    "price_book": ["prices.price_book"],
}


ALLOCATED = ("team", "cost_centre")
ALLOCATED_BY = [f"cost.{name}" for name in DIMENSIONS]
COVERAGE = {
    **_same("usage", "account_id", "integration"),
    "usage_date": ["usage.window_start", "usage.window_end"],
    "state": ["usage.window_start", "usage.window_end", "usage.fetched_at"],
    "landed_at": ["usage.fetched_at"],
}
CAUSE_NAMES = ("account_id", "provider", "model", "surface", "user_key")
LABELS_FROM_USAGE = ("user_email", "user_name")


def _aggregate(aggregate: Aggregate) -> Origins:
    of_cost = (column for column in aggregate.key if column not in ALLOCATED)
    return {
        **_same("cost", *of_cost, "integration", *MONEY, *COUNTS),
        **{column: [f"cost.{name}" for name in DIMENSIONS] for column in aggregate.key if column in ALLOCATED},
        **_same("usage", *(label for label in aggregate.labels if label in LABELS_FROM_USAGE)),
        "provisional_cost": ["cost.cost", "cost.is_provisional"],
        "usage_rows": ["cost.usage_key"],
        "unpriced_rows": ["cost.cost_basis"],
        "unconverted_rows": ["cost.cost_basis", "cost.cost_usd"],
    }


PROJECTED = ["cost.cost_usd", "cost.allocation", "coverage.state"]
PROJECTION = {
    "usage_date": ["coverage.usage_date"],
    "scope_key": ["cost.account_id", "cost.provider", "cost.model", "cost.user_key", "cost_by_team.team"],
    "month": ["coverage.usage_date"],
    "complete_through": ["coverage.usage_date", "coverage.state"],
    "month_to_date": ["cost.cost_usd", "coverage.state"],
    **dict.fromkeys(("projected", "low", "high"), PROJECTED),
    "reason": ["cost.usage_date", "coverage.state"],
}


BUDGETED = ["cost.cost", "cost.cost_usd", "cost.currency", *ALLOCATED_BY, "coverage.state"]
BUDGETS = {
    "usage_date": ["coverage.usage_date"],
    "complete_through": ["coverage.usage_date", "coverage.state"],
    **dict.fromkeys(("spent", "share", "crossed"), BUDGETED),
    **{column: [*BUDGETED, "cost.allocation"] for column in ("projected", "low", "high", "spent_on")},
    "reason": ["cost.usage_date", "coverage.state"],
}


LINEAGE: dict[str, Origins] = {
    "usage": USAGE,
    "prices": PRICES,
    "cost": COST,
    **{table: _aggregate(aggregate) for table, aggregate in AGGREGATES.items()},
    "cost_by_meter": {
        **_same("cost", "usage_date", "account_id", "integration", "provider", "model", "currency"),
        "meter": METERS,
        "quantity": METERS,
        "cost": ["cost.cost", *METERS, *UNIT_PRICES],
        "cost_usd": ["cost.cost_usd", *METERS, *UNIT_PRICES],
        "list_price_cost_usd": [*METERS, *UNIT_PRICES],
        "cache_savings_usd": [*METERS, *UNIT_PRICES],
    },
    ACTIVITY_BY_USER: {
        **_same("usage", "usage_date", "account_id", "integration", "provider", "surface", "user_key"),
        "metric": ["usage.usage_json"],
        "value": ["usage.usage_json"],
    },
    SEATS: {
        "user_id": ["raw_users.id"],
        "user_key": ["raw_users.emails", "raw_users.id"],
        "user_email": ["raw_users.emails"],
        "user_name": ["raw_users.name"],
        "status": ["raw_users.status"],
        "role": ["raw_users.roles"],
        "seat_type": ["raw_users.remote_data"],
        "spend_limit": ["raw_users.spend_limit.amount"],
        "spend_limit_currency": ["raw_users.spend_limit.currency"],
        "last_active_on": ["raw_users.last_active_at", "usage.usage_date", "activity_by_user.value"],
        "is_idle": ["raw_users.last_active_at", "raw_users.created_at", "usage.usage_date", "activity_by_user.value"],
    },
    SPEND_ANOMALIES: {
        "account_id": ["cost.account_id"],
        "scope_key": ["cost.account_id", "cost_by_team.team", "cost.surface", "cost.model", "cost.user_key"],
        "provider": ["cost.provider"],
        **{column: ["cost.usage_date", "cost.cost_usd"] for column in ("first_day", "last_day")},
        **{column: ["cost.cost_usd"] for column in ("kind", "expected", "actual", "excess", "score", "status")},
        "causes": [f"cost.{column}" for column in (*CAUSE_NAMES, "cost_usd")],
    },
    "price_variance": {
        **_same("cost", "usage_date", "account_id", "integration", "provider", "model", "currency"),
        **_same("cost", "billed_cost", "list_cost", "estimated_cost"),
        "cost_rows": ["cost.usage_key"],
        "variance": ["cost.billed_cost", "cost.estimated_cost"],
        "billed_per_estimated": ["cost.billed_cost", "cost.estimated_cost"],
    },
    "coverage": COVERAGE,
    SPEND_PROJECTION: PROJECTION,
    BUDGET_STATUS: BUDGETS,
}
