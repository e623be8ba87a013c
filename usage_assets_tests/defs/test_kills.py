"""Real processes, killed with -9 at several moments and started again: the days come, and the dead runs are failed."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.due import due_days_of
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets_tests.checkout import CHECKOUT

pytestmark = pytest.mark.long

BACKFILL_DAYS = 40
HEALED_WITHIN = 300.0
UNFINISHED = {"QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING"}


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Lab:
    """A folder with a project, Dagster's home and the programs that work on them."""

    folder: Path
    url: str

    @property
    def project(self) -> Project:
        values = {"token": "sandbox", "base_url": self.url, "data_dir": self.folder / "data"}
        start = now().date() - timedelta(days=BACKFILL_DAYS)
        return Project(Settings.model_validate({**values, "start_date": start, "backfill_days": BACKFILL_DAYS}), now)

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a program in its own process group."""
        settings = self.project.settings
        environment = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "TRUTO_API_TOKEN": "sandbox",
            "TRUTO_BASE_URL": self.url,
            "USAGE_DATA_DIR": str(settings.data_dir),
            "USAGE_START_DATE": str(settings.start_date),
            "USAGE_BACKFILL_DAYS": str(BACKFILL_DAYS),
            "DAGSTER_HOME": str(self.folder),
        }
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, env=environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )

    def start_sync(self) -> "subprocess.Popen[bytes]":
        return self.start(sys.executable, "-m", "usage_assets", "sync")

    def start_daemon(self) -> "subprocess.Popen[bytes]":
        dagster = str(Path(sys.executable).parent / "dagster-daemon")
        return self.start(dagster, "run", "-w", str(CHECKOUT / "workspace.yaml"))

    def runs(self) -> list[tuple[str, str]]:
        """Return step and status of every run, oldest first, read beside Dagster."""
        database = self.folder / ".dagster" / "storage" / "runs.db"
        found = [database] if database.exists() else sorted(self.folder.glob(".dagster/storage/**/runs.db"))
        if not found:
            return []
        with closing(sqlite3.connect(found[0], timeout=10)) as connection, suppress(sqlite3.OperationalError):
            rows = connection.execute("select run_body, status from runs order by id").fetchall()
            return [("derive" if '"usage/step": "derive"' in body else "fetch", status) for body, status in rows]
        return []

    def is_complete(self) -> bool:
        """Whether every due day has landed and is derived and published, and no run is left open."""
        project = self.project
        accounts = project.fetched_accounts(project.account_list.read())
        return (
            bool(accounts)
            and not any(due_days_of(project, account, now()) for account in accounts)
            and not project.landing.pending()
            and (project.published_dir / "current").exists()
            and not UNFINISHED.intersection(status for _, status in self.runs())
        )


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    shutil.copy(CHECKOUT / "dagster.yaml", tmp_path)
    with running(SandboxSettings(accounts=6, late_after_seconds=0, rate_limited=False, users=10)) as url:
        yield Lab(tmp_path, url)


def wait_until(condition: Callable[[], bool], seconds: float = HEALED_WITHIN) -> float:
    """Wait for a condition; return the seconds that it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it did not come in time"
        time.sleep(0.1)
    return time.monotonic() - started


def kill_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Send a signal to a program and everything that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait()


def has_landed_some(lab: Lab) -> bool:
    return len(lab.project.landing.windows()) > 20


def has_begun_to_derive(lab: Lab) -> bool:
    return ("derive", "STARTED") in lab.runs() and lab.project.warehouse.path.exists()


@pytest.mark.parametrize("moment", [has_landed_some, has_begun_to_derive])
def test_a_killed_sync_is_made_up_for_by_the_next(lab: Lab, moment: Callable[[Lab], bool]) -> None:
    killed = lab.start_sync()
    wait_until(lambda: moment(lab))
    kill_group(killed, signal.SIGKILL)

    assert lab.start_sync().wait(HEALED_WITHIN) == 0

    assert lab.is_complete()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("moment", [has_landed_some, has_begun_to_derive])
def test_a_killed_daemon_is_made_up_for_within_five_minutes(
    lab: Lab, moment: Callable[[Lab], bool], number: signal.Signals
) -> None:
    killed = lab.start_daemon()
    wait_until(lambda: moment(lab))
    kill_group(killed, number)

    daemon = lab.start_daemon()
    try:
        wait_until(lab.is_complete)
    finally:
        kill_group(daemon, signal.SIGTERM)

    assert ("derive", "SUCCESS") in lab.runs()


def test_three_first_syncs_at_once_all_succeed(lab: Lab) -> None:
    syncs = [lab.start_sync() for _ in range(3)]

    assert [sync.wait(HEALED_WITHIN) for sync in syncs] == [0, 0, 0], (lab.folder / "log").read_text()
    assert lab.is_complete()
