"""On what was measured: processor, cores, memory, load, versions. Without that a figure says nothing."""

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
    """Returns processor, cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def versions_line() -> str:
    """Returns the product's revision, Python, and the packages that do the work."""
    return ", ".join(
        [
            f"usage_assets {_revision()}, Python {platform.python_version()}",
            *(f"{name} {_version(name)}" for name in PACKAGES),
        ]
    )


def load_line() -> str:
    """Returns when this is, and how busy the machine was over the last minutes."""
    one, five, fifteen = os.getloadavg()
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average {one:.1f} {five:.1f} {fifteen:.1f}"


def _revision() -> str:
    command = ["git", "describe", "--always", "--dirty=, with changes since"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    except OSError:
        return "of an unknown revision"
    return found.stdout.strip() or "of an unknown revision"


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
