"""The calm sandbox, shared by the tests that need no settings of their own."""

from collections.abc import Iterator

import pytest

from usage_assets_tests.truto_sandbox.api import Api, sandbox


@pytest.fixture(scope="session")
def api() -> Iterator[Api]:
    with sandbox() as client:
        yield client
