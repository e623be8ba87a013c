"""Processes measured from outside: CPU and peak memory by the rusage of a finished child, its own children included.

This process stays small, because a child's peak memory starts from its parent's. What is measured stands elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from bench.candidates.job import Found, Job
from bench.pages import Expected, Shape
from bench.server import EXPECTED

CHECKOUT = Path(__file__).resolve().parent.parent
KIB = 1024


class CandidateFailed(Exception):
    """A candidate ended with an error; the text is the end of what it said."""


@dataclass(frozen=True)
class Usage:
    """What a process used: CPU and wall seconds, peak resident bytes."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class Served:
    """A running server and what its pages hold."""

    url: str
    shape: Shape
    expected: Expected


@contextmanager
def serving(shape: Shape) -> Iterator[Served]:
    """Serves `shape` from a child process while the block runs."""
    size = [str(number) for number in (shape.accounts, shape.days, shape.pages, shape.page_rows)]
    command = [sys.executable, "-m", "bench.server", *size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT) as process:
        try:
            url = process.stdout.readline().decode().strip() if process.stdout else ""
            with urllib.request.urlopen(f"{url}{EXPECTED}", timeout=60) as answer:  # noqa: S310 - our own server
                yield Served(url, shape, msgspec.json.decode(answer.read(), type=Expected))
        finally:
            process.kill()


def measured(command: list[str], home: Path, env: dict[str, str] | None = None) -> Usage:
    """Runs a process to its end, at home in `home`; returns what it and the children it waited for used.

    Raises:
        CandidateFailed: it ended with an error.
    """
    log = home / "log.txt"
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=home, env=env or environment(home))
        _, status, rusage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise CandidateFailed(f"{' '.join(command[:5])} ended with {process.returncode}: {log.read_text()[-800:]}")
    return Usage(rusage.ru_utime + rusage.ru_stime, wall, rusage.ru_maxrss * KIB)


def run(module: str, job: Job) -> tuple[Usage, Found]:
    """Has one candidate do `job` in a fresh process; returns what that used, and what it arrived at.

    Raises:
        CandidateFailed: it ended with an error.
    """
    text = msgspec.json.encode(job).decode()
    command = [sys.executable, "-m", "bench.candidates", module]
    usage = measured([*command, "run", text], job.home)
    found = [*command, "found", text]
    looked = subprocess.run(found, stdout=subprocess.PIPE, cwd=job.home, env=environment(job.home), check=True)
    return usage, msgspec.json.decode(looked.stdout, type=Found)


def product_environment(url: str, home: Path, start: date, backfill_days: int = 1) -> dict[str, str]:
    """Returns the environment of the product at home in `home`, with a Dagster instance of its own."""
    shutil.copy(CHECKOUT / "dagster.yaml", home)
    return {
        **environment(home),
        "DAGSTER_HOME": str(home),
        "TRUTO_API_TOKEN": "bench",
        "TRUTO_BASE_URL": url,
        "USAGE_DATA_DIR": str(home / "data"),
        "USAGE_START_DATE": str(start),
        "USAGE_BACKFILL_DAYS": str(backfill_days),
        "USAGE_INCLUDE_SANDBOX": "0",
    }


def environment(home: Path) -> dict[str, str]:
    """Returns the environment of a child whose own files, hidden ones too, all stay in `home`."""
    return {**os.environ, "HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
