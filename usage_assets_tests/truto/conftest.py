"""A scripted API on loopback, a client of it, and a clock."""

from collections.abc import Iterator

import pytest

from usage_assets.truto import RequestLimits, RetryPolicy, TrutoClient
from usage_assets_tests.truto.clock import Clock
from usage_assets_tests.truto.scripted_api import PRACTICALLY_UNLIMITED, TOKEN, ScriptedApi, retry_policy, running_api


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with running_api() as server:
        yield server


@pytest.fixture
def delays() -> list[float]:
    """The seconds that the client would have waited."""
    return []


@pytest.fixture
def retry(delays: list[float]) -> RetryPolicy:
    return retry_policy(delays)


@pytest.fixture
def client(api: ScriptedApi, retry: RetryPolicy) -> Iterator[TrutoClient]:
    """A client over the network as it is by default, certificates and proxies included."""
    limits = RequestLimits(per_account=PRACTICALLY_UNLIMITED)
    with TrutoClient(token=TOKEN, base_url=api.url, retry=retry, limits=limits) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()
