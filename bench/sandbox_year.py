"""Provide a year of sandbox companies, which the real pipeline fetched, derived and published, one folder per seed.

A year takes minutes to build, so its folder is kept and found again. Its name has a hash of the sandbox's code and of
the tables: another sandbox or another table gives another year. After other changes of the product, remove the folder.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bench.inside.tasks import SandboxYearTask
from bench.measure import CHECKOUT, environment, prepare_instance, report_progress, run_inside
from usage_assets.warehouse.tables import BOOKKEEPING, TABLES

FIRST_DAY, LAST_DAY = date(2025, 8, 1), date(2026, 8, 31)
FIRST_MONTH = date(2025, 9, 1)
"""The first of twelve months; the month before it is history alone."""

NOW = datetime(2026, 10, 5, 6, tzinfo=UTC)
"""The time at which everything is fetched: no vendor restates these days any more."""

CACHE = Path(tempfile.gettempdir()) / "usage-bench-years"


@dataclass(frozen=True)
class SandboxYear:
    """The data folder of one seed, with its landing files, warehouse and published files."""

    seed: int
    folder: Path

    @property
    def published(self) -> Path:
        """The current published generation."""
        return self.folder / "published" / "current"

    @property
    def warehouse(self) -> Path:
        """The warehouse file. Copy it before you change it."""
        return self.folder / "usage.duckdb"


def sandbox_year(seed: int, cache: Path = CACHE) -> SandboxYear:
    """Return the year of a seed; build it unless `cache` holds it.

    Raises:
        ProcessFailed: The pipeline failed.
    """
    folder = cache / f"{_hash()}-seed-{seed}"
    if not folder.exists():
        report_progress(f"sandbox companies of seed {seed}: fetching and deriving {FIRST_DAY} to {LAST_DAY}")
        _build(seed, folder)
    return SandboxYear(seed, folder)


def _build(seed: int, folder: Path) -> None:
    arriving = folder.with_name(f".{folder.name}")
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    prepare_instance(arriving)
    task = SandboxYearTask(seed, str(arriving), FIRST_DAY, LAST_DAY, NOW)
    run_inside("sandbox_year", task, environment(arriving), str)
    arriving.rename(folder)


def _hash() -> str:
    files = sorted((CHECKOUT / "truto_sandbox").rglob("*.py"))
    tables = repr(sorted([*TABLES, *BOOKKEEPING])).encode()
    return hashlib.sha256(b"".join([tables, *(file.read_bytes() for file in files)])).hexdigest()[:12]
