"""The lock that a run holds while it executes, `<data folder>/runs/<run id>`: the proof that the run is alive.

The operating system frees it when the run's process ends, whatever ended it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from usage_assets.defs.naming import Naming
from usage_assets.locks import file_lock, keeping_free
from usage_assets.project import Project

WAIT_SECONDS = 10.0

# A lock belongs to a process: `sync` takes that of its run before the run exists, and the run's resource finds it here.
_held: set[Path] = set()


def run_lock_path(project: Project, run_id: str) -> Path:
    """Return the lock file of a run."""
    return project.settings.data_dir / "runs" / run_id


@contextmanager
def held_run_lock(project: Project, run_id: str) -> Iterator[None]:
    """Hold the lock of a run inside the block, unless this process holds it already.

    Raises:
        LockHeld: Another process executes the run.
    """
    path = run_lock_path(project, run_id)
    if path in _held:
        yield
        return
    with file_lock(path, what=f"The run {run_id}", wait_seconds=WAIT_SECONDS):
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)


def has_taken_lock(project: Project, run_id: str) -> bool:
    """Return whether a run has ever held its lock."""
    return run_lock_path(project, run_id).exists()


def holds_lock(project: Project, run_id: str) -> bool:
    """Return whether a run holds its lock now."""
    with keeping_free(run_lock_path(project, run_id)) as is_free:
        return not is_free


def forget_lock(project: Project, run_id: str) -> None:
    """Remove the lock file of a run that has ended; no other run ever takes it."""
    run_lock_path(project, run_id).unlink(missing_ok=True)


def locked_run_ids(project: Project) -> list[str]:
    """Return the runs that have left a lock file."""
    return sorted(path.name for path in (project.settings.data_dir / "runs").glob("*"))


def run_lock_key(naming: Naming) -> str:
    """Return the key of the resource that holds the lock of a run; every asset requires it."""
    return naming.name("run_lock")


def run_lock_resource(project: Project) -> dg.ResourceDefinition:
    """Return the resource that holds the lock of a run from before its first step until after its last."""

    @dg.resource(description="Holds the lock that proves that the run is alive.")
    def run_lock(context: dg.InitResourceContext) -> Iterator[None]:
        if context.run is None:
            yield None
            return
        with held_run_lock(project, context.run.run_id):
            yield None

    return run_lock
