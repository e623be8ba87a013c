"""Manifests, window keys and safe names."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from usage_assets.landing.manifest import (
    LandingError,
    LoadState,
    Manifest,
    read_manifest,
    validated_name,
)

MANIFEST = Manifest(
    account_id="a-1",
    integration="cursor",
    report="default",
    window_start=date(2026, 11, 20),
    window_end=date(2026, 11, 21),
    request="GET /unified/usage-metering/usage",
    pages=1,
    rows=2,
    sha256="5f2c",
    data_file="2026-11-20_2026-11-21.5f2c.ndjson.zst",
    fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
    elapsed_days=1,
    is_final=False,
)


# Names


@pytest.mark.parametrize("name", ["a", "7c9e6679-7425-40de-944b-e07fc1f90ae7", "Acme_2.eu", "a..b", "x" * 128])
def test_a_safe_name_is_accepted(name: str) -> None:
    assert validated_name(name, what="account id") == name


@pytest.mark.parametrize(
    "name",
    ["a|b", "a~b", "a/b", "a\\b", "..", ".", "../a", ".hidden", "-a", "", " ", "a b", "a\n", "a\0", "é", "x" * 129],
)
def test_an_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(LandingError, match=r"^The account id .* cannot be used"):
        validated_name(name, what="account id")


# What must be loaded


def test_a_window_without_a_previous_manifest_must_be_loaded() -> None:
    assert MANIFEST.differs_from(None)


@pytest.mark.parametrize("change", [{"sha256": "other"}, {"is_final": True}, {"elapsed_days": 0}])
def test_a_change_of_content_finality_or_elapsed_days_must_be_loaded(change: dict[str, object]) -> None:
    assert msgspec.structs.replace(MANIFEST, **change).differs_from(MANIFEST)


@pytest.mark.parametrize(
    "change", [{"fetched_at": datetime(2026, 11, 24, tzinfo=UTC)}, {"pages": 2}, {"request": "GET /other"}]
)
def test_equal_content_need_not_be_loaded(change: dict[str, object]) -> None:
    assert not msgspec.structs.replace(MANIFEST, **change).differs_from(MANIFEST)


def test_the_load_state_is_content_finality_and_elapsed_days() -> None:
    assert MANIFEST.load_state == LoadState(sha256="5f2c", is_final=False, elapsed_days=1)


# The file


def test_a_written_manifest_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(msgspec.json.encode(MANIFEST))

    assert read_manifest(path) == MANIFEST


def test_no_file_is_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest.json") is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
def test_a_file_that_is_no_manifest_is_named_in_the_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)

    with pytest.raises(LandingError, match=r"manifest\.json cannot be read"):
        read_manifest(path)
