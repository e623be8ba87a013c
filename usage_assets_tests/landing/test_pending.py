"""Pending markers: the windows that changed and are not derived yet."""

from datetime import UTC, datetime

import pytest

from usage_assets.landing.store import Landing
from usage_assets_tests.landing.files import lines, manifest_of
from usage_assets_tests.landing.land import MONDAY, derive_all, land
from usage_assets_tests.landing.windows import KEY

TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_a_new_folder_has_no_pending_window(landing: Landing) -> None:
    assert landing.pending() == []


def test_a_new_window_is_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    assert landing.pending() == [KEY]


def test_a_derived_window_is_not_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    derive_all(landing)

    assert landing.pending() == []


def test_a_window_without_a_marker_may_be_forgotten(landing: Landing) -> None:
    landing.forget_pending({KEY: None})

    assert landing.pending() == []


class TestAnEqualResponse:
    """The window landed on Monday, was derived, and landed on Tuesday with the same content."""

    @pytest.fixture(autouse=True)
    def landed_again(self, landing: Landing) -> None:
        land(landing, b'{"id":1}', at=MONDAY)
        derive_all(landing)
        self.changed = land(landing, b'{"id":1}', at=TUESDAY)

    def test_no_load_is_needed(self) -> None:
        assert not self.changed

    def test_it_is_not_pending(self, landing: Landing) -> None:
        assert landing.pending() == []

    def test_it_renews_the_time_of_the_fetch(self, landing: Landing) -> None:
        assert manifest_of(landing, KEY).fetched_at == TUESDAY

    def test_its_rows_are_kept(self, landing: Landing) -> None:
        assert lines(landing, KEY) == [b'{"id":1}']


@pytest.mark.parametrize("row", [b'{"id":2}', b'{"id": 1}'], ids=["other row", "other text"])
def test_changed_content_is_pending(landing: Landing, row: bytes) -> None:
    land(landing, b'{"id":1}')
    derive_all(landing)

    land(landing, row)

    assert landing.pending() == [KEY]


def test_an_equal_response_that_has_become_final_is_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    derive_all(landing)

    land(landing, b'{"id":1}', final=True)

    assert landing.pending() == [KEY]


def test_an_equal_response_keeps_a_pending_window_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing, b'{"id":1}')

    assert landing.pending() == [KEY]


def test_a_folder_without_pending_windows_has_no_oldest_one(landing: Landing) -> None:
    assert landing.pending_since() is None


def test_pending_since_is_when_the_oldest_window_landed(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    [marker] = (landing.root / "pending").iterdir()

    assert landing.pending_since() == datetime.fromtimestamp(marker.stat().st_mtime, UTC)
