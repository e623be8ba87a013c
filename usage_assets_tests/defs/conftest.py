"""A sandbox at a fixed time, and a project and a Dagster instance for each test."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.defs.build import code_location
from usage_assets.defs.location import CodeLocation
from usage_assets.project import Project
from usage_assets.settings import Settings

BACKFILL_DAYS = 9
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()
SANDBOX = SandboxSettings(late_after_seconds=0, rate_limited=False, users=3, now=lambda: NOW)

ProjectAt = Callable[..., Project]


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with running(SANDBOX) as url:
        yield url


def make_project(
    url: str,
    *,
    data_dir: Path,
    now: Callable[[], datetime] = lambda: NOW,
    env_file: Path | None = None,
    **given: object,
) -> Project:
    """Return a project of the sandbox at `url`, with the other settings in `given`."""
    values: dict[str, object] = {
        "token": "sandbox",
        "base_url": url,
        "data_dir": data_dir,
        "start_date": date(2026, 1, 1),
        "backfill_days": BACKFILL_DAYS,
        "include_sandbox": False,
    }
    return Project(Settings.model_validate({**values, **given}), now, env_file=env_file)


@pytest.fixture
def project_with(sandbox_url: str, tmp_path: Path) -> ProjectAt:
    """Return a function that makes a project of the sandbox with the settings of a test."""
    return partial(make_project, sandbox_url, data_dir=tmp_path / "data")


@pytest.fixture
def project(project_with: ProjectAt) -> Project:
    return project_with()


@pytest.fixture
def location(project: Project) -> CodeLocation:
    return code_location(project)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance
