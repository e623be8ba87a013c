"""Examine the warehouse file: its size, whether it opens, and whether this program can use its tables.

The file is opened read-only, and its lock is observed and not taken: nothing waits, nothing changes.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.filesize import decimal

from usage_assets.doctor.findings import Finding, fail, ok
from usage_assets.doctor.held_locks import kept_free
from usage_assets.warehouse.tables import BOOKKEEPING, TABLES

SUBJECT = "warehouse"
CONFLICT = "Could not set lock on file"
WAY_OUT = "run `usage-assets rebuild`, which moves that file aside and loads every landed window into a new one"


def warehouse_finding(path: Path, lock: Path) -> Finding:
    """Return the state of the warehouse file.

    Args:
        path: The DuckDB file.
        lock: Its lock file. While a run holds it, the file is not opened.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return ok(SUBJECT, f"{path} does not exist yet; the first derive run creates it")
    with kept_free(lock) as holder:
        if holder is not None:
            return ok(SUBJECT, f"{path} ({decimal(size)}) is in use by process {holder.process} and was not opened")
        return _opened_finding(path, size)


def _opened_finding(path: Path, size: int) -> Finding:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            missing = missing_tables(connection)
    except duckdb.Error as error:
        return unreadable_finding(path, size, str(error))
    return schema_finding(path, size, missing)


def missing_tables(connection: duckdb.DuckDBPyConnection) -> list[str] | None:
    """Return the tables that the open file lacks, or None if it has no table at all."""
    held = {name for _, _, name, *_ in connection.execute("show all tables").fetchall()}
    return [table for table in (*TABLES, *BOOKKEEPING) if table not in held] if held else None


def schema_finding(path: Path, size: int, missing: list[str] | None) -> Finding:
    """Return whether this program can use the tables of a file that opens."""
    file = f"{path} ({decimal(size)})"
    if missing is None:
        return ok(SUBJECT, f"{file} opens and has no tables yet; the first derive run creates them")
    if missing:
        return fail(SUBJECT, f"{file} lacks {', '.join(missing)}: {WAY_OUT}")
    return ok(SUBJECT, f"{file} opens and has every table")


def unreadable_finding(path: Path, size: int, reason: str) -> Finding:
    """Return what to do about a file that DuckDB does not open, by the first line of DuckDB's reason."""
    first = reason.partition("\n")[0]
    remedy = "close that program" if CONFLICT in first else WAY_OUT
    return fail(SUBJECT, f"{path} ({decimal(size)}) cannot be opened ({first}): {remedy}")
