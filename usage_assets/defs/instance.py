"""Opens Dagster's instance: that of `DAGSTER_HOME`, else the checkout's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from usage_assets.settings import CHECKOUT, SettingsError


@contextmanager
def open_instance() -> Iterator[dg.DagsterInstance]:
    """Gives the instance that the daemon and the UI use.

    Raises:
        SettingsError: `DAGSTER_HOME` holds no `dagster.yaml`.
    """
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(CHECKOUT))).resolve()
    if not (home / "dagster.yaml").exists():
        raise SettingsError(f"{home} holds no dagster.yaml: unset DAGSTER_HOME, or copy the project's file there.")
    # The paths in dagster.yaml are relative to it.
    os.chdir(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance
