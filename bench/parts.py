"""The parts beside the comparison: memory, one large day, one day after a long history, and onboarding.

Each starts its own server and processes and returns figures; how they are shown stands in `tables`.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar, get_args

import msgspec

from bench.comparison import ORJSON, emptied, is_exact, job_for, say
from bench.inside.tasks import Aged, DayTask, HistoryTask, Onboarded, OnboardingTask, Order, Seconds, Way
from bench.measure import CHECKOUT, Usage, environment, product_environment, run, serving
from bench.pages import PAGE_ROWS, Shape, shape_of

DAYS_MEASURED = 5
SAMPLE_DAYS = 10
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Sized:
    """The product at one size: its fetch and its load as two processes, and the decode floor; None if missing."""

    rows: int
    fetch: Usage
    load: Usage
    floor_cpu: float | None


def memory_at(rows: int, home: Path) -> Sized:
    """Returns what fetch and load of `rows` use."""
    with serving(shape_of(rows)) as served, emptied(home / "memory") as folder:
        job = job_for(served, folder)
        say(f"memory: fetch of {served.expected.rows:,} rows")
        fetch, landed = run("fetch_only", job)
        is_exact("fetch", landed, served)
        say(f"memory: load of {served.expected.rows:,} rows")
        load, loaded = run("load_only", job)
        is_exact("load", loaded, served)
        floor = None if ORJSON.missing else run("floor_orjson", job)[1].cpu_seconds
        return Sized(served.expected.rows, fetch, load, floor)


def large_day(rows: int, repeats: int, home: Path) -> list[Seconds]:
    """Returns the CPU seconds of every step of one day of `rows`, once for each repetition."""
    shape = Shape(accounts=max(1, rows // PAGE_ROWS), days=1, pages=1)
    with serving(shape) as served, emptied(home / "day") as folder:
        say(f"one day of {served.expected.rows:,} rows, {repeats} times")
        task = DayTask(served.url, str(folder), shape.dates[0], repeats)
        return inside("day", task, environment(folder), list[Seconds])


def after_history(lengths: list[int], rows_a_day: int, home: Path) -> list[Aged]:
    """Returns what one day's derive costs after each of `lengths` days, in both orders of arrival."""
    accounts = max(1, rows_a_day // PAGE_ROWS)
    shape = Shape(accounts, max(lengths) + DAYS_MEASURED, 1, rows_a_day // accounts)
    aged = list[Aged]()
    with serving(shape) as served:
        for order in get_args(Order):
            with emptied(home / "history") as folder:
                say(f"history of {max(lengths):,} days × {rows_a_day:,} rows, days {order}")
                task = HistoryTask(served.url, str(folder), shape.dates, sorted(lengths), order)
                aged += inside("history", task, environment(folder), list[Aged])
    return aged


def onboarding(days: int, rows_a_day: int, home: Path) -> dict[Way, Onboarded]:
    """Returns what a new account of `days` takes in ranged runs, and a sample of its days in runs of their own."""
    shape = Shape(accounts=1, days=days, pages=1, page_rows=rows_a_day)
    wanted: dict[Way, list[date]] = {"ranged": shape.dates, "daily": shape.dates[:SAMPLE_DAYS]}
    took = dict[Way, Onboarded]()
    with serving(shape) as served:
        for way, asked in wanted.items():
            with emptied(home / "onboarding") as folder:
                say(f"onboarding: {len(asked)} days, {way}")
                task = OnboardingTask(served.url, shape.account_ids[0], asked, way)
                env = product_environment(served.url, folder, min(asked))
                took[way] = inside("onboarding", task, env, Onboarded)
    return took


def profiles(days: int, rows_a_day: int, home: Path) -> dict[str, str]:
    """Returns the call trees of a fetch run and a derive run of one account."""
    shape = Shape(accounts=1, days=days, pages=1, page_rows=rows_a_day)
    with serving(shape) as served, emptied(home / "profile") as folder:
        task = OnboardingTask(served.url, shape.account_ids[0], shape.dates, "ranged")
        return inside("profile", task, product_environment(served.url, folder, shape.dates[0]), dict[str, str])


def inside(module: str, task: msgspec.Struct, env: dict[str, str], answer: type[Answer]) -> Answer:
    """Starts a process that measures itself in the environment `env` and returns its answer."""
    command = [sys.executable, "-m", f"bench.inside.{module}", msgspec.json.encode(task).decode()]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=CHECKOUT, env=env, check=True)
    return msgspec.json.decode(done.stdout, type=answer)
