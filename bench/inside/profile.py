"""A fetch run and a derive run under a profiler, through the real assets on a Dagster instance of its own."""

from __future__ import annotations

import os
import sys

import msgspec
from pyinstrument import Profiler

from bench.inside.onboarding import configure
from bench.inside.tasks import OnboardingTask


def profile(task: OnboardingTask) -> dict[str, str]:
    """Returns the call tree of each run as text, by the name of the run."""
    from bench.inside.runs import Runs  # noqa: PLC0415 - the definitions read the environment when imported

    os.chdir(task.folder)
    trees = {}
    with Runs(task) as runs:
        for name, run in (("fetch", runs.fetch), ("derive", runs.derive)):
            with Profiler(interval=0.001, async_mode="disabled") as profiler:
                run(task.days)
            trees[name] = profiler.output_text(unicode=True, color=False)
    return trees


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.argv[1], type=OnboardingTask)
    configure(asked)
    sys.stdout.write(msgspec.json.encode(profile(asked)).decode())
