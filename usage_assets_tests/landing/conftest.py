"""A landing folder and a scripted API for the tests of landing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets.truto import TrutoClient
from usage_assets_tests.truto.scripted_api import ScriptedApi, connected_client, retry_policy, running_api

DAY = date(2026, 11, 20)
WINDOW = Window(DAY, date(2026, 11, 21))
KEY = WindowKey("a-1", "default", WINDOW.start, WINDOW.end)


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with running_api() as server:
        yield server


@pytest.fixture
def client(api: ScriptedApi) -> Iterator[TrutoClient]:
    with connected_client(api, retry_policy([])) as client:
        yield client


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


@pytest.fixture
def profile() -> Profile:
    """A profile with windows of a day, final on 2026-11-28."""
    return load_profiles().of("openai_codex")
