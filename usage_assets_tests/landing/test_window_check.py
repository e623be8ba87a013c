"""Rows of the requested window, and rows of other days."""

from typing import Any

import pytest

from usage_assets.landing.fetch import WindowMismatch
from usage_assets.landing.store import Landing
from usage_assets.landing.window_check import overlaps
from usage_assets_tests.landing.conftest import Fetch
from usage_assets_tests.landing.files import ids, lines, names
from usage_assets_tests.landing.responses import page, row
from usage_assets_tests.landing.windows import KEY, WINDOW
from usage_assets_tests.truto.scripted_api import ScriptedApi

# Rows of other days


@pytest.mark.parametrize(
    "rows",
    [
        [row(2, "2026-11-19T08:00:00Z", "2026-11-19T09:00:00Z")],
        [row(2, "2026-11-19T23:00:00Z", "2026-11-20T00:00:00Z")],
        [row(2, "2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z")],
        [row(2, "2026-11-21", None), row(3, "2025-11-20", "2025-11-21")],
        [row(2, "soon", "later"), row(3, "2026-11-19", "2026-11-20")],
        [row(2, "2026-11-19", "2026-11-20"), row(3, "soon", "later")],
        [row(2, "2026-11-19T23:30:00-01:00", None)],
        [row(2, "2026-11-21T00:00:00+02:00", "2026-11-22T00:00:00+02:00")],
        [row(2, "2026-11-17", None)],
    ],
    ids=[
        "the day before",
        "until its start",
        "from its end on",
        "several",
        "first unreadable",
        "last unreadable",
        "the day before by its own clock",
        "the day after by its own clock",
        "an earlier day without end",
    ],
)
class TestRowsOfOtherDays:
    def test_they_are_a_permanent_failure(self, api: ScriptedApi, fetch: Fetch, rows: list[dict[str, Any]]) -> None:
        api.answers_with(page(*rows))

        with pytest.raises(
            WindowMismatch, match=r"^Account a-1: the API returned only rows of other days for 2026-11-20, "
        ) as caught:
            fetch()

        assert caught.value.is_permanent

    def test_they_replace_nothing(
        self,
        api: ScriptedApi,
        fetch: Fetch,
        landing: Landing,
        landed_before: set[str],
        rows: list[dict[str, Any]],
    ) -> None:
        api.answers_with(page(*rows))

        with pytest.raises(WindowMismatch):
            fetch()

        assert (ids(landing, KEY), names(landing.root)) == ([1], landed_before)


@pytest.mark.parametrize(
    "rows",
    [
        [row(1, "2026-11-01", "2026-12-01")],
        [row(1, "2026-11-19T23:00:00Z", "2026-11-20T01:00:00Z")],
        [row(1, "2026-11-20T00:00:00Z", None)],
        [row(1, "2026-11-20T23:59:59.999Z", "2026-11-20T23:59:59.999Z")],
        [row(1, "2026-11-20", "2026-11-20")],
        [row(1, "2026-11-20T00:30:00", "2026-11-20T01:00:00")],
        [row(1, "2026-11-20T23:30:00-01:00", None)],
        [row(1, "2026-11-20T00:00:00+02:00", "2026-11-21T00:00:00+02:00")],
        [row(1, "2026-11-20T00:00:00+14:00", "2026-11-21T00:00:00+14:00")],
        [row(1, "2026-11-20T00:00:00+03:00", "2026-11-21T00:00:00+02:00")],
        [row(1, "2026-11-19", "2026-11-20"), row(2)],
        [row(1), row(2, "2026-11-19", "2026-11-20")],
    ],
    ids=[
        "a month",
        "over midnight",
        "no end",
        "the last moment",
        "dates alone",
        "no offset",
        "another offset",
        "a local day",
        "a local day far from UTC",
        "a local day of 25 hours",
        "one of them, the last",
        "one of them, the first",
    ],
)
def test_rows_land_when_one_of_them_overlaps_the_window(
    api: ScriptedApi, fetch: Fetch, landing: Landing, rows: list[dict[str, Any]]
) -> None:
    api.answers_with(page(*rows))

    fetch()

    assert ids(landing, KEY) == [expected["id"] for expected in rows]


def test_a_row_of_the_day_on_a_later_page_is_enough(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page(row(1, "2026-11-19", "2026-11-20"), cursor="next"), page(row(2)))

    fetch()

    assert ids(landing, KEY) == [1, 2]


UNREADABLE: list[object] = [None, "", "soon", "2026-02-30", 1763625600, True, [], {}, "0001-01-01T00:00:00+99:00"]


@pytest.mark.parametrize("start", UNREADABLE)
def test_an_unreadable_start_does_not_fail_the_fetch(
    api: ScriptedApi, fetch: Fetch, landing: Landing, start: object
) -> None:
    api.answers_with(page(row(1, start)))

    fetch()

    assert ids(landing, KEY) == [1]


@pytest.mark.parametrize("start", UNREADABLE)
def test_it_is_unknown_whether_a_row_without_readable_start_overlaps(start: object) -> None:
    assert overlaps(start, None, WINDOW) is None


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_start_at_the_limits_of_the_calendar_is_of_another_day(start: str) -> None:
    assert overlaps(start, start, WINDOW) is False


@pytest.mark.parametrize(
    "bad", [b"NaN", b"7", b'{"start_date":"\\ud83d"}', b'{"start_date":"\xff"}', b"[" * 2000 + b"]" * 2000]
)
def test_a_row_that_cannot_be_read_says_nothing_about_the_window(
    api: ScriptedApi, fetch: Fetch, landing: Landing, bad: bytes
) -> None:
    api.answers_with(b'{"result":[' + bad + b',{"start_date":"2026-11-20"}]}')

    fetch()

    assert lines(landing, KEY) == [bad, b'{"start_date":"2026-11-20"}']


def test_a_row_without_start_lands(api: ScriptedApi, fetch: Fetch, landing: Landing) -> None:
    api.answers_with(page({"id": 1}))

    fetch()

    assert ids(landing, KEY) == [1]
