"""One large day from landing files to published files, step by step, several times from nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.candidates.ours import fetch
from bench.inside.steps import Pipeline
from bench.inside.tasks import DayTask, Seconds


def days(task: DayTask) -> Iterator[Seconds]:
    """Lands the day once and yields the CPU seconds of each step, each time into a new warehouse."""
    landed = Path(task.folder) / "landed"
    fetch(task.url, landed, [task.day])
    for number in range(task.repeats):
        folder = Path(task.folder) / f"repeat-{number}"
        shutil.copytree(landed, folder)
        pipeline = Pipeline(folder)
        # Derived are the days that the load has made stale, as after any landing.
        yield {**pipeline.load(), **pipeline.derive([]), **pipeline.publish([])}


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(list(days(msgspec.json.decode(sys.argv[1], type=DayTask)))).decode())
