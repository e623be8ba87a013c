"""A new account through the real assets on a Dagster instance of its own: in ranged runs, or day by day.

The client's limits are lifted and runs execute in this process, so only our own and Dagster's work is measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date

import msgspec

from bench.inside.runs import Runs
from bench.inside.tasks import Onboarded, OnboardingTask


def onboarded(task: OnboardingTask) -> Onboarded:
    """Fetches and derives the account; the clocks start after the imports and after the account list."""
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
    sys.stdout.write(msgspec.json.encode(onboarded(msgspec.json.decode(sys.argv[1], type=OnboardingTask))).decode())
