"""Open Dagster's instance, and keep the data folders of two projects out of one instance."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg

from usage_assets.defs.location import CodeLocation
from usage_assets.errors import WRONG_CALL, UsageAssetsError
from usage_assets.locks import file_lock

OPENING_SECONDS = 120.0


class OtherDataFolder(UsageAssetsError):
    """The Dagster instance belongs to another data folder."""

    exit_code = WRONG_CALL


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """Open the instance in `home`, which the daemon and the UI share.

    Without a `dagster.yaml` there, Dagster's defaults apply.
    """
    home.mkdir(parents=True, exist_ok=True)
    # Relative paths in dagster.yaml are relative to the working folder of the process that reads it.
    os.chdir(home)
    # Dagster warns about an instance without a dagster.yaml, although the file is optional.
    logging.getLogger("dagster").setLevel(logging.ERROR)
    with ExitStack() as stack:
        with file_lock(home / ".opening.lock", what=f"The Dagster instance in {home}", wait_seconds=OPENING_SECONDS):
            instance = stack.enter_context(dg.DagsterInstance.from_config(str(home)))
        yield instance


def claim_instance(instance: dg.DagsterInstance, location: CodeLocation) -> None:
    """Record the project's data folder in `instance`, and refuse an instance that records another.

    Otherwise the days of one folder would show as materialized for the other. A recorded folder that no longer exists
    is replaced. The folder is recorded as a dynamic partition, because an instance offers user code no other place.

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
