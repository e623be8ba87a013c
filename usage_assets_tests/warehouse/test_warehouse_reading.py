"""The warehouse, opened for reading."""

from pathlib import Path

import duckdb
import pytest

from usage_assets.locks import LockHeld
from usage_assets.warehouse.connection import Warehouse
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets_tests.lock_holder import held_elsewhere
from usage_assets_tests.warehouse.pipeline import Pipeline, charge, row


@pytest.fixture
def warehouse(pipeline: Pipeline) -> Warehouse:
    """A warehouse of one row."""
    pipeline.land([row("r1", charge("net", "1"))])
    pipeline.run()
    return pipeline.warehouse


def test_a_reading_connection_cannot_write(warehouse: Warehouse) -> None:
    with warehouse.reading() as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("delete from cost")


def test_a_reading_connection_has_utc_temporary_tables_and_macros(warehouse: Warehouse) -> None:
    with warehouse.reading() as connection:
        connection.execute("create temp table days as select trimmed(row_id) as row_id from usage")
        assert connection.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_the_wait_for_a_writer_is_bounded(warehouse: Warehouse) -> None:
    with (
        held_elsewhere(warehouse.path.parent / "warehouse" / "lock"),
        pytest.raises(LockHeld),
        warehouse.reading(wait_seconds=0.1),
    ):
        pass


def test_the_lock_is_free_after_reading(warehouse: Warehouse) -> None:
    with warehouse.reading():
        pass
    with warehouse.transaction(wait_seconds=0) as connection:
        assert connection.execute("select count(*) from cost").fetchall() == [(1,)]


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NothingLoaded), Warehouse(tmp_path / "usage.duckdb").reading():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_tables_has_nothing_loaded(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "usage.duckdb")).close()
    with pytest.raises(NothingLoaded), Warehouse(tmp_path / "usage.duckdb").reading():
        pass


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "usage.duckdb"
    path.write_text("no database " * 1000)
    with pytest.raises(OSError, match=f"The warehouse {path} cannot be opened "), Warehouse(path).reading():
        pass
