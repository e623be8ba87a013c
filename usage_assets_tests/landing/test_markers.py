"""Markers: the names that say which window changed to which state, and the windows that may still change."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from usage_assets.integrations.windows import Window
from usage_assets.landing.manifest import LoadState, WindowKey
from usage_assets.landing.markers import key_of_marker, pending_name
from usage_assets.landing.store import Landing
from usage_assets_tests.landing.land import MONDAY, derive_all, land
from usage_assets_tests.landing.windows import KEY, WINDOW

STATE = LoadState("5f2c" * 16, is_final=False, elapsed_days=1)
STRANGE_NAMES = [".DS_Store", "notes.txt~", "a-1~default~2026-11-20", "a-1~default~2026-11-31~2026-12-01", "..~a~b~c"]


def provisional(landing: Landing, *reports: str) -> dict[Window, datetime]:
    return landing.provisional_fetches("a-1", reports or ["default"])


# Names


@pytest.mark.parametrize("report", ["default", "cost-by.model"])
def test_a_markers_name_is_parsed_to_its_window(report: str) -> None:
    key = WindowKey("a-1_x.y", report, date(2026, 11, 1), date(2026, 12, 1))

    assert (key_of_marker(key.marker_name), key_of_marker(pending_name(key, STATE))) == (key, key)


@pytest.mark.parametrize(
    "other",
    [
        LoadState("77aa" * 16, is_final=False, elapsed_days=1),
        LoadState("5f2c" * 16, is_final=True, elapsed_days=1),
        LoadState("5f2c" * 16, is_final=False, elapsed_days=2),
    ],
    ids=["content", "finality", "elapsed days"],
)
def test_every_load_state_of_a_window_has_a_name_of_its_own(other: LoadState) -> None:
    assert pending_name(KEY, other) != pending_name(KEY, STATE)


# Pending


def test_a_window_that_lands_while_its_former_state_is_derived_stays_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    derived = landing.readable_manifest(KEY)
    assert derived is not None
    land(landing, b'{"id":2}')

    landing.forget_pending({KEY: derived.load_state})

    assert landing.pending() == [KEY]


def test_the_marker_of_a_fetch_that_was_killed_before_its_manifest_goes_with_the_derived_state(
    landing: Landing,
) -> None:
    land(landing, b'{"id":1}')
    (landing.root / "pending" / pending_name(KEY, STATE)).touch()

    derive_all(landing)

    assert landing.pending() == []


def test_the_marker_of_a_window_that_never_landed_goes(landing: Landing) -> None:
    (landing.root / "pending").mkdir(parents=True)
    (landing.root / "pending" / pending_name(KEY, STATE)).touch()

    derive_all(landing)

    assert landing.pending() == []


def test_the_marker_of_a_fetch_that_still_runs_stays(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    (landing.root / "pending" / pending_name(KEY, STATE)).touch()

    with landing.account_lock("a-1"):
        derive_all(landing)

    assert landing.pending() == [KEY]


def test_a_marker_of_an_older_version_is_pending_until_its_window_is_derived(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    derive_all(landing)
    (landing.root / "pending" / KEY.marker_name).touch()
    pending_before = landing.pending()

    derive_all(landing)

    assert (pending_before, landing.pending()) == ([KEY], [])


# Strange files


@pytest.mark.parametrize("name", STRANGE_NAMES)
@pytest.mark.parametrize("folder", ["pending", "provisional/a-1", "windows/a-1/default"])
def test_a_strange_file_changes_nothing_and_is_listed(landing: Landing, folder: str, name: str) -> None:
    land(landing, b'{"id":1}')
    stray = landing.root / folder / name
    stray.touch()

    assert (landing.pending(), landing.windows(), list(provisional(landing))) == ([KEY], [KEY], [WINDOW])
    assert landing.pending_since() is not None
    assert landing.strange_files() == [stray]


@pytest.mark.parametrize("folder", ["pending", "provisional", "windows", "windows/a-1", "windows/a-1/default"])
def test_a_strange_folder_changes_nothing_and_is_listed(landing: Landing, folder: str) -> None:
    land(landing, b'{"id":1}')
    stray = landing.root / folder / "new folder"
    stray.mkdir()

    assert (landing.pending(), landing.windows(), list(provisional(landing))) == ([KEY], [KEY], [WINDOW])
    assert landing.strange_files() == [stray]


def test_nothing_is_strange_in_a_folder_that_only_the_pipeline_wrote(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    land(landing, b'{"id":2}')
    landing.write_rows(KEY, [])

    assert landing.strange_files() == []


# Provisional windows


def test_a_new_folder_has_no_provisional_window(landing: Landing) -> None:
    assert provisional(landing) == {}


def test_a_window_is_provisional_since_its_last_fetch(landing: Landing) -> None:
    land(landing, at=MONDAY - timedelta(days=1))
    land(landing, at=MONDAY)

    assert provisional(landing) == {WINDOW: MONDAY}


def test_a_final_window_is_not_provisional(landing: Landing) -> None:
    land(landing)
    land(landing, final=True)

    assert provisional(landing) == {}


def test_a_window_is_provisional_while_one_of_its_reports_is(landing: Landing) -> None:
    land(landing, final=True, at=MONDAY - timedelta(days=1))
    land(landing, key=msgspec.structs.replace(KEY, report="cost"), at=MONDAY)

    assert provisional(landing, "default", "cost") == {WINDOW: MONDAY - timedelta(days=1)}


def test_a_window_that_lacks_a_report_is_missing_and_not_provisional(landing: Landing) -> None:
    land(landing)

    assert provisional(landing, "default", "cost") == {}


def test_a_marker_without_a_window_is_not_provisional(landing: Landing) -> None:
    land(landing, key=msgspec.structs.replace(KEY, window_start=date(2026, 11, 1), window_end=date(2026, 11, 2)))
    (landing.root / "provisional" / "a-1" / KEY.marker_name).touch()

    assert WINDOW not in provisional(landing)


def test_a_final_window_whose_marker_a_kill_left_is_not_provisional(landing: Landing) -> None:
    land(landing, final=True)
    (landing.root / "provisional" / "a-1" / KEY.marker_name).touch()

    assert provisional(landing) == {}


def test_a_provisional_window_whose_manifest_cannot_be_read_was_never_fetched(landing: Landing) -> None:
    land(landing)
    manifest_file(landing).write_text("{")

    assert provisional(landing) == {WINDOW: datetime(1970, 1, 1, tzinfo=UTC)}


def test_a_folder_of_an_older_version_gets_its_markers_from_the_manifests(landing: Landing) -> None:
    land(landing)
    final = msgspec.structs.replace(KEY, window_start=date(2026, 11, 1), window_end=date(2026, 11, 2))
    land(landing, key=final, final=True)
    without_markers(landing)

    assert provisional(landing) == {WINDOW: MONDAY}


def test_a_fetch_into_a_folder_of_an_older_version_keeps_the_other_windows_provisional(landing: Landing) -> None:
    land(landing)
    without_markers(landing)
    next_day = msgspec.structs.replace(KEY, window_start=date(2026, 11, 21), window_end=date(2026, 11, 22))

    land(landing, key=next_day)

    assert provisional(landing) == {WINDOW: MONDAY, next_day.window: MONDAY}


def manifest_file(landing: Landing) -> Path:
    return landing.root / "windows" / "a-1" / "default" / f"{KEY.file_stem}.json"


def without_markers(landing: Landing) -> None:
    """Remove the provisional markers, which older versions did not write."""
    for path in (landing.root / "provisional" / "a-1").iterdir():
        path.unlink()
    (landing.root / "provisional" / "a-1").rmdir()
