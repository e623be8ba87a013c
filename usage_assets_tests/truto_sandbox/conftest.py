"""One calm sandbox for the tests that need nothing special of it."""

from collections.abc import Iterator

import pytest

from usage_assets_tests.truto_sandbox.api import Api, sandbox


@pytest.fixture(scope="session")
def api() -> Iterator[Api]:
    with sandbox() as one:
        yield one
