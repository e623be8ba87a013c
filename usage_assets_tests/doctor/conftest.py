"""A sandbox, and settings that point at it and at a folder of the test's own."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from truto_sandbox.server import running
from truto_sandbox.settings import SandboxSettings
from usage_assets.doctor.examination import Surroundings, examine
from usage_assets.doctor.findings import Finding
from usage_assets.settings import Settings, settings_from
from usage_assets_tests.truto.scripted_api import ScriptedApi

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

Examine: TypeAlias = Callable[[Settings], list[Finding]]
Configure: TypeAlias = Callable[..., Settings]


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with running(SandboxSettings(late_after_seconds=0, rate_limited=False, users=1)) as url:
        yield url


@pytest.fixture
def configure(sandbox_url: str, tmp_path: Path) -> Configure:
    """Settings of a sound environment, apart from what a test changes."""

    def configured(**changes: str) -> Settings:
        sound = {"TRUTO_BASE_URL": sandbox_url, "TRUTO_API_TOKEN": "sandbox", "USAGE_DATA_DIR": "data"}
        return settings_from({**sound, **changes}, tmp_path)

    return configured


@pytest.fixture
def offline(configure: Configure) -> Settings:
    """Settings without a token: nothing is asked."""
    settings = configure(TRUTO_API_TOKEN="")
    settings.data_dir.mkdir()
    return settings


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").touch()
    return Surroundings(env_file=tmp_path / ".env", dagster_home=home, now=NOW)


@pytest.fixture
def examined(surroundings: Surroundings) -> Examine:
    """Every finding about an environment."""
    return lambda settings: list(examine(settings, surroundings))


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    """An API that answers what the test tells it."""
    with ScriptedApi() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
