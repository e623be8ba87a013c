"""Start processes and measure them from outside: CPU and peak memory from the rusage of a finished child.

A child's peak memory starts at the size of its parent, so this process imports little and stays small.
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
from typing import TypeVar

import msgspec

from bench.candidates.job import Job, JobResult
from bench.pages import Expected, Shape
from bench.server import EXPECTED

CHECKOUT = Path(__file__).resolve().parent.parent
KIB = 1024
EVENTS_PER_BATCH = "1000"
LOG_END = 800
Answer = TypeVar("Answer")


class ProcessFailed(Exception):
    """A measured process ended with an error; the message has the end of its log."""


@dataclass(frozen=True)
class ProcessUsage:
    """The resources that a process used: CPU and wall seconds, peak resident bytes."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class PageServer:
    """A running server and the right result for its pages."""

    url: str
    shape: Shape
    expected: Expected


@contextmanager
def serve_pages(shape: Shape) -> Iterator[PageServer]:
    """Serve the pages of `shape` from a child process during the block."""
    size = [str(number) for number in (shape.accounts, shape.days, shape.pages, shape.page_rows)]
    command = [sys.executable, "-m", "bench.server", *size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=CHECKOUT) as process:
        try:
            url = process.stdout.readline().decode().strip() if process.stdout else ""
            with urllib.request.urlopen(f"{url}{EXPECTED}", timeout=60) as answer:  # noqa: S310 - our own server
                yield PageServer(url, shape, msgspec.json.decode(answer.read(), type=Expected))
        finally:
            process.kill()


def measure_process(command: list[str], home: Path, env: dict[str, str] | None = None) -> ProcessUsage:
    """Run a process with working folder `home`; return what it and the children it waited for used.

    Raises:
        ProcessFailed: The process ended with an error.
    """
    log = home / "log.txt"
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=home, env=env or environment(home))
        _, status, rusage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        log_end = log.read_text()[-LOG_END:]
        raise ProcessFailed(f"{' '.join(command[:5])} ended with {process.returncode}: {log_end}")
    return ProcessUsage(rusage.ru_utime + rusage.ru_stime, wall, rusage.ru_maxrss * KIB)


def run_job(module: str, job: Job) -> tuple[ProcessUsage, JobResult]:
    """Run `job` by one candidate in a new process; return what the process used and the result.

    Raises:
        ProcessFailed: The process ended with an error.
    """
    text = msgspec.json.encode(job).decode()
    command = [sys.executable, "-m", "bench.candidates", module]
    usage = measure_process([*command, "run", text], job.home)
    return usage, _answer([*command, "result", text], job.home, environment(job.home), JobResult)


def run_inside(module: str, task: msgspec.Struct, env: dict[str, str], answer: type[Answer]) -> Answer:
    """Run a module of `bench.inside`, which measures itself, and return its result.

    Raises:
        ProcessFailed: The process ended with an error.
    """
    command = [sys.executable, "-m", f"bench.inside.{module}", msgspec.json.encode(task).decode()]
    return _answer(command, CHECKOUT, env, answer)


def _answer(command: list[str], folder: Path, env: dict[str, str], answer: type[Answer]) -> Answer:
    """Run a process that prints JSON and return what it printed."""
    process = subprocess.run(command, stdout=subprocess.PIPE, cwd=folder, env=env, check=False)
    if process.returncode != 0:
        raise ProcessFailed(f"{' '.join(command[:3])} ended with {process.returncode}; its error is above")
    return msgspec.json.decode(process.stdout, type=answer)


def product_environment(url: str, home: Path, start: date, backfill_days: int = 1) -> dict[str, str]:
    """Return the environment of the product with its data and its Dagster instance in `home`."""
    prepare_instance(home)
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


def prepare_instance(home: Path) -> None:
    """Give `home` the project's own configuration of a Dagster instance."""
    shutil.copy(CHECKOUT / "dagster.yaml", home)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a child process that keeps all its files, hidden ones too, in `home`.

    Events are stored in batches, as by the commands and the Makefile. Rates and prices are those of the packages.
    """
    variables = {"HOME": str(home), "PYTHONPATH": str(CHECKOUT), "DAGSTER_EVENT_BATCH_SIZE": EVENTS_PER_BATCH}
    variables |= {"USAGE_RATES_URL": "off", "USAGE_PRICES_URL": "off"}
    return {**os.environ, **variables}


@contextmanager
def empty_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder and remove it afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report_progress(text: str) -> None:
    """Print a line of progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
