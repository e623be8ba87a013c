"""A server of files on loopback, and the folder of downloaded copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from usage_assets.reference.copies import CopyFolder
from usage_assets_tests.reference.file_server import FileServer, running_file_server


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running_file_server() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> CopyFolder:
    return CopyFolder(tmp_path / "reference")
