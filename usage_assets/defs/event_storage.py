"""Dagster's SQLite storage, with one transaction for the events that Dagster hands over together.

Only a `dagster.yaml` that names `BatchingStorage` switches it on. It is made for one version of Dagster, because
Dagster exports none of the classes that a storage is made of; on any other version, Dagster's own storage is used.
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
        "The batching event storage is made for Dagster %s and steps aside: Dagster %s stores its events itself.",
        MADE_FOR,
        installed,
    )
    return DagsterSqliteStorage


BatchingStorage = storage_class()
