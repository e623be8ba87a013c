from datetime import date
from pathlib import Path

import pytest

from usage_assets.integrations.profiles import Profile, load_profiles
from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import WindowKey
from usage_assets.landing.store import Landing
from usage_assets_tests.truto.conftest import api, client, retry, waits

__all__ = ["api", "client", "retry", "waits"]

DAY = date(2026, 11, 20)
WINDOW = Window(DAY, date(2026, 11, 21))
KEY = WindowKey("a-1", "default", WINDOW.start, WINDOW.end)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


@pytest.fixture
def profile() -> Profile:
    """A profile with windows of a day, final on 2026-11-28."""
    return load_profiles().of("openai_codex")
