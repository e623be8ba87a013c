"""Opens Dagster's instance, and keeps the data folders of two projects out of one instance."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.errors import WRONG_CALL, UsageAssetsError


class OtherDataFolder(UsageAssetsError):
    """A Dagster instance records the partitions of another data folder."""

    exit_code = WRONG_CALL


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """Open the instance in `home`, which the daemon and the UI use too.

    Without a `dagster.yaml` there, Dagster's defaults apply.
    """
    home.mkdir(parents=True, exist_ok=True)
    # Relative paths in dagster.yaml are relative to the working folder of the process that reads it.
    os.chdir(home)
    # Dagster logs a warning for an instance without a dagster.yaml, which is not needed.
    logging.getLogger("dagster").setLevel(logging.ERROR)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def claim_instance(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    """Record the project's data folder in `instance`, and refuse an instance that records another.

    Partitions of two folders would mix: days of one would show as materialized for the other. A folder that no longer
    exists gives way. A set of dynamic partitions is the only place in an instance that is open to user code.

    Raises:
        OtherDataFolder: The instance belongs to another data folder.
    """
    name, folder = location.naming.name("data_folder"), str(location.project.settings.data_dir)
    recorded = set(instance.get_dynamic_partitions(name))
    others = sorted(path for path in recorded - {folder} if Path(path).exists())
    if others:
        raise OtherDataFolder(
            f"This Dagster instance records the data folder {others[0]}, and USAGE_DATA_DIR is now {folder}: "
            "set USAGE_DATA_DIR back, or DAGSTER_HOME to another folder."
        )
    for path in recorded - {folder}:
        instance.delete_dynamic_partition(name, path)
    if folder not in recorded:
        instance.add_dynamic_partitions(name, [folder])
