"""A pipeline for one example of a property test."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from usage_assets_tests.warehouse.pipeline import Pipeline


@contextmanager
def temporary_pipeline() -> Iterator[Pipeline]:
    """Provide an empty pipeline, and remove its folder after the example."""
    with tempfile.TemporaryDirectory() as folder:
        yield Pipeline(Path(folder))
