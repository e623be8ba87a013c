"""Fixtures of the warehouse tests."""

from pathlib import Path

import pytest

from usage_assets_tests.warehouse.pipeline import Pipeline


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    """An empty pipeline for each test."""
    return Pipeline(tmp_path)
