"""Measure the onboarding of an account with the real assets on a new Dagster instance: in ranged runs, or day by day.

The client's rate limits are lifted and runs execute in this process, so only the work of the product and of Dagster
is measured.
"""

from __future__ import annotations

import time

from bench.inside.runs import AccountRuns
from bench.inside.tasks import OnboardingTask, OnboardingTimes, answer_task


def measure_onboarding(task: OnboardingTask) -> OnboardingTimes:
    """Fetch and derive the account; the clocks start after the imports and after the account list."""
    days = task.runs.days
    with AccountRuns(task.runs) as runs:
        cpu, wall = time.process_time(), time.monotonic()
        for requested in [days] if task.way == "ranged" else [[day] for day in days]:
            runs.fetch(requested)
            runs.derive(requested)
        return OnboardingTimes(len(days), runs.count, time.process_time() - cpu, time.monotonic() - wall)


if __name__ == "__main__":
    answer_task(OnboardingTask, measure_onboarding)
