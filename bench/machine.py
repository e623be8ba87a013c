"""Describe the machine of a measurement: processor, cores, memory, load and versions."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bench.measure import CHECKOUT

PACKAGES = (
    "duckdb", "pandas", "pyarrow", "msgspec", "httpx", "zstandard", "dagster", "dlt", "orjson", "requests",
)  # fmt: skip


def machine_line() -> str:
    """Return processor, cores, memory and kernel."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def versions_line() -> str:
    """Return the versions of the product, of Python and of the main packages."""
    return ", ".join(
        [
            f"usage_assets {_revision()}, Python {platform.python_version()}",
            *(f"{name} {_version(name)}" for name in PACKAGES),
        ]
    )


def load_line() -> str:
    """Return the current time and the load of the machine over the last minutes."""
    averages = " ".join(f"{average:.1f}" for average in os.getloadavg())
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average {averages}"


def _revision() -> str:
    command = ["git", "describe", "--always", "--dirty=, with changes since"]
    try:
        described = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    except OSError:
        return "of unknown revision"
    return described.stdout.strip() or "of unknown revision"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
