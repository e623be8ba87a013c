"""An environment, an instance and a sandbox of its own for each story."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.defs.resources import Project, current_project

BACKFILL_DAYS = 9
SANDBOX = SandboxSettings(late_after_seconds=0, rate_limited=False, users=3)


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with running(SANDBOX) as url:
        yield url


@pytest.fixture
def project(sandbox_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project of an environment that points at the sandbox."""
    monkeypatch.setenv("TRUTO_BASE_URL", sandbox_url)
    monkeypatch.setenv("TRUTO_API_TOKEN", "sandbox")
    monkeypatch.setenv("USAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("USAGE_BACKFILL_DAYS", str(BACKFILL_DAYS))
    monkeypatch.setenv("USAGE_INCLUDE_SANDBOX", "0")
    return current_project()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as one:
        yield one


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """An instance with files, which a schedule's context asks for."""
    home = tmp_path / "dagster"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home)) as one:
        yield one
