"""Run the `.sql` files: one statement each, parameters bound by name, temporary tables handed in by their handles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, ClassVar

import duckdb

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
    "unknown_charge_types",
    "bill_and_tokens_twice",
    "currencies_without_rate",
    "stale_rates",
)
MACROS = (
    "stale/macro_last_day",
    "load/macro_read_lines",
    "load/macro_row_of",
    "load/macro_read_row",
    "load/macro_trimmed",
    "load/macro_utc_moment",
    "load/macro_exclusive_end",
    "load/macro_read_count",
    "load/macro_counts_at",
    "load/macro_has_unreadable_count",
    "charges/macro_is_component",
    "charges/macro_charge_rule",
    "charges/macro_billed_cost",
    "cost/macro_units",
    "cost/macro_from_units",
    "cost/macro_day_share",
    "cost/macro_converted_part",
    "cost/macro_converted",
)

COMMENTS_AND_TEXTS = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
COMMON_TABLE = re.compile(r"\b(\w+) as (?:not )?(?:materialized )?\(")
RELATION = re.compile(r"(?<!distinct )\b(?:from|join|into|update)\s+(\w+)\b(?!\s*[.(])")


@dataclass(frozen=True)
class TempTable:
    """The handle of a temporary table or view, returned by the one function that creates it.

    A statement reads a temporary table only if its caller hands in the handle. So the signature of a function shows
    which temporary tables it reads.
    """

    name: ClassVar[str]


def execute(
    connection: duckdb.DuckDBPyConnection, name: str, /, *inputs: TempTable, **parameters: Any
) -> duckdb.DuckDBPyConnection:
    """Run `sql/{name}.sql`.

    Args:
        connection: An open connection.
        name: The statement's path below `sql/`, without suffix.
        inputs: The handles of all temporary tables that the statement reads.
        parameters: Values for the statement's parameters; those that it does not name are left out.

    Returns:
        The connection, which holds the result.

    Raises:
        AssertionError: The statement does not read exactly the temporary tables in `inputs`.
    """
    given = {table.name for table in inputs}
    if given != temp_tables_in(name):
        raise AssertionError(f"{name}.sql reads {sorted(temp_tables_in(name))}, but was given {sorted(given)}")
    [parsed] = connection.extract_statements(statement(name))
    return connection.execute(parsed, {key: parameters[key] for key in parsed.named_parameters if key in parameters})


@cache
def statement(name: str) -> str:
    """Return the text of `sql/{name}.sql`."""
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@cache
def temp_tables_in(name: str) -> frozenset[str]:
    """Return the relations that a statement reads and that are neither tables of the file nor its own `with` clauses.

    DuckDB names the relations of a statement only after it has bound its parameters, so this reads the text.
    """
    text = COMMENTS_AND_TEXTS.sub(" ", statement(name))
    return frozenset(RELATION.findall(text)).difference(COMMON_TABLE.findall(text), TABLES)


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every macro that a statement calls, for the lifetime of the connection."""
    connection.execute(";".join(map(statement, MACROS)))
