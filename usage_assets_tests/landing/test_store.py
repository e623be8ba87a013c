"""The landing folder: what lies where, and what survives a failure."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import zstandard

from usage_assets.landing.manifest import LandingError, Manifest, WindowKey
from usage_assets.landing.store import COMPRESSION_LEVEL, Landing, data_file_name
from usage_assets.locks import LockHeld, file_lock
from usage_assets_tests.landing.conftest import KEY
from usage_assets_tests.landing.files import lines, lines_of, names
from usage_assets_tests.lock_holder import held_elsewhere

URL = "https://api.truto.one"
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 6, tzinfo=UTC)


def raw(*rows: bytes) -> list[msgspec.Raw]:
    return [msgspec.Raw(row) for row in rows]


def land(landing: Landing, *rows: bytes, key: WindowKey = KEY, at: datetime = MONDAY, final: bool = False) -> bool:
    """Lands `rows` for `key` as one page; returns whether anything to be loaded changed."""
    file = landing.write_rows(key, [raw(*rows)])
    manifest = Manifest(
        account_id=key.account_id,
        integration="cursor",
        report=key.report,
        window_start=key.window_start,
        window_end=key.window_end,
        request="GET /unified/usage-metering/usage",
        pages=1,
        rows=file.rows,
        sha256=file.sha256,
        data_file=data_file_name(key, file.sha256),
        fetched_at=at,
        elapsed_days=1,
        is_final=final,
    )
    return landing.commit(file, manifest)


def data_file(*rows: bytes) -> str:
    """Where the rows of `KEY` lie, named by hand."""
    frame = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(b"".join(row + b"\n" for row in rows))
    sha256 = hashlib.sha256(frame).hexdigest()
    return f"windows/a-1/default/2026-11-20_2026-11-21.{sha256[:16]}.ndjson.zst"


MANIFEST_FILE = "windows/a-1/default/2026-11-20_2026-11-21.json"
MARKER = "pending/a-1~default~2026-11-20~2026-11-21"


# What lies where


def test_a_window_is_its_rows_its_manifest_and_a_marker(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    assert names(landing.root) == {data_file(b'{"id":1}'), MANIFEST_FILE, MARKER}


def test_an_empty_answer_is_a_file_too(landing: Landing) -> None:
    land(landing)

    assert names(landing.root) == {data_file(), MANIFEST_FILE, MARKER}


def test_a_row_keeps_its_text_to_the_last_digit(landing: Landing) -> None:
    row = '{"amount": 1234567890.123456789012, "name": "é\u2028"}'.encode()

    land(landing, row)

    manifest = landing.manifest(KEY)
    assert manifest is not None
    assert lines_of(landing.data_path(manifest)) == [row]


def test_pages_follow_each_other_in_the_file(landing: Landing) -> None:
    file = landing.write_rows(KEY, [raw(b'{"id":1}', b'{"id":2}'), [], raw(b'{"id":3}')])

    assert lines_of(file.path) == [b'{"id":1}', b'{"id":2}', b'{"id":3}']


def test_the_rows_of_all_pages_are_counted(landing: Landing) -> None:
    assert landing.write_rows(KEY, [raw(b"{}", b"{}"), [], raw(b"{}")]).rows == 3


def test_the_sha_is_that_of_the_file(landing: Landing) -> None:
    file = landing.write_rows(KEY, [raw(b'{"id":1}'), raw(b'{"id":2}')])

    assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()


# Whole or not at all


def test_rows_that_break_off_leave_nothing_behind(landing: Landing) -> None:
    def breaking_off() -> Iterator[list[msgspec.Raw]]:
        yield raw(b'{"id":1}')
        raise ConnectionError

    with pytest.raises(ConnectionError):
        landing.write_rows(KEY, breaking_off())

    assert names(landing.root) == set()


def test_rows_without_their_manifest_change_nothing(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    landing.write_rows(KEY, [raw(b'{"id":2}')])

    assert lines(landing, KEY) == [b'{"id":1}']


def test_a_window_is_replaced_whole(landing: Landing) -> None:
    land(landing, b'{"id":1}', b'{"id":2}')

    land(landing, b'{"id":3}')

    assert lines(landing, KEY) == [b'{"id":3}']


def test_a_window_is_replaced_by_an_empty_answer(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing)

    assert lines(landing, KEY) == []


def test_the_file_that_was_replaced_stays_for_who_is_reading_it(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing, b'{"id":2}')

    assert data_file(b'{"id":1}') in names(landing.root)


@pytest.mark.parametrize("row", [b'{"id":2}', b'{"id":3}'], ids=["equal", "changed"])
def test_the_file_that_was_replaced_goes_with_the_next_fetch(landing: Landing, row: bytes) -> None:
    land(landing, b'{"id":1}')
    land(landing, b'{"id":2}')

    land(landing, row)

    assert data_file(b'{"id":1}') not in names(landing.root)


def test_content_that_comes_back_is_there(landing: Landing) -> None:
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
def test_another_window_is_left_alone(landing: Landing, other: WindowKey) -> None:
    land(landing, b'{"id":1}', key=other)

    for row in (b'{"id":2}', b'{"id":3}', b'{"id":4}'):
        land(landing, row)

    assert lines(landing, other) == [b'{"id":1}']


# What is pending


def test_nothing_is_pending_in_a_new_folder(landing: Landing) -> None:
    assert landing.pending() == []


def test_a_new_window_is_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    assert landing.pending() == [KEY]


def test_what_is_derived_is_not_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    landing.forget_pending([KEY])

    assert landing.pending() == []


def test_forgetting_twice_is_no_mistake(landing: Landing) -> None:
    landing.forget_pending([KEY, KEY])

    assert landing.pending() == []


class TestAnEqualAnswer:
    """The window landed on Monday, was derived, and came again on Tuesday as it was."""

    @pytest.fixture(autouse=True)
    def landed_again(self, landing: Landing) -> None:
        land(landing, b'{"id":1}', at=MONDAY)
        landing.forget_pending([KEY])
        self.changed = land(landing, b'{"id":1}', at=TUESDAY)

    def test_it_is_no_change(self) -> None:
        assert not self.changed

    def test_it_is_not_pending(self, landing: Landing) -> None:
        assert landing.pending() == []

    def test_it_renews_the_time_of_the_fetch(self, landing: Landing) -> None:
        manifest = landing.manifest(KEY)
        assert manifest is not None
        assert manifest.fetched_at == TUESDAY

    def test_its_rows_are_there(self, landing: Landing) -> None:
        assert lines(landing, KEY) == [b'{"id":1}']


@pytest.mark.parametrize("row", [b'{"id":2}', b'{"id": 1}'], ids=["other row", "other text"])
def test_changed_content_is_pending(landing: Landing, row: bytes) -> None:
    land(landing, b'{"id":1}')
    landing.forget_pending([KEY])

    land(landing, row)

    assert landing.pending() == [KEY]


def test_an_equal_answer_that_is_final_now_is_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')
    landing.forget_pending([KEY])

    land(landing, b'{"id":1}', final=True)

    assert landing.pending() == [KEY]


def test_an_equal_answer_leaves_pending_what_is_pending(landing: Landing) -> None:
    land(landing, b'{"id":1}')

    land(landing, b'{"id":1}')

    assert landing.pending() == [KEY]


# What is held


def test_nothing_is_held_in_a_new_folder(landing: Landing) -> None:
    assert (landing.manifest(KEY), list(landing.manifests("a-1")), landing.reports()) == (None, [], [])


def test_the_manifests_of_an_account_are_those_of_all_its_reports(landing: Landing) -> None:
    keys = [KEY, msgspec.structs.replace(KEY, report="cost")]
    for key in [*keys, msgspec.structs.replace(KEY, account_id="a-2")]:
        land(landing, key=key)

    assert sorted(manifest.key for manifest in landing.manifests("a-1")) == sorted(keys)


def test_every_account_and_report_that_landed_is_told(landing: Landing) -> None:
    land(landing, key=msgspec.structs.replace(KEY, account_id="a-2", report="cost"))
    land(landing)

    assert landing.reports() == [("a-1", "default"), ("a-2", "cost")]


# Names


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
@pytest.mark.parametrize("part", ["account_id", "report"])
def test_a_window_of_such_a_name_is_not_written(landing: Landing, part: str, name: str) -> None:
    key = msgspec.structs.replace(KEY, **{part: name})

    with pytest.raises(LandingError, match="cannot be used"):
        landing.write_rows(key, [])

    assert not landing.root.exists()


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
def test_an_account_of_such_a_name_is_not_looked_for(landing: Landing, name: str) -> None:
    with pytest.raises(LandingError, match="cannot be used"):
        list(landing.manifests(name))


@pytest.mark.parametrize("name", ["a|b", "a~b", "a/b", "..", ""])
def test_an_account_of_such_a_name_is_not_locked(landing: Landing, name: str) -> None:
    with pytest.raises(LandingError, match="cannot be used"):
        landing.account_lock(name)


# Which API


def test_a_folder_stays_with_its_api(landing: Landing) -> None:
    landing.set_origin(URL)

    landing.set_origin(URL)

    assert (landing.root / "origin").read_text() == URL


def test_another_api_is_refused(landing: Landing) -> None:
    landing.set_origin(URL)

    with pytest.raises(LandingError, match=r"holds the data of https://api\.truto\.one, .* http://127\.0\.0\.1:1:"):
        landing.set_origin("http://127.0.0.1:1")


def test_a_refused_api_changes_nothing(landing: Landing) -> None:
    landing.set_origin(URL)
    with pytest.raises(LandingError):
        landing.set_origin("http://127.0.0.1:1")

    landing.set_origin(URL)


def test_binding_leaves_one_file(landing: Landing) -> None:
    landing.set_origin(URL)

    assert names(landing.root) == {"origin"}


@pytest.mark.parametrize("attempt", range(5))
def test_runs_that_start_together_bind_the_same_folder(tmp_path: Path, attempt: int) -> None:
    start, refused = threading.Barrier(16), list[LandingError]()

    def bind() -> None:
        start.wait()
        try:
            Landing(tmp_path).set_origin(URL)
        except LandingError as error:
            refused.append(error)

    runs = [threading.Thread(target=bind) for _ in range(16)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert refused == []


# The lock of an account


def lock_path(landing: Landing) -> Path:
    return landing.root / "locks" / "a-1.lock"


def test_the_lock_of_an_account_keeps_a_second_process_out(landing: Landing) -> None:
    with (
        landing.account_lock("a-1"),
        pytest.raises(LockHeld),
        file_lock(lock_path(landing), what="The landing", wait_seconds=0),
    ):
        pass


def test_the_lock_of_an_account_is_waited_for_while_another_process_holds_it(landing: Landing) -> None:
    with held_elsewhere(lock_path(landing)) as holder:
        entered = threading.Event()

        def enter() -> None:
            with landing.account_lock("a-1"):
                entered.set()

        waiting = threading.Thread(target=enter)
        waiting.start()
        entered_early = entered.wait(0.2)
        holder.kill()
        waiting.join(5)

        assert (entered_early, entered.is_set()) == (False, True)


def test_the_lock_of_one_account_does_not_keep_another_out(landing: Landing) -> None:
    with landing.account_lock("a-1"), landing.account_lock("a-2"):
        pass
