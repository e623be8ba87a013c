"""A statement reads exactly the temporary tables that its caller passes, and the parameters that it names."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.stale_days import create_days, create_start_days, record_stale_days, stale_days
from usage_assets.warehouse.statements import MACROS, execute, statement, temp_tables_in

DAY = date(2026, 6, 10)
SQL = Path(__file__).parents[2] / "usage_assets" / "warehouse" / "sql"
STATEMENTS = sorted(str(file.relative_to(SQL).with_suffix("")) for file in SQL.rglob("*.sql"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "usage.duckdb")


def test_a_statement_without_a_temp_table_that_it_reads_is_refused(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        create_days(connection, [DAY])

        with pytest.raises(AssertionError, match=r"cost/delete.sql reads \['days'\], but was given \[\]"):
            execute(connection, "cost/delete")


def test_a_temp_table_that_a_statement_does_not_read_is_refused(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        days = create_days(connection, [DAY])

        with pytest.raises(AssertionError, match=r"reads \['days'\], but was given \['days', 'start_days'\]"):
            execute(connection, "cost/delete", days, create_start_days(connection, days))


def test_a_parameter_that_a_statement_does_not_name_is_left_out(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        record_stale_days(connection, ["cost"], [DAY])

        found = execute(connection, "stale/days", table="cost", default_lag=3).fetchall()

    assert found == [(DAY,)]


def test_a_parameter_that_is_missing_is_an_error(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection, pytest.raises(duckdb.InvalidInputException):
        execute(connection, "stale/days")


def test_a_day_recorded_twice_is_stale_once(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        record_stale_days(connection, ["cost"], [DAY, DAY])
        record_stale_days(connection, ["cost"], [DAY])

        assert stale_days(connection, "cost") == {DAY}
        assert connection.execute("select count(*) from bookkeeping.stale_days").fetchall() == [(1,)]


def test_names_in_comments_texts_and_with_clauses_are_no_temp_tables() -> None:
    assert temp_tables_in("findings/components_that_disagree") == {"charge_sums", "days", "row_costs"}
    assert temp_tables_in("invariants/broken_splits") == {"row_costs"}
    assert temp_tables_in("aggregates/cost_lines") == {"days"}


@pytest.mark.parametrize("name", [name for name in STATEMENTS if not name.startswith("schema/")])
def test_a_file_holds_one_statement(name: str) -> None:
    assert len(duckdb.extract_statements(statement(name))) == 1


def test_every_macro_is_created_when_a_connection_opens() -> None:
    assert sorted(MACROS) == [name for name in STATEMENTS if "/macro_" in name]
