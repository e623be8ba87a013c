"""Damaged landing files: a file is read only if it is whole, and damage costs one window."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from usage_assets.landing.manifest import BrokenManifest, DamagedLandingFile
from usage_assets.landing.store import Landing
from usage_assets_tests.landing.files import lines, manifest_of, names
from usage_assets_tests.landing.land import land, raw
from usage_assets_tests.landing.windows import KEY

OTHER = msgspec.structs.replace(KEY, window_start=date(2026, 11, 21), window_end=date(2026, 11, 22))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def replace(path: Path) -> None:
    """Leave a whole file of the same format with fewer rows."""
    landing = Landing(path.parents[3])
    landing.write_rows(KEY, [raw(b'{"id":1}')]).path.replace(path)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = pytest.mark.parametrize("damage", [cut, zero, empty, replace, Path.unlink, make_folder])


@pytest.fixture
def data_file(landing: Landing) -> Path:
    """The data file of the window, with two rows beside another window."""
    land(landing, b'{"id":1}', b'{"id":2}')
    land(landing, b'{"id":3}', key=OTHER)
    return landing.data_path(manifest_of(landing, KEY))


# Reading


def test_the_pages_of_a_whole_file_are_read_as_they_were_written(landing: Landing) -> None:
    land(landing, b'{"id":1}', b'{"id":2}')

    assert list(landing.verified_pages(manifest_of(landing, KEY))) == [b'{"id":1}\n{"id":2}\n']


@DAMAGES
def test_a_damaged_file_is_named_with_account_and_window(
    landing: Landing, data_file: Path, damage: Callable[[Path], None]
) -> None:
    damage(data_file)

    with pytest.raises(DamagedLandingFile, match=rf"Account a-1: .*{data_file.name} of 2026-11-20 "):
        list(landing.verified_pages(manifest_of(landing, KEY)))


def test_no_row_of_a_damaged_file_is_read(landing: Landing, data_file: Path) -> None:
    replace(data_file)

    with pytest.raises(DamagedLandingFile):
        next(landing.verified_pages(manifest_of(landing, KEY)))


def test_a_file_with_other_rows_than_its_manifest_says_is_damaged(landing: Landing, data_file: Path) -> None:
    assert data_file.exists()
    manifest = msgspec.structs.replace(manifest_of(landing, KEY), rows=3)

    with pytest.raises(DamagedLandingFile, match="has 2 rows instead of 3"):
        list(landing.verified_pages(manifest))


# Quarantine


@DAMAGES
def test_a_damaged_window_is_missing_once_it_is_in_quarantine(
    landing: Landing, data_file: Path, damage: Callable[[Path], None]
) -> None:
    damage(data_file)

    moved = landing.quarantine(KEY)

    assert (moved, landing.windows(), landing.manifest(KEY)) == (True, [OTHER], None)


def test_the_files_of_a_damaged_window_are_kept_in_quarantine(landing: Landing, data_file: Path) -> None:
    cut(data_file)

    landing.quarantine(KEY)

    folder = landing.root / "quarantine" / "a-1" / "default"
    assert landing.quarantined() == [folder / data_file.name, folder / f"{KEY.file_stem}.json"]


def test_a_whole_window_is_not_moved(landing: Landing, data_file: Path) -> None:
    moved = landing.quarantine(KEY)

    assert (moved, data_file.exists(), landing.windows()) == (False, True, [KEY, OTHER])


def test_a_window_that_never_landed_is_not_moved(landing: Landing) -> None:
    assert not landing.quarantine(KEY)


def test_a_window_from_quarantine_lands_again(landing: Landing, data_file: Path) -> None:
    cut(data_file)
    landing.quarantine(KEY)

    land(landing, b'{"id":1}', b'{"id":2}')

    assert (lines(landing, KEY), KEY in landing.pending()) == ([b'{"id":1}', b'{"id":2}'], True)


# Broken manifests


@pytest.fixture(params=["", "{", "null", '{"account_id": "a-1"}', "\x00\x00\x00"])
def broken_manifest(landing: Landing, request: pytest.FixtureRequest) -> Path:
    """The broken manifest of the window, beside another window."""
    land(landing, b'{"id":1}')
    land(landing, b'{"id":3}', key=OTHER)
    path = landing.root / "windows" / "a-1" / "default" / f"{KEY.file_stem}.json"
    path.write_text(request.param)
    return path


def test_a_broken_manifest_is_named(landing: Landing, broken_manifest: Path) -> None:
    with pytest.raises(BrokenManifest, match=broken_manifest.name):
        landing.manifest(KEY)


def test_the_windows_with_a_broken_manifest_are_listed(landing: Landing, broken_manifest: Path) -> None:
    assert list(landing.broken()) == [KEY]
    assert str(broken_manifest) in landing.broken()[KEY]


def test_a_broken_manifest_does_not_hide_the_other_windows(landing: Landing, broken_manifest: Path) -> None:
    assert broken_manifest.exists()
    assert landing.pending() == [KEY, OTHER]
    assert OTHER in landing.windows()


def test_a_window_with_an_empty_manifest_has_not_landed(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    (landing.root / "windows" / "a-1" / "default" / f"{KEY.file_stem}.json").write_bytes(b"")

    assert (landing.windows(), landing.held_windows("a-1", ["default"])) == ([], set())


def test_the_next_fetch_replaces_a_broken_manifest(landing: Landing, broken_manifest: Path) -> None:
    changed = land(landing, b'{"id":1}')

    assert (changed, landing.broken(), lines(landing, KEY)) == (True, {}, [b'{"id":1}'])
    assert broken_manifest.exists()


def test_a_broken_manifest_can_be_put_into_quarantine(landing: Landing, broken_manifest: Path) -> None:
    landing.quarantine(KEY)

    assert (broken_manifest.exists(), landing.windows()) == (False, [OTHER])
    assert f"quarantine/a-1/default/{broken_manifest.name}" in names(landing.root)
