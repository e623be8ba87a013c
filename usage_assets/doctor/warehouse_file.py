"""Examine the warehouse file: its size, whether it opens, and whether this program can use its tables.

The file is opened read-only, and only if no run uses it. `doctor` never waits; a run that starts meanwhile waits.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.filesize import decimal

from usage_assets.doctor.findings import Finding, fail, ok
from usage_assets.doctor.held_locks import kept_free
from usage_assets.truto.display_text import truncate
from usage_assets.warehouse.schema import read_columns
from usage_assets.warehouse.versions import (
    WAY_OUT,
    SchemaVersion,
    current_version,
    held_version,
    is_current,
    missing_parts,
)

SUBJECT = "warehouse"
MAX_LISTED_LENGTH = 500
CONFLICT = "Could not set lock on file"


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
            held = held_version(connection)
            missing = missing_parts(read_columns(connection)) if is_current(held) else []
    except duckdb.Error as error:
        return unreadable_finding(path, size, str(error))
    return schema_finding(path, size, held, missing)


def schema_finding(path: Path, size: int, held: SchemaVersion | None, missing: list[str]) -> Finding:
    """Return whether this program can use the tables of a file that opens.

    Args:
        path: The file.
        size: Its size in bytes.
        held: The schema version of the file, None if it has no tables.
        missing: The tables and columns that the file lacks although it has the present version.
    """
    file, present = f"{path} ({decimal(size)})", current_version().number
    if held is None:
        return ok(SUBJECT, f"{file} opens and has no tables yet; the first derive run creates them")
    if held.number > present:
        newer = f"{file} has schema version {held.number} and this usage-assets knows versions up to {present}"
        return fail(SUBJECT, f"{newer}: install the newer usage-assets that wrote it")
    if missing:
        lacking = truncate(", ".join(missing), MAX_LISTED_LENGTH)
        return fail(SUBJECT, f"{file} has schema version {held.number} but lacks {lacking}: {WAY_OUT}")
    if not is_current(held):
        return ok(SUBJECT, f"{file} has schema version {held.number}; the next run brings its tables up to date")
    return ok(SUBJECT, f"{file} opens and has schema version {held.number} with every table and column")


def unreadable_finding(path: Path, size: int, reason: str) -> Finding:
    """Return the failure for a file that DuckDB cannot open, with the first line of DuckDB's error."""
    first = reason.partition("\n")[0]
    remedy = "close that program" if CONFLICT in first else WAY_OUT
    return fail(SUBJECT, f"{path} ({decimal(size)}) cannot be opened ({first}): {remedy}")
