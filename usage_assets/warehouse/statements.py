"""Run the `.sql` files: one statement each, with named parameters and with handles of the temporary tables it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, ClassVar

import duckdb

from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.tables import TABLES

COST_FINDINGS = (
    "unpriced_models",
    "unread_price_contexts",
    "unpriced_meters",
    "unknown_charge_types",
    "bill_and_tokens_twice",
    "currencies_without_rate",
    "stale_rates",
    "same_usage_in_two_accounts",
)
CHARGE_FINDINGS = ("reductions_of_the_other_sign", "components_that_disagree")
MACROS = (
    "load/macro_read_lines",
    "load/macro_row_of",
    "load/macro_shape_of",
    "load/macro_has_read_tokens",
    "load/macro_has_tokens",
    "load/macro_trimmed",
    "load/macro_utc_moment",
    "load/macro_utc_offset",
    "load/macro_exclusive_end",
    "load/macro_has_minor_unit",
    "load/macro_in_whole_units",
    "load/macro_read_counts",
    "load/macro_with_sums",
    "load/macro_quantities_at",
    "load/macro_with_parts",
    "load/macro_separate_counts",
    "load/macro_has_parts_beyond_whole",
    "load/macro_without_zeros",
    "load/macro_tokens_of",
    "load/macro_sum_of",
    "load/macro_sum_of_amounts",
    "load/macro_largest_count",
    "load/macro_meters_of",
    "load/macro_has_unreadable_count",
    "charges/macro_is_component",
    "charges/macro_charge_rule",
    "charges/macro_counting_currency",
    "charges/macro_lessened",
    "charges/macro_billed_cost",
    "charges/macro_list_cost",
    "charges/macro_is_among",
    "cost/macro_units",
    "cost/macro_from_units",
    "cost/macro_day_share",
    "cost/macro_converted_part",
    "cost/macro_converted",
    "cost/macro_metered_cost",
    "cost/macro_proportion",
    "cost/macro_token_column",
    "cost/macro_parts_of",
    "cost/macro_distinct_ids",
    "cost/macro_single_id",
    "allocation/macro_share_of_rule",
    "budgets/macro_is_in_scope",
    "prices/macro_uncached_meter",
    "activity/macro_object_count",
    "activity/macro_activity_shape",
    "activity/macro_numbers_in",
)

AGGREGATE = re.compile(r"\baggregate\b")
COMMENTS_AND_TEXTS = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
COMMON_TABLE = re.compile(r"\b(\w+) as (?:not )?(?:materialized )?\(")
RELATION = re.compile(r"(?<!distinct )\b(?:from|join|into|update)\s+(\w+)\b(?!\s*[.(])")


@dataclass(frozen=True)
class TempTable:
    """The handle of a temporary table or view, returned by the one function that creates it.

    A caller passes the handle of each temporary table that a statement reads. So the signature of a function shows
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
        parameters: Values of the statement's parameters; values of other names are ignored.

    Returns:
        The connection, which holds the result.

    Raises:
        AssertionError: The statement does not read exactly the temporary tables in `inputs`.
    """
    return _run(connection, name, statement(name), inputs, parameters)


def execute_on(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, /, *inputs: TempTable, **parameters: Any
) -> duckdb.DuckDBPyConnection:
    """Run `sql/{name}.sql` with `table` in place of the word `aggregate`."""
    return _run(connection, name, statement_on(table, name), inputs, parameters)


def _run(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    text: str,
    inputs: tuple[TempTable, ...],
    parameters: dict[str, Any],
) -> duckdb.DuckDBPyConnection:
    given = {table.name for table in inputs}
    if given != temp_tables_in(name):
        raise AssertionError(f"{name}.sql reads {sorted(temp_tables_in(name))}, but was given {sorted(given)}")
    [parsed] = connection.extract_statements(text)
    return connection.execute(parsed, {key: parameters[key] for key in parsed.named_parameters if key in parameters})


@cache
def statement(name: str) -> str:
    """Return the text of `sql/{name}.sql`."""
    return resources.files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def statement_on(table: str, name: str) -> str:
    """Return the text of `sql/{name}.sql` with `table`, which depends on cost, in place of the word `aggregate`."""
    if table not in COST_DEPENDENTS:
        raise AssertionError(f"{table} is no table that depends on cost")
    return AGGREGATE.sub(table, statement(name))


@cache
def temp_tables_in(name: str) -> frozenset[str]:
    """Return the relations that a statement reads, without tables of the file and its own `with` clauses.

    DuckDB names the relations of a statement only after parameters are bound, so this function parses the text.
    """
    text = COMMENTS_AND_TEXTS.sub(" ", statement(name))
    return frozenset(RELATION.findall(text)).difference(COMMON_TABLE.findall(text), TABLES, ["aggregate"])


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every macro of `sql/`, for the lifetime of the connection."""
    connection.execute(";".join(map(statement, MACROS)))
