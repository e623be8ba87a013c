"""The last publication, by which a warehouse file that was removed or replaced is noticed.

Each publication has a name. The warehouse file holds it, and so does the landing folder. A file of another publication
than the last one, as from a backup, may lack windows that are no longer pending; every landed window is compared then.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from usage_assets.landing.store import Landing
from usage_assets.landing.whole_files import write_whole
from usage_assets.locks import LockHeld
from usage_assets.user_files.seat_prices import SeatRules
from usage_assets.warehouse.connection import READING_WAIT_SECONDS, Warehouse
from usage_assets.warehouse.errors import NothingLoaded, ShrunkMonth
from usage_assets.warehouse.seats import has_new_seat_rules
from usage_assets.warehouse.stale_days import LOADED, stale_days
from usage_assets.warehouse.statements import execute

COMPARED = "usage"
"""The table whose published rows must not become fewer: every other one is derived from it."""


def name_publication(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the publication of this transaction a name of its own."""
    execute(connection, "publications/delete")
    execute(connection, "publications/insert")


def last_publication(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the name of the last publication of the open file, None if there is none."""
    names = execute(connection, "publications/last").fetchall()
    return str(names[0][0]) if names else None


def record_publication(landing: Landing, publication: str | None) -> None:
    """Keep the name of the last publication in the landing folder."""
    landing.root.mkdir(parents=True, exist_ok=True)
    write_whole(_recorded(landing), (publication or "").encode())


def is_behind(connection: duckdb.DuckDBPyConnection, landing: Landing) -> bool:
    """Return whether the open file may lack landed windows that are not pending, because it was not published last."""
    return (last_publication(connection) or "") != _recorded_publication(landing)


def needs_derive(
    warehouse: Warehouse,
    landing: Landing,
    published: Path,
    seat_rules: SeatRules | None = None,
    *,
    wait_seconds: float = READING_WAIT_SECONDS,
) -> bool:
    """Return whether a derive run is needed although no window is pending.

    That is so if windows have landed, and the warehouse file is missing, empty or not the one that was published last,
    or nothing is published, or seats are derived by other rules. While another process writes the file, that process
    decides.

    Raises:
        WarehouseUnreadable: The file cannot be opened.
        NewerWarehouse: A newer program wrote the file.
    """
    if not warehouse.exists() or not (published / "current").exists():
        return bool(landing.windows())
    try:
        with warehouse.reading(wait_seconds=wait_seconds) as connection:
            has_new_rules = seat_rules is not None and has_new_seat_rules(connection, seat_rules)
            return has_new_rules or is_behind(connection, landing)
    except NothingLoaded:
        return bool(landing.windows())
    except LockHeld:
        return False


def published_rows(connection: duckdb.DuckDBPyConnection, generation: Path) -> dict[str, int] | None:
    """Return the rows of each month of `usage` in a published generation, None if a file of it is damaged."""
    files = [str(file) for file in (generation / COMPARED).glob("*.parquet")]
    if not files:
        return {}
    try:
        # A statement of another connection, because one that fails ends the transaction of its own.
        rows = execute(connection.cursor(), "publications/published_rows", files=files).fetchall()
    except duckdb.Error:
        return None
    return {Path(file).stem: count for file, count in rows}


def refuse_fewer_rows(connection: duckdb.DuckDBPyConnection, before: Mapping[str, int], current: Path) -> None:
    """Refuse to publish fewer rows of `usage` in a month, unless a window of that month was loaded since.

    Args:
        connection: A connection inside a transaction.
        before: The published rows of each month.
        current: The link to the published generation, for the error.

    Raises:
        ShrunkMonth: A month has fewer rows.
    """
    now = dict(execute(connection, "publications/usage_rows").fetchall())
    loaded = {f"{day:%Y-%m}" for day in stale_days(connection, LOADED)}
    for month, rows in sorted(before.items()):
        left = now.get(month, 0)
        if left < rows and month not in loaded:
            raise ShrunkMonth(
                f"The published table {COMPARED} has {rows} rows of {month}, and the warehouse has {left}, although no "
                "changed window of that month was loaded since, so nothing was published: run `usage-assets sync` "
                "again, which fetches damaged windows, or `usage-assets rebuild`, or remove "
                f"{current} to publish the fewer rows."
            )


def refuse_lacking_windows(connection: duckdb.DuckDBPyConnection, before: Mapping[str, int], current: Path) -> None:
    """Refuse to publish a published month without a window of it that was damaged and is not fetched again yet.

    A warehouse that was loaded before the damage still holds the window's rows, and is published.

    Args:
        connection: A connection inside a transaction.
        before: The published rows of each month.
        current: The link to the published generation, for the error.

    Raises:
        ShrunkMonth: The warehouse lacks such a window.
    """
    for month, account_id, day in execute(connection, "publications/lacking_windows").fetchall():
        if before.get(month, 0):
            raise ShrunkMonth(
                f"The landing file of account {account_id} for {day} was damaged, and the warehouse holds no earlier "
                "load of it, so nothing was published: run `usage-assets sync`, which fetches that window again, or "
                f"remove {current} to publish without it."
            )


def _recorded(landing: Landing) -> Path:
    return landing.root / "publication"


def _recorded_publication(landing: Landing) -> str:
    try:
        return _recorded(landing).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
