"""Fetch, derive and publish the companies of a sandbox as `usage-assets sync` does, without rate limits.

The sandbox runs in a thread of this process and has the time of the task, so all days are final.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.candidates.ours import UNLIMITED
from bench.inside.runs import RunFailed
from bench.inside.tasks import SandboxYearTask, answer_task
from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.defs.in_process_runs import InProcessRuns
from usage_assets.defs.instance import open_instance
from usage_assets.progress import NoProgress
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets.sync import Sync
from usage_assets.truto import RequestLimits, TrutoClient


@dataclass(frozen=True)
class UnlimitedProject(Project):
    """A project whose client has no rate limits."""

    @contextmanager
    def client(self, limits: RequestLimits | None = None) -> Iterator[TrutoClient]:
        """Open the API client."""
        with super().client(limits or UNLIMITED) as client:
            yield client


def sandbox_settings(task: SandboxYearTask) -> SandboxSettings:
    """Return the settings of the task's sandbox; all twelve accounts exist from the start."""
    return SandboxSettings(seed=task.seed, rate_limited=False, late_after_seconds=0, now=lambda: task.now)


def build_year(task: SandboxYearTask) -> str:
    """Run the pipeline once and return the folder.

    Raises:
        RunFailed: An account or the derive run failed.
    """
    sandbox = sandbox_settings(task)
    with running(sandbox) as url:
        settings = Settings(
            token=sandbox.token,
            base_url=url,
            data_dir=Path(task.folder),
            start_date=task.first_day,
            dagster_home=Path(task.folder),
        )
        project = UnlimitedProject(settings, lambda: task.now)
        with open_instance(settings.dagster_home) as instance:
            result = Sync(project, InProcessRuns(project, instance), NoProgress()).run(
                (), task.first_day, task.last_day
            )
    if result.has_failed:
        raise RunFailed(f"{result.failures or result.derived.failure}")
    return task.folder


if __name__ == "__main__":
    answer_task(SandboxYearTask, build_year)
