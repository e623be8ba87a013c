"""An empty warehouse file, created once per process; tests start from a copy, which saves most of their time."""

import tempfile
from functools import cache
from pathlib import Path

import duckdb

from usage_assets.warehouse.connection import Warehouse


@cache
def empty_warehouse() -> bytes:
    """The content of the file that the first transaction creates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.duckdb"
        with Warehouse(path).transaction():
            pass
        return path.read_bytes()


def copy_empty(path: Path) -> None:
    """Write an empty warehouse to `path`."""
    path.write_bytes(empty_warehouse())


def connect_to(path: Path, threads: int) -> duckdb.DuckDBPyConnection:
    """Open the file at `path`."""
    return duckdb.connect(str(path), config={"threads": threads})


def fill_with_empty_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Create the tables of an empty warehouse in a database in memory; `folder` is for a temporary file."""
    template = folder / "empty.duckdb"
    template.write_bytes(empty_warehouse())
    connection.execute(f"attach '{template}' as template (read_only)")
    connection.execute("copy from database template to memory")
    connection.execute("detach template")
