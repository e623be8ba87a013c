"""One day's derive with ever more history behind it, days arriving in order or at random; CPU by its own clock."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from bench.candidates.ours import fetch
from bench.inside.steps import Pipeline
from bench.inside.tasks import Aged, HistoryTask, Order

BATCH_DAYS = 73
REPEATED = 5


def arriving(days: list[date], order: Order) -> Iterator[list[date]]:
    """Yields `days` in the batches in which they arrive."""
    ordered = days if order == "in order" else random.Random(1).sample(days, len(days))  # noqa: S311
    for first in range(0, len(ordered), BATCH_DAYS):
        yield ordered[first : first + BATCH_DAYS]


def aged(task: HistoryTask) -> Iterator[Aged]:
    """Builds the history and yields the times after each length."""
    pipeline, held = Pipeline(Path(task.folder)), 0
    for length in task.lengths:
        for days in arriving(task.days[held:length], task.order):
            take_in(task, pipeline, days)
            pipeline.derive([])
            pipeline.forget()
        held = length + REPEATED
        yield _after(length, task, pipeline)


def take_in(task: HistoryTask, pipeline: Pipeline, days: list[date]) -> float:
    """Fetches and loads `days`; returns the CPU seconds of the load."""
    fetch(task.url, Path(task.folder), days)
    return sum(pipeline.load().values())


def _after(length: int, task: HistoryTask, pipeline: Pipeline) -> Aged:
    load, new = list[float](), list[float]()
    for day in task.days[length : length + REPEATED]:
        load.append(take_in(task, pipeline, [day]))
        new.append(sum(pipeline.derive([day]).values()))
        pipeline.forget()
    middle = task.days[length // 2 : length // 2 + REPEATED]
    return Aged(task.order, length, load, new, [sum(pipeline.derive([day]).values()) for day in middle])


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(list(aged(msgspec.json.decode(sys.argv[1], type=HistoryTask)))).decode())
