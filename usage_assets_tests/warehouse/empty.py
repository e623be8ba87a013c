"""An empty warehouse file, created once per process: a test that starts from a copy saves most of its time."""

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


def connect_to(path: Path, threads: int) -> duckdb.DuckDBPyConnection:
    """Opens the file at `path`; one that does not exist starts as an empty warehouse."""
    if not path.exists():
        path.write_bytes(empty_warehouse())
    return duckdb.connect(str(path), config={"threads": threads})


def fill_with_empty_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Gives a database in memory the tables of an empty warehouse; `folder` takes a file that can go afterwards."""
    template = folder / "empty.duckdb"
    template.write_bytes(empty_warehouse())
    connection.execute(f"attach '{template}' as template (read_only)")
    connection.execute("copy from database template to memory")
    connection.execute("detach template")
