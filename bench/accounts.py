"""Measure many accounts with rate limits on: by `usage-assets sync`, and by the daemon with its sensors.

Both run in their own processes and are measured from outside.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.measure import (
    PageServer,
    ProcessUsage,
    empty_folder,
    measure_process,
    product_environment,
    report_progress,
    serve_pages,
)
from bench.pages import INTEGRATION, Shape
from usage_assets.integrations.profiles import load_profiles

POLL_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 3600.0
BIN = Path(sys.executable).parent


class DaemonTooSlow(Exception):
    """The daemon did not derive everything in an hour."""


@dataclass(frozen=True)
class AccountTimes:
    """The time for all windows of all accounts: of `sync`, and wall seconds of the daemon."""

    shape: Shape
    sync: ProcessUsage
    daemon_wall: float


def measure_accounts(accounts: int, days: int, rows: int, home: Path) -> AccountTimes:
    """Measure fetching, deriving and publishing `days` of `accounts`, starting from an empty data folder."""
    shape = Shape(accounts, days, pages=1, page_rows=rows)
    with serve_pages(shape) as server:
        with empty_folder(home / "sync") as folder:
            report_progress(f"{accounts} accounts × {days} days by sync")
            sync = _measure_sync(server, folder)
        with empty_folder(home / "daemon") as folder:
            report_progress(f"{accounts} accounts × {days} days by the daemon")
            daemon_wall = _measure_daemon(server, folder)
    return AccountTimes(shape, sync, daemon_wall)


def _measure_sync(server: PageServer, folder: Path) -> ProcessUsage:
    first, last = server.shape.dates[0], server.shape.dates[-1]
    command = [sys.executable, "-m", "usage_assets", "sync", "--from", str(first), "--to", str(last)]
    return measure_process(command, folder, product_environment(server.url, folder, first))


def _measure_daemon(server: PageServer, folder: Path) -> float:
    today = datetime.now(UTC).date()
    backfill_days = server.shape.days + load_profiles().of(INTEGRATION).lag - 1
    env = product_environment(server.url, folder, today - timedelta(days=backfill_days), backfill_days)
    command = [str(BIN / "dagster-daemon"), "run", "-m", "usage_assets.definitions"]
    started = time.monotonic()
    with _running(command, folder, env):
        _wait_for(lambda: _is_derived(folder / "data", server.shape.accounts * server.shape.days))
        return time.monotonic() - started


def _is_derived(data: Path, windows: int) -> bool:
    landed = sum(1 for _ in (data / "landing" / "windows").glob("*/*/*.json"))
    pending = data / "landing" / "pending"
    return landed == windows and not any(pending.iterdir()) and (data / "published" / "current").exists()


def _wait_for(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise DaemonTooSlow(f"the daemon did not derive everything in {LONGEST_WAIT_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


@contextmanager
def _running(command: list[str], folder: Path, env: dict[str, str]) -> Iterator[None]:
    """Run a daemon and its children during the block."""
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=env, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
