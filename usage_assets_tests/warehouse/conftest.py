"""Fixtures of the warehouse tests."""

from pathlib import Path

import pytest

from usage_assets_tests.warehouse.books import Books


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Empty books of its own for each test."""
    return Books(tmp_path)
