"""A fetch run and a derive run under a profiler, through the real assets on a Dagster instance of its own."""

from __future__ import annotations

import sys

import msgspec
from pyinstrument import Profiler

from bench.inside.runs import Runs
from bench.inside.tasks import OnboardingTask


def profile(task: OnboardingTask) -> dict[str, str]:
    """Returns the call tree of each run as text, by the name of the run."""
    trees = {}
    with Runs(task) as runs:
        for name, run in (("fetch", runs.fetch), ("derive", runs.derive)):
            with Profiler(interval=0.001, async_mode="disabled") as profiler:
                run(task.days)
            trees[name] = profiler.output_text(unicode=True, color=False)
    return trees


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(profile(msgspec.json.decode(sys.argv[1], type=OnboardingTask))).decode())
