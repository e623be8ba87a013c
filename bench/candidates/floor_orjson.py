"""A floor: `orjson.loads` of every page and nothing else. Its clock runs around those calls only."""

from __future__ import annotations

import time

import orjson

from bench.candidates.floor_bytes import found, leave, pages
from bench.candidates.job import Found, Job

__all__ = ["found", "run"]


def run(job: Job) -> None:
    """Decodes every page into Python objects, which are let go at once."""
    rows, seconds = 0, 0.0
    for body in pages(job):
        before = time.thread_time()
        rows += len(orjson.loads(body)["result"])
        seconds += time.thread_time() - before
    leave(job, Found(rows, cpu_seconds=seconds))
