"""The landing folder: its files after a success and after a failure."""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
import zstandard

from usage_assets.landing.manifest import LandingError, WindowKey
from usage_assets.landing.row_files import COMPRESSION_LEVEL
from usage_assets.landing.store import Landing
from usage_assets_tests.landing.files import lines, lines_of, names
from usage_assets_tests.landing.land import land, raw
from usage_assets_tests.landing.windows import KEY


def hash_of(*rows: bytes) -> str:
    """Return the part of the hash of `rows` that stands in names, from its definition."""
    frame = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(b"".join(row + b"\n" for row in rows))
    return hashlib.sha256(frame).hexdigest()[:16]


def data_file(*rows: bytes) -> str:
    """Return the path of the data file of `KEY` with `rows`."""
    return f"windows/a-1/default/2026-11-20_2026-11-21.{hash_of(*rows)}.ndjson.zst"


def pending_marker(*rows: bytes) -> str:
    """Return the path of the pending marker of `KEY` with `rows`, one day after the window."""
    return f"pending/a-1~default~2026-11-20~2026-11-21~{hash_of(*rows)}.1.open"


MANIFEST_FILE = "windows/a-1/default/2026-11-20_2026-11-21.json"
PROVISIONAL_MARKER = "provisional/a-1/a-1~default~2026-11-20~2026-11-21"


# Files


def test_a_window_is_its_rows_its_manifest_and_its_markers(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    written = {data_file(b'{"id":1}'), MANIFEST_FILE, pending_marker(b'{"id":1}'), PROVISIONAL_MARKER}
    assert names(landing.root) == written


def test_an_empty_response_is_a_file_too(landing: Landing) -> None:
    land(landing)

    assert names(landing.root) == {data_file(), MANIFEST_FILE, pending_marker(), PROVISIONAL_MARKER}


def test_a_row_keeps_its_text_exactly(landing: Landing) -> None:
    row = '{"amount": 1234567890.123456789012, "name": "é\u2028"}'.encode()

    land(landing, row)

    assert lines(landing, KEY) == [row]


def test_pages_are_in_order_in_the_file(landing: Landing) -> None:
    file = landing.write_rows(KEY, [raw(b'{"id":1}', b'{"id":2}'), [], raw(b'{"id":3}')])

    assert lines_of(file.path) == [b'{"id":1}', b'{"id":2}', b'{"id":3}']


def test_the_rows_of_all_pages_are_counted(landing: Landing) -> None:
    assert landing.write_rows(KEY, [raw(b"{}", b"{}"), [], raw(b"{}")]).rows == 3


def test_the_hash_is_that_of_the_file(landing: Landing) -> None:
    file = landing.write_rows(KEY, [raw(b'{"id":1}'), raw(b'{"id":2}')])

    assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()


# Whole or not at all


def test_rows_that_break_off_leave_no_file(landing: Landing) -> None:
    def breaking_off() -> Iterator[list[msgspec.Raw]]:
        yield raw(b'{"id":1}')
        raise ConnectionError

    with pytest.raises(ConnectionError):
        landing.write_rows(KEY, breaking_off())

    assert names(landing.root) == set()


def test_rows_without_a_manifest_change_nothing(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    landing.write_rows(KEY, [raw(b'{"id":2}')])

    assert lines(landing, KEY) == [b'{"id":1}']


def test_a_window_is_replaced_whole(landing: Landing) -> None:
    land(landing, b'{"id":1}', b'{"id":2}')

    land(landing, b'{"id":3}')

    assert lines(landing, KEY) == [b'{"id":3}']


def test_a_window_is_replaced_by_an_empty_response(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing)

    assert lines(landing, KEY) == []


def test_the_replaced_file_stays_for_a_load_that_reads_it(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing, b'{"id":2}')

    assert data_file(b'{"id":1}') in names(landing.root)


@pytest.mark.parametrize("row", [b'{"id":2}', b'{"id":3}'], ids=["equal", "changed"])
def test_the_replaced_file_is_removed_by_the_next_fetch(landing: Landing, row: bytes) -> None:
    land(landing, b'{"id":1}')
    land(landing, b'{"id":2}')

    land(landing, row)

    assert data_file(b'{"id":1}') not in names(landing.root)


def test_content_that_returns_is_kept(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    land(landing, b'{"id":2}')

    land(landing, b'{"id":1}')

    assert lines(landing, KEY) == [b'{"id":1}']


@pytest.mark.parametrize(
    "other",
    [
        WindowKey("a-2", "default", date(2026, 11, 20), date(2026, 11, 21)),
        WindowKey("a-1", "cost", date(2026, 11, 20), date(2026, 11, 21)),
        WindowKey("a-1", "default", date(2026, 11, 21), date(2026, 11, 22)),
        WindowKey("a-1", "default", date(2026, 11, 20), date(2026, 12, 20)),
    ],
    ids=["account", "report", "day", "length"],
)
def test_another_window_is_unchanged(landing: Landing, other: WindowKey) -> None:
    land(landing, b'{"id":1}', key=other)

    for row in (b'{"id":2}', b'{"id":3}', b'{"id":4}'):
        land(landing, row)

    assert lines(landing, other) == [b'{"id":1}']


# Held windows


def test_a_new_folder_holds_no_window(landing: Landing) -> None:
    assert (landing.manifest(KEY), landing.reports(), landing.held_windows("a-1", ["default"])) == (None, [], set())


def test_a_window_is_held_when_all_its_reports_landed(landing: Landing) -> None:
    next_day = msgspec.structs.replace(KEY, window_start=date(2026, 11, 21), window_end=date(2026, 11, 22))
    for key in (KEY, msgspec.structs.replace(KEY, report="cost"), next_day):
        land(landing, key=key)

    assert landing.held_windows("a-1", ["default", "cost"]) == {KEY.window}


def test_windows_of_another_account_are_not_held(landing: Landing) -> None:
    land(landing, key=msgspec.structs.replace(KEY, account_id="a-2"))

    assert landing.held_windows("a-1", ["default"]) == set()


def test_every_account_and_report_with_landed_windows_is_listed(landing: Landing) -> None:
    land(landing, key=msgspec.structs.replace(KEY, account_id="a-2", report="cost"))
    land(landing)

    assert landing.reports() == [("a-1", "default"), ("a-2", "cost")]


# Names


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
@pytest.mark.parametrize("part", ["account_id", "report"])
def test_a_window_with_an_unsafe_name_is_not_written(landing: Landing, part: str, name: str) -> None:
    key = msgspec.structs.replace(KEY, **{part: name})

    with pytest.raises(LandingError, match="cannot be used"):
        landing.write_rows(key, [])

    assert not landing.root.exists()


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
def test_windows_of_an_unsafe_account_id_are_not_looked_up(landing: Landing, name: str) -> None:
    with pytest.raises(LandingError, match="cannot be used"):
        landing.held_windows(name, ["default"])


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
def test_an_unsafe_account_id_is_not_locked(landing: Landing, name: str) -> None:
    with pytest.raises(LandingError, match="cannot be used"):
        landing.account_lock(name)
