"""The metadata of each table for the UI: its columns, with their meaning and origins."""

import pytest

from usage_assets.defs.metadata import documented
from usage_assets.defs.naming import Naming
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.lineage import LINEAGE
from usage_assets.warehouse.schema import columns_of
from usage_assets.warehouse.tables import ACTIVITY_BY_USER, SEATS, TABLES

PAIRS = [
    (table, column, origin) for table, lines in LINEAGE.items() for column, all_ in lines.items() for origin in all_
]
NOT_FROM_COLUMNS = {  # origins outside the tables: the central bank, files, the account list, the request
    "usage": {
        "usage_key",
        "account_id",
        "integration",
        "report",
        "window_start",
        "window_end",
        "file_row",
        "fetched_at",
    },
    "prices": {"matched_model", "unit_price", "is_context_priced", "price_book"},
    "cost": {"fx_rate", "fx_date", "fx_stale"},
    "cost_by_account": {"tenant_id"},
    "activity_by_user": {"is_maximum"},
    "seats": {
        "account_id",
        "month",
        "integration",
        "first_seen_on",
        "last_seen_on",
        "left_on",
        "monthly_price",
        "currency",
    },
}


def names_of(table: str) -> set[str]:
    return {column.name for column in columns_of(table)}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    assert [column.name for column in columns_of(table) if not column.meaning] == []


@pytest.mark.parametrize("table", ["usage", "prices", "cost", *COST_DEPENDENTS, ACTIVITY_BY_USER, SEATS])
def test_every_column_says_where_it_comes_from(table: str) -> None:
    assert names_of(table) - set(LINEAGE[table]) == NOT_FROM_COLUMNS.get(table, set())


@pytest.mark.parametrize(("table", "column", "origin"), PAIRS)
def test_an_origin_is_a_column_that_exists(table: str, column: str, origin: str) -> None:
    source, _, name = origin.partition(".")

    assert column in names_of(table)
    assert source in {"raw_usage", "raw_users"} or name in names_of(source)


def test_the_ui_shows_columns_meaning_and_lineage() -> None:
    metadata = documented("cost_by_model", Naming())

    [cost] = [column for column in metadata["dagster/column_schema"].columns if column.name == "cost"]
    [dep] = metadata["dagster/column_lineage"].deps_by_column["cost"]
    assert cost.description == "sum of `cost.cost`, in `currency`; NULL where every row's is NULL (from cost.cost)"
    assert (dep.asset_key.to_user_string(), dep.column_name) == ("cost", "cost")
