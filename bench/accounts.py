"""Many accounts as a user runs them: `usage-assets sync`, and the daemon with its sensors, rate limits on.

Each is a process of its own from outside: what it does inside is the product's business.
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

from bench.comparison import emptied, say
from bench.measure import Served, Usage, measured, product_environment, serving
from bench.pages import Shape
from usage_assets.integrations.profiles import load_profiles

PROFILE = "claude"  # of every account of the server
POLL_SECONDS = 1.0
PATIENCE_SECONDS = 3600.0
BIN = Path(sys.executable).parent


class NotDone(Exception):
    """The daemon had not derived everything in an hour."""


@dataclass(frozen=True)
class ManyAccounts:
    """What all windows of all accounts took, by both ways; of the daemon's many processes only wall seconds."""

    shape: Shape
    sync: Usage
    daemon_wall: float


def many_accounts(accounts: int, days: int, rows: int, home: Path) -> ManyAccounts:
    """Returns what fetching, deriving and publishing takes, from nothing."""
    shape = Shape(accounts, days, pages=1, page_rows=rows)
    with serving(shape) as served:
        with emptied(home / "sync") as folder:
            say(f"{accounts} accounts × {days} days by sync")
            sync = _by_sync(served, folder)
        with emptied(home / "daemon") as folder:
            say(f"{accounts} accounts × {days} days by the daemon")
            daemon_wall = _by_daemon(served, folder)
    return ManyAccounts(shape, sync, daemon_wall)


def _by_sync(served: Served, folder: Path) -> Usage:
    first, last = served.shape.dates[0], served.shape.dates[-1]
    command = [str(BIN / "usage-assets"), "sync", "--from", str(first), "--to", str(last)]
    return measured(command, folder, product_environment(served.url, folder, first))


def _by_daemon(served: Served, folder: Path) -> float:
    today = datetime.now(UTC).date()
    backfill_days = served.shape.days + load_profiles().of(PROFILE).lag - 1
    env = product_environment(served.url, folder, today - timedelta(days=backfill_days), backfill_days)
    command = [str(BIN / "dagster-daemon"), "run", "-m", "usage_assets.definitions"]
    started = time.monotonic()
    with _running(command, folder, env):
        _wait_for(lambda: _is_derived(folder / "data", served.shape.accounts * served.shape.days))
        return time.monotonic() - started


def _is_derived(data: Path, windows: int) -> bool:
    landed = sum(1 for _ in (data / "landing" / "windows").glob("*/*/*.json"))
    pending = data / "landing" / "pending"
    return landed == windows and not any(pending.iterdir()) and (data / "published" / "current").exists()


def _wait_for(is_done: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > patience:
            raise NotDone
        time.sleep(POLL_SECONDS)


@contextmanager
def _running(command: list[str], folder: Path, env: dict[str, str]) -> Iterator[None]:
    """Runs a daemon with its children while the block runs."""
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=env, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
