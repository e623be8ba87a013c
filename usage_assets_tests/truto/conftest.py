"""A scripted API on loopback: each test says what it answers."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from usage_assets.truto import RequestLimits, RetryPolicy, TrutoClient
from usage_assets_tests.truto.clock import Clock
from usage_assets_tests.truto.scripted_api import ScriptedApi

TOKEN = "tok_live_5f2c9a7b1e"
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with ScriptedApi() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the client would have waited."""
    return []


@pytest.fixture
def retry(waits: list[float]) -> RetryPolicy:
    return RetryPolicy(sleep=waits.append, now=lambda: NOW, chance=lambda: 0.0)


@pytest.fixture
def client(api: ScriptedApi, retry: RetryPolicy) -> Iterator[TrutoClient]:
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry, limits=RequestLimits(per_account=5000)) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()
