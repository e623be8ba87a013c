"""Run syncs that are killed at one point after another, each followed by a sync that is not.

    python -m usage_assets_tests.warehouse.killed_syncs URL BASE WORK operations STRIDE
    python -m usage_assets_tests.warehouse.killed_syncs URL BASE WORK moments COUNT

BASE is a data folder to start from, empty for a first start; WORK is for its copies. With `operations`, every STRIDE-th
operation of Python on a file is tried until a sync ends before it is killed. With `moments`, COUNT moments spread over
a sync are tried, which also fall into the operations of DuckDB. Each line of the output is JSON: the point of the kill,
whether the sync was killed, whether anything failed otherwise, and the published figures after the following sync.

The process forks once everything is imported, so that a sync takes a few hundred milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from usage_assets.landing.fetch import FetchTarget, fetch_days
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets.user_files.in_force import FileInForce
from usage_assets.warehouse.activity import derive_activity
from usage_assets.warehouse.aggregates import COST_DEPENDENTS
from usage_assets.warehouse.coverage import derive_coverage
from usage_assets.warehouse.derive import derive_aggregates, derive_cost
from usage_assets.warehouse.insights import derive_insights
from usage_assets.warehouse.load import load
from usage_assets.warehouse.prices import price
from usage_assets.warehouse.publications import needs_derive
from usage_assets.warehouse.publish import publish_derived
from usage_assets.warehouse.seats import derive_seats
from usage_assets.warehouse.tables import INSIGHTS

DAYS = {"a-1": date(2026, 11, 10), "a-2": date(2026, 10, 10)}
"""A day of each account, in months of their own, so that a derive run for one does not load the other."""

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CHANGING = {"os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
KILLED = (-signal.SIGKILL, -signal.SIGALRM)
FIGURES = "select account_id, count(*), sum(cost)::integer from '{}/current/cost/*.parquet' group by all order by all"


def sync_steps(project: Project) -> Callable[[], None]:
    """Return the steps of a sync without Dagster; prices and rates are read already."""
    profiles, book, rates = project.profiles, project.price_book, project.exchange_rates

    def sync() -> None:
        accounts = project.refresh_accounts()
        with project.client() as client:
            for account in accounts:
                target = FetchTarget(account.account_id, profiles.of(account.integration))
                result = fetch_days(client, target, [DAYS[account.account_id]], project.landing, now=project.now)
                assert result.error is None, result.error
        days = {day for key in project.landing.pending() for day in key.window.days}
        if not days and not needs_derive(project.warehouse, project.landing, project.published_dir):
            return
        with project.warehouse.transaction() as connection:
            load(connection, project.landing, profiles, accounts, days, project.now())
        with project.warehouse.transaction() as connection:
            price(connection, days, book)
        with project.warehouse.transaction() as connection:
            derive_cost(connection, days, profiles, rates)
        with project.warehouse.transaction() as connection:
            derive_aggregates(connection, COST_DEPENDENTS, days, project.files.allocation.put_in_force())
        with project.warehouse.transaction() as connection:
            derive_coverage(connection, project.landing, project.account_histories())
        with project.warehouse.transaction() as connection:
            derive_activity(connection, days, profiles)
        with project.warehouse.transaction() as connection:
            derive_seats(connection, days, project.seat_rules)
        with project.warehouse.transaction() as connection:
            derive_insights(connection, INSIGHTS, days, profiles, {}, FileInForce(()))
        publish_derived(project.warehouse, project.landing, profiles, project.published_dir, days)

    return sync


def kill_before(number: int, folder: Path, report: int) -> None:
    """Kill this process before its operation `number` that changes a file in `folder`; write its name to `report`."""
    numbers = count(1)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        path = changed_path(event, arguments)
        if path.startswith(str(folder)) and "lock" not in path and next(numbers) == number:
            os.write(report, f"{event} {path.removeprefix(str(folder))}".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(audit)


def changed_path(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the path of the file or folder that an audited operation changes, empty if it changes none."""
    changes = arguments[2] & WRITING if event == "open" else event in CHANGING
    named = arguments[1 if event == "os.symlink" else 0] if changes else None
    path = os.fsdecode(named) if isinstance(named, str | bytes | Path) else ""
    return "" if event == "os.mkdir" and Path(path).exists() else path


def kill_after(seconds: float) -> None:
    """Let the operating system kill this process after `seconds`, whatever it does."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def in_child(run: Callable[[int], None]) -> tuple[int, str]:
    """Run in a forked process; return its exit code, negative for a signal, and what it wrote to its descriptor."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run(writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as report:
        text = report.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def killed_and_repeated(sync: Callable[[], None], arm: Callable[[int], None], published: Path) -> dict[str, object]:
    """Kill a sync as `arm` says, run another one, and return the figures that it published."""

    def killed(report: int) -> None:
        arm(report)
        sync()

    def repeated(report: int) -> None:
        sync()
        os.write(report, json.dumps(duckdb.execute(FIGURES.format(published)).fetchall()).encode())

    code, operation = in_child(killed)
    repeated_code, figures = in_child(repeated)
    return {
        "operation": operation,
        "killed": code in KILLED,
        "failed": code not in (0, *KILLED) or repeated_code != 0,
        "figures": json.loads(figures or "null"),
    }


def main(url: str, base: Path, work: Path, kind: str, number: int) -> None:
    """Try every point and write the outcomes."""
    folder = work / "data"
    settings = {
        "token": "t",
        "base_url": url,
        "data_dir": folder,
        "dagster_home": work,
        "start_date": min(DAYS.values()),
    }
    sync = sync_steps(Project(Settings.model_validate(settings), lambda: NOW))

    def attempt(point: float, arm: Callable[[int], None]) -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder, symlinks=True)
        outcome = {"point": point, **killed_and_repeated(sync, arm, folder / "published")}
        sys.stdout.write(f"{json.dumps(outcome)}\n")
        sys.stdout.flush()
        return bool(outcome["killed"])

    if kind == "operations":
        for operation in count(1, number):
            if not attempt(operation, partial(kill_before, operation, folder)):
                return
    started = time.monotonic()
    attempt(0, lambda _: None)
    duration = (time.monotonic() - started) / 2
    for part in range(1, number + 1):
        seconds = part / number * duration
        attempt(seconds, lambda _, seconds=seconds: kill_after(seconds))  # type: ignore[misc]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
