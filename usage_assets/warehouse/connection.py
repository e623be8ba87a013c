"""Opens the warehouse: lock, connection, and to write in it schema and one transaction.

What is read and written stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from usage_assets.locks import file_lock
from usage_assets.warehouse.errors import NothingLoaded
from usage_assets.warehouse.statements import BOOKKEEPING, TABLES, create_macros, statement

LOCK_WAIT_SECONDS = 900.0
READING_WAIT_SECONDS = 20.0
# What DuckDB may hold in memory before it moves temporary tables to disk, beside the file, in `usage.duckdb.tmp`:
# enough for a batch of a load, so that memory follows neither the rows of a day nor those of history.
MEMORY_LIMIT = "600MB"

Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


class Warehouse:
    """The DuckDB file at `path`, opened by `connect` and guarded by a lock beside it."""

    def __init__(self, path: Path, connect: Connect | None = None) -> None:
        self.path = path
        self._connect = connect or (lambda: duckdb.connect(str(path)))

    @contextmanager
    def transaction(self, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Gives a connection whose statements take effect together, or not at all if the block raises.

        Raises:
            LockHeld: another process wrote for longer than `wait_seconds`.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._held(wait_seconds), self._connect() as connection:
            try:
                _prepare(connection)
                connection.execute("begin")
                yield connection
                connection.execute("commit")
            finally:
                # Closing rolls back what was not committed, and frees the file even while an error is held.
                connection.close()

    @contextmanager
    def reading(self, *, wait_seconds: float = READING_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """Gives a connection that can read everything and change nothing but temporary tables of its own.

        Raises:
            NothingLoaded: there is no such file, or no table in it.
            LockHeld: another process wrote for longer than `wait_seconds`.
            OSError: the file is opened by somebody who does not keep to the lock, or is no DuckDB file.
        """
        if not self.path.exists():
            raise _nothing_loaded(self.path)
        with self._held(wait_seconds), _opened(self.path) as connection:
            if not _has_tables(connection):
                raise _nothing_loaded(self.path)
            connection.execute("set TimeZone = 'UTC'")
            create_macros(connection)
            yield connection

    def _held(self, wait_seconds: float) -> AbstractContextManager[None]:
        lock = self.path.parent / "warehouse" / "lock"
        return file_lock(lock, what=f"The warehouse {self.path}", wait_seconds=wait_seconds)


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        raise OSError(f"The warehouse {path} cannot be opened: {str(error).splitlines()[0]}") from error


def _nothing_loaded(path: Path) -> NothingLoaded:
    return NothingLoaded(f"{path} holds no usage yet: run `usage-assets sync` first.")


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set memory_limit = ?", [MEMORY_LIMIT])
    create_macros(connection)
    if not _has_tables(connection):
        connection.execute(statement("schema/bookkeeping"))
        for table in [*TABLES, *BOOKKEEPING]:
            connection.execute(statement(f"schema/{table}"))


def _has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    # The last one is made last. Asking DuckDB which tables there are would take as long as making them.
    try:
        connection.execute(f"select 1 from bookkeeping.{BOOKKEEPING[-1]} limit 0")  # noqa: S608 - a name of ours
    except duckdb.CatalogException:
        return False
    return True
