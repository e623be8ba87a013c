"""Finds the `.sql` files: one statement each, parameters bound by name."""

from __future__ import annotations

from functools import cache
from importlib import resources

TABLES = (
    "accounts",
    "users",
    "usage",
    "cost",
    "cost_by_model",
    "cost_by_provider",
    "cost_by_surface",
    "cost_by_user",
    "cost_by_account",
    "price_variance",
    "prices",
    "loads",
    "restatements",
    "rejected_rows",
)
AGGREGATES = tuple(table for table in TABLES if table.startswith("cost_by_"))
COST_DEPENDENTS = (*AGGREGATES, "price_variance")
BOOKKEEPING = (
    "stale_days",
    "long_spans",
    "user_observations",
    "replaced_windows",
    "cost_before",
    "load_findings",
    "cost_findings",
)
COST_FINDINGS = (
    "unpriced_models",
    "components_that_disagree",
    "unknown_charge_types",
    "bill_and_tokens_twice",
    "currencies_without_rate",
    "stale_rates",
)
LAST_DAY_OF = "stale/macro_last_day"
LOAD_MACROS = (
    "load/macro_read_lines",
    "load/macro_row_of",
    "load/macro_read_row",
    "load/macro_trimmed",
    "load/macro_utc_moment",
    "load/macro_exclusive_end",
    "load/macro_read_count",
    "load/macro_first_count",
    "load/macro_first_text",
    "load/macro_count_in_usage",
    "load/macro_count_elsewhere",
    "load/macro_has_unreadable_count",
)
COST_MACROS = (
    "cost/macro_units",
    "cost/macro_from_units",
    "cost/macro_day_share",
    "cost/macro_converted_part",
    "cost/macro_converted",
)


@cache
def statement(name: str) -> str:
    """Returns the text of `sql/{name}.sql`."""
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
