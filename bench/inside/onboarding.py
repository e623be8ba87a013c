"""A new account through the real assets on a Dagster instance of its own: in ranged runs, or day by day.

The client's limits are lifted and runs execute in this process, so only our own and Dagster's work is measured.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from bench.inside.tasks import Onboarded, OnboardingTask

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def configure(task: OnboardingTask) -> None:
    """Points the environment, which is read at import, to the task's folder and server."""
    home = Path(task.folder) / "dagster"
    home.mkdir(parents=True)
    shutil.copy(CHECKOUT / "dagster.yaml", home)
    os.environ.update(
        TRUTO_API_TOKEN="bench",  # noqa: S106 - our own server asks for none
        TRUTO_BASE_URL=task.url,
        USAGE_DATA_DIR=str(Path(task.folder) / "data"),
        USAGE_START_DATE=str(min(task.days)),
        USAGE_INCLUDE_SANDBOX="0",
        DAGSTER_HOME=str(home),
    )


def onboarded(task: OnboardingTask) -> Onboarded:
    """Fetches and derives the account; the clocks start after the imports and after the account list."""
    from bench.inside.runs import Runs  # noqa: PLC0415 - the definitions read the environment when imported

    with Runs(task) as runs:
        cpu, wall = time.process_time(), time.monotonic()
        for days in _asked(task):
            runs.fetch(days)
            runs.derive(days)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        return Onboarded(len(task.days), runs.count, cpu, wall, runs.rows_published())


def _asked(task: OnboardingTask) -> Iterator[list[date]]:
    if task.way == "ranged":
        yield task.days
    else:
        yield from ([day] for day in task.days)


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.argv[1], type=OnboardingTask)
    configure(asked)
    sys.stdout.write(msgspec.json.encode(onboarded(asked)).decode())
