"""Opens the warehouse for writing: lock, connection, schema, one transaction. What is written stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb

from usage_assets.locks import held
from usage_assets.warehouse.statements import MACROS, TABLES, statement

LOCK_WAIT_SECONDS = 900.0

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
        lock = self.path.parent / "warehouse" / "lock"
        with (
            held(lock, what=f"The warehouse {self.path}", wait_seconds=wait_seconds),
            self._connect() as connection,
        ):
            try:
                _prepare(connection)
                connection.execute("begin")
                yield connection
                connection.execute("commit")
            finally:
                # Closing rolls back what was not committed, and frees the file even while an error is held.
                connection.close()


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(statement("schema/bookkeeping"))
    for table in [*TABLES, "stale_days"]:
        connection.execute(statement(f"schema/{table}"))
    for macro in MACROS:
        connection.execute(statement(macro))
