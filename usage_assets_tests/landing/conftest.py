"""A landing folder, a profile, a scripted API with its client, and the fetch of one window."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from usage_assets.integrations.profiles import Profile, Report, load_profiles
from usage_assets.landing.fetch import FetchTarget, LandedWindow, WindowFetcher
from usage_assets.landing.store import Landing
from usage_assets.truto import TrutoClient
from usage_assets_tests.landing.files import names
from usage_assets_tests.landing.land import derive_all
from usage_assets_tests.landing.responses import page, row
from usage_assets_tests.landing.windows import NOW, WINDOW
from usage_assets_tests.truto.scripted_api import ScriptedApi, connected_client, retry_policy, running_api

Fetch: TypeAlias = Callable[..., LandedWindow]
DEFAULT_REPORT = Report("default", {"date": "{start}"})


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
    """A profile with windows of one day, which makes 2026-11-20 final on 2026-11-28."""
    return load_profiles().of("openai_codex")


@pytest.fixture
def target(profile: Profile) -> FetchTarget:
    return FetchTarget("a-1", profile)


@pytest.fixture
def fetch(client: TrutoClient, landing: Landing, target: FetchTarget) -> Fetch:
    """Fetch the window that most tests use."""

    def window(at: datetime = NOW) -> LandedWindow:
        return WindowFetcher(client, target, landing, lambda: at, lambda: False).fetch(DEFAULT_REPORT, WINDOW)

    return window


@pytest.fixture
def landed_before(api: ScriptedApi, fetch: Fetch, landing: Landing) -> set[str]:
    """Land the window with one row, without its pending marker; return its files."""
    api.answers_with(page(row(1)))
    fetch()
    api.answers.clear()
    derive_all(landing)
    return names(landing.root)
