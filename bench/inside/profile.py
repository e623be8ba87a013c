"""Profile a fetch run and a derive run of the real assets on a new Dagster instance."""

from __future__ import annotations

from pyinstrument import Profiler

from bench.inside.runs import AccountRuns
from bench.inside.tasks import RunsTask, answer_task


def profile_runs(task: RunsTask) -> dict[str, str]:
    """Return the call tree of each run as text, by the name of the run."""
    trees = {}
    with AccountRuns(task) as runs:
        for name, run in (("fetch", runs.fetch), ("derive", runs.derive)):
            with Profiler(interval=0.001, async_mode="disabled") as profiler:
                run(task.days)
            trees[name] = profiler.output_text(unicode=True, color=False)
    return trees


if __name__ == "__main__":
    answer_task(RunsTask, profile_runs)
