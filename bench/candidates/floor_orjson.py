"""A lower bound: `orjson.loads` of every page; only those calls are timed."""

from __future__ import annotations

import time

import orjson

from bench.candidates.floor_bytes import pages, result, store_result
from bench.candidates.job import Job, JobResult

__all__ = ["result", "run"]


def run(job: Job) -> None:
    """Decode every page into Python objects and drop them."""
    rows, seconds = 0, 0.0
    for body in pages(job):
        before = time.thread_time()
        rows += len(orjson.loads(body)["result"])
        seconds += time.thread_time() - before
    store_result(job, JobResult(rows, cpu_seconds=seconds))
