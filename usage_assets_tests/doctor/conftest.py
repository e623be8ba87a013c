"""A sandbox, a scripted API, and projects in a folder of each test."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.doctor.examination import examine
from usage_assets.project import Project
from usage_assets.settings import Settings
from usage_assets_tests.doctor.examining import NOW, Examine, ProjectWith
from usage_assets_tests.truto.scripted_api import ScriptedApi, running_api


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with running(SandboxSettings(late_after_seconds=0, rate_limited=False, users=1, now=lambda: NOW)) as url:
        yield url


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    """The path of an environment file that does not exist."""
    return tmp_path / ".env"


@pytest.fixture
def project_with(sandbox_url: str, tmp_path: Path) -> ProjectWith:
    """Return a function that makes a project of the sandbox at `NOW` with the settings of a test."""

    def project(**changes: object) -> Project:
        values: dict[str, object] = {
            "token": "sandbox",
            "base_url": sandbox_url,
            "data_dir": tmp_path / "data",
            "start_date": date(2026, 1, 1),
            "backfill_days": 9,
            "include_sandbox": False,
            "dagster_home": tmp_path / "dagster",
        }
        return Project(Settings.model_validate({**values, **changes}), lambda: NOW)

    return project


@pytest.fixture
def offline(project_with: ProjectWith) -> Project:
    """A project without a token, so that the API is not called; its data folder exists."""
    project = project_with(token=None)
    project.settings.data_dir.mkdir()
    return project


@pytest.fixture
def examined(env_file: Path) -> Examine:
    """Return a function that examines a project and returns every finding."""
    return lambda project: list(examine(project, env_file))


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with running_api() as server:
        yield server
