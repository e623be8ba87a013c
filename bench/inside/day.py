"""Measure one large day from landing files to published files, step by step, several times into an empty warehouse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.candidates.ours import fetch
from bench.inside.steps import TimedPipeline
from bench.inside.tasks import DayTask, Seconds, answer_task


def measure_day(task: DayTask) -> Iterator[Seconds]:
    """Land the day once; yield the CPU seconds of each step, once per repetition."""
    landed = Path(task.folder) / "landed"
    fetch(task.url, landed, [task.day])
    for number in range(task.repeats):
        folder = Path(task.folder) / f"repeat-{number}"
        shutil.copytree(landed, folder)
        pipeline = TimedPipeline(folder, task.url)
        # No day is requested: as after any landing, the steps process the days that are stale.
        yield {**pipeline.load(), **pipeline.derive([]), **pipeline.publish([])}


if __name__ == "__main__":
    answer_task(DayTask, lambda task: list(measure_day(task)))
