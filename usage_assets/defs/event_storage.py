"""Dagster's SQLite storage, with one transaction per batch of events.

A `dagster.yaml` that names `BatchingStorage` enables it. It supports one version of Dagster, because Dagster exports
none of the classes that a storage needs; with any other version, Dagster's own storage is used.
"""

from __future__ import annotations

import logging
from importlib.metadata import version

from dagster._core.storage.sqlite_storage import DagsterSqliteStorage  # named in dagster.yaml, has no public name

MADE_FOR = "1.13.27"


def storage_class() -> type[DagsterSqliteStorage]:
    """Return the storage for the installed version of Dagster."""
    installed = version("dagster")
    if installed == MADE_FOR:
        from usage_assets.defs.batching_storage import BatchingStorage

        return BatchingStorage
    logging.getLogger(__name__).warning(
        "The batching event storage supports only Dagster %s, so Dagster %s uses its own event storage.",
        MADE_FOR,
        installed,
    )
    return DagsterSqliteStorage


BatchingStorage = storage_class()
