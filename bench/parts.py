"""The parts beside the comparison: memory, one large day, one day after a long history, onboarding, call trees.

Each starts its own server and processes and returns figures; `tables` turns figures into text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

from bench.comparison import ORJSON, is_exact, job_for
from bench.inside.tasks import (
    AllocationTask,
    DayTask,
    HistoryTask,
    HistoryTimes,
    InsightsTask,
    OnboardingTask,
    OnboardingTimes,
    Order,
    RunsTask,
    Seconds,
    Way,
)
from bench.measure import (
    ProcessUsage,
    empty_folder,
    environment,
    prepare_instance,
    report_progress,
    run_inside,
    run_job,
    serve_pages,
)
from bench.pages import PAGE_ROWS, Shape, shape_of

DAYS_MEASURED = 5
SAMPLE_DAYS = 10


@dataclass(frozen=True)
class MemoryUse:
    """Fetch and load of the product as two processes, and the decode floor; None if orjson is not installed."""

    rows: int
    fetch: ProcessUsage
    load: ProcessUsage
    floor_cpu: float | None


def measure_memory(rows: int, home: Path) -> MemoryUse:
    """Measure fetch and load of `rows`."""
    with serve_pages(shape_of(rows)) as server, empty_folder(home / "memory") as folder:
        job = job_for(server, folder)
        report_progress(f"memory: fetch of {server.expected.rows:,} rows")
        fetch, landed = run_job("fetch_only", job)
        is_exact("fetch", landed, server)
        report_progress(f"memory: load of {server.expected.rows:,} rows")
        load, loaded = run_job("load_only", job)
        is_exact("load", loaded, server)
        floor = None if ORJSON.missing else run_job("floor_orjson", job)[1].cpu_seconds
        return MemoryUse(server.expected.rows, fetch, load, floor)


def measure_day(rows: int, repeats: int, home: Path) -> list[Seconds]:
    """Return the CPU seconds of every step of one day of `rows`, once per repetition."""
    shape = Shape(accounts=max(1, rows // PAGE_ROWS), days=1, pages=1)
    with serve_pages(shape) as server, empty_folder(home / "day") as folder:
        report_progress(f"one day of {server.expected.rows:,} rows, {repeats} times")
        task = DayTask(server.url, str(folder), shape.dates[0], repeats)
        return run_inside("day", task, environment(folder), list[Seconds])


def measure_allocation(rows: int, rules: int, home: Path) -> Seconds:
    """Return the CPU seconds of allocating one day of `rows` to teams by `rules` rules."""
    shape = Shape(accounts=max(1, rows // PAGE_ROWS), days=1, pages=1)
    with serve_pages(shape) as server, empty_folder(home / "allocation") as folder:
        report_progress(f"one day of {server.expected.rows:,} rows by {rules:,} rules")
        task = AllocationTask(server.url, str(folder), shape.dates[0], shape.account_ids, rules)
        return run_inside("allocation", task, environment(folder), Seconds)


def measure_insights(days: int, people: int, accounts: int, home: Path) -> Seconds:
    """Return the CPU seconds of projection, anomalies and budgets, and the peak memory of their process in GB."""
    with empty_folder(home / "insights") as folder:
        task = InsightsTask(str(folder / "data"), days, people, accounts)
        report_progress(f"{days:,} days of {people:,} people in {accounts} accounts")
        run_inside("insights", task, environment(folder), Seconds)
        return run_inside("insights", task, environment(folder), Seconds)


def measure_history(lengths: list[int], rows_per_day: int, home: Path) -> list[HistoryTimes]:
    """Return the times of one day after each of `lengths` days of history, in both orders of arrival."""
    accounts = max(1, rows_per_day // PAGE_ROWS)
    shape = Shape(accounts, max(lengths) + DAYS_MEASURED, 1, rows_per_day // accounts)
    times = list[HistoryTimes]()
    with serve_pages(shape) as server:
        for order in get_args(Order):
            with empty_folder(home / "history") as folder:
                report_progress(f"history of {max(lengths):,} days × {rows_per_day:,} rows, days {order}")
                task = HistoryTask(server.url, str(folder), shape.dates, sorted(lengths), order)
                times += run_inside("history", task, environment(folder), list[HistoryTimes])
    return times


def measure_onboarding(days: int, rows_per_day: int, home: Path) -> dict[Way, OnboardingTimes]:
    """Return the times of a new account: all `days` in ranged runs, and a sample of them in one run per day."""
    shape = Shape(accounts=1, days=days, pages=1, page_rows=rows_per_day)
    days_by_way: dict[Way, list[date]] = {"ranged": shape.dates, "daily": shape.dates[:SAMPLE_DAYS]}
    times = dict[Way, OnboardingTimes]()
    with serve_pages(shape) as server:
        for way, dates in days_by_way.items():
            with empty_folder(home / "onboarding") as folder:
                report_progress(f"onboarding: {len(dates)} days, {way}")
                prepare_instance(folder)
                task = OnboardingTask(RunsTask(server.url, str(folder), shape.account_ids[0], dates), way)
                times[way] = run_inside("onboarding", task, environment(folder), OnboardingTimes)
    return times


def profile_runs(days: int, rows_per_day: int, home: Path) -> dict[str, str]:
    """Return the call trees of a fetch run and a derive run of one account."""
    shape = Shape(accounts=1, days=days, pages=1, page_rows=rows_per_day)
    with serve_pages(shape) as server, empty_folder(home / "profile") as folder:
        prepare_instance(folder)
        task = RunsTask(server.url, str(folder), shape.account_ids[0], shape.dates)
        return run_inside("profile", task, environment(folder), dict[str, str])
