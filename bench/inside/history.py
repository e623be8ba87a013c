"""Measure the CPU seconds of load and derive of one day after histories of growing length, in and out of order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench.candidates.ours import fetch
from bench.inside.steps import TimedPipeline
from bench.inside.tasks import HistoryTask, HistoryTimes, Order, answer_task

BATCH_DAYS = 73
REPEATS = 5


def batches(days: list[date], order: Order) -> Iterator[list[date]]:
    """Yield `days` in the batches in which they arrive."""
    ordered = days if order == "in order" else random.Random(1).sample(days, len(days))  # noqa: S311 - repeatable
    for first in range(0, len(ordered), BATCH_DAYS):
        yield ordered[first : first + BATCH_DAYS]


def measure_history(task: HistoryTask) -> Iterator[HistoryTimes]:
    """Build the history and yield the times after each length."""
    pipeline, held = TimedPipeline(Path(task.folder), task.url), 0
    for length in task.lengths:
        for days in batches(task.days[held:length], task.order):
            _load(task, pipeline, days)
            pipeline.derive([])
            pipeline.forget_pending()
        held = length + REPEATS
        yield _measure_after(length, task, pipeline)


def _load(task: HistoryTask, pipeline: TimedPipeline, days: list[date]) -> float:
    """Fetch and load `days`; return the CPU seconds of the load."""
    fetch(task.url, Path(task.folder), days)
    return sum(pipeline.load().values())


def _measure_after(length: int, task: HistoryTask, pipeline: TimedPipeline) -> HistoryTimes:
    load, new = list[float](), list[float]()
    for day in task.days[length : length + REPEATS]:
        load.append(_load(task, pipeline, [day]))
        new.append(sum(pipeline.derive([day]).values()))
        pipeline.forget_pending()
    middle = task.days[length // 2 : length // 2 + REPEATS]
    return HistoryTimes(task.order, length, load, new, [sum(pipeline.derive([day]).values()) for day in middle])


if __name__ == "__main__":
    answer_task(HistoryTask, lambda task: list(measure_history(task)))
