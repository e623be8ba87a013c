"""The files of the landing folder: strange ones, broken manifests and quarantine are named."""

from pathlib import Path

import pytest

from usage_assets.doctor.findings import Level
from usage_assets.doctor.landing_files import landing_file_findings
from usage_assets.landing.store import Landing
from usage_assets_tests.landing.files import manifest_of
from usage_assets_tests.landing.land import land
from usage_assets_tests.landing.windows import KEY


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path)
    land(landing, b'{"id":1}')
    return landing


def found(landing: Landing) -> tuple[Level, str]:
    [finding] = landing_file_findings(landing)
    return finding.level, finding.message


def test_files_as_they_were_written_are_ok(landing: Landing) -> None:
    assert found(landing)[0] is Level.ok


def test_a_strange_file_is_a_warning_with_its_name(landing: Landing) -> None:
    (landing.root / "pending" / ".DS_Store").touch()

    level, message = found(landing)

    assert (level, "pending/.DS_Store" in message) == (Level.warn, True)


def test_a_broken_manifest_is_a_failure_with_account_and_window(landing: Landing) -> None:
    next(landing.root.glob("windows/*/*/*.json")).write_bytes(b"")

    level, message = found(landing)

    assert (level, message.startswith("account a-1, 2026-11-20: ")) == (Level.fail, True)


def test_files_in_quarantine_are_a_warning(landing: Landing) -> None:
    landing.data_path(manifest_of(landing, KEY)).write_bytes(b"")
    landing.quarantine(KEY)

    level, message = found(landing)

    assert (level, message.startswith("2 were damaged")) == (Level.warn, True)
